// A job by what it has written into its own folder: corrects what Slurm says of it, and stands in where Slurm has dropped it.
import type { ProviderJob } from '../../finetuning/provider.ts';
import type { Folders } from './folders.ts';
import { fileOfJobName, jobNameOf, tagOfFile } from './names.ts';
import { isAlive, type Note, type Notes, neverTrained, notesOf } from './notes.ts';

/**
 * What the controller shows, with what only the job itself knows: whether it trained, and how that ended.
 * @throws Error where its folder cannot be read and Slurm alone cannot be believed
 */
export async function corrected(folders: Folders, job: ProviderJob): Promise<ProviderJob> {
  const file = fileOfJobName(job.name);
  if (file === null) return job;
  if (isBelieved(job)) {
    const notes = await notesOf(folders, file).catch(() => null);
    return notes ? { ...job, ...hasTrained(notes) } : job;
  }
  const notes = await notesOf(folders, file);
  const known = { ...job, ...hasTrained(notes) };
  if (await isAlive(folders, file, notes)) return { ...known, ...stillRunning(job.provider_status) };
  // Its script ended it before Slurm came to: by the removal of its file. Started again, it failed since it refused.
  if (job.provider_status === 'FAILED' && notes.stopped?.job_id === job.id && !notes.refused)
    return { ...known, phase: 'cancelled', provider_status: 'FAILED, as its training file was removed', error: null };
  const exitCode = notes.result?.exit_code ?? null;
  if (exitCode !== null) return { ...known, ...ended(folders, file, exitCode, job) };
  return job.phase === 'succeeded' ? { ...known, model_id: folders.job(file).output } : known;
}

/** That processes of a job run is believed, whatever the trainer has written into its folder. */
const isBelieved = ({ phase, shown_status, provider_status }: ProviderJob) =>
  phase === 'active' && (shown_status === 'running' || provider_status.split('+').includes('COMPLETING'));

/** Having started outlasts a refusal: a job that was put back into the queue refuses after it has trained. */
function hasTrained(notes: Notes): Pick<ProviderJob, 'never_trained'> {
  if (notes.started || notes.result) return { never_trained: false };
  return neverTrained(notes) ? { never_trained: true } : {};
}

/** Slurm may not have noticed that it began, or may have been asked to cancel it just as it ended. */
function ended(folders: Folders, file: string, exitCode: number, job: ProviderJob): Partial<ProviderJob> {
  const phase = exitCode === 0 ? 'succeeded' : 'failed';
  const code = `exit code ${exitCode}`;
  return {
    phase,
    shown_status: null,
    held: false,
    model_id: exitCode === 0 ? folders.job(file).output : null,
    // Slurm's own words, where they say the same.
    ...(job.phase === phase ? {} : { provider_status: `${job.provider_status}, and ended with ${code}` }),
    error: exitCode === 0 ? null : (job.error ?? `it ended with ${code}`),
  };
}

/** Null: nothing in the folder says that the job is, or how it ended. @throws Error where it cannot be read */
export async function fromFolder(folders: Folders, file: string): Promise<ProviderJob | null> {
  const notes = await notesOf(folders, file);
  const { started, refused, result, stopped, asked } = notes;
  if (started && (await isAlive(folders, file, notes)))
    return { ...dropped(file, started), ...stillRunning(UNLISTED), never_trained: false };
  if (result?.exit_code === 0)
    return {
      ...dropped(file, result),
      ...hasTrained(notes),
      phase: 'succeeded',
      provider_status: 'exit code 0',
      model_id: folders.job(file).output,
      error: null,
    };
  if (result)
    return { ...dropped(file, result), ...hasTrained(notes), error: `it ended with exit code ${result.exit_code}` };
  // Silent for as long as it is given to be heard of, and its nodes end a job that their controller does not know.
  if (started && !stopped && !asked)
    return { ...dropped(file, started), ...hasTrained(notes), provider_status: UNLISTED_AND_SILENT, error: NEVER_SAID };
  return refused && neverTrained(notes) ? { ...dropped(file, refused), ...hasTrained(notes) } : null;
}

const UNLISTED = 'unknown to Slurm';
const UNLISTED_AND_SILENT = `${UNLISTED}, and silent`;
const NEVER_SAID = 'it began, and never said how it ended';

/** Whether it is a job that the controller does not show. */
export const isOwnAccount = (status: string) => status.startsWith(UNLISTED);

const stillRunning = (status: string) =>
  ({
    phase: 'active',
    shown_status: 'running',
    provider_status: `${status}, and still running`,
    held: false,
    error: null,
  }) as const;

/** Failed, unless more is known. */
const dropped = (file: string, { job_id, exit_code }: Note): ProviderJob => ({
  id: job_id,
  name: jobNameOf(file),
  incarnation: null,
  phase: 'failed',
  provider_status: exit_code === null ? 'refused to start' : `exit code ${exit_code}`,
  shown_status: null,
  model_id: null,
  trained_tokens: null,
  error: 'it refused to start, since its training file was gone',
  estimated_finish: null,
  training_file_id: file,
  held: false,
  tag: tagOfFile(file),
});
