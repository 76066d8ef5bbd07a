// Which of the provider's jobs are a run's. Being found too often is safe; not being found is taken for proof.
import type { JobSearch, ProviderJob } from '../provider.ts';
import type { CallOf, Run } from './state.ts';

/** What one create may have made. */
export const searchOf = (run: Run, create: CallOf<'create'>): JobSearch => ({
  finetuning: run.id,
  attempt: create.attempt,
  file_ids: [create.file_id],
});

/** Any job of the run, under whatever id: for a job that is not there any more under the one that is known. */
export const searchOfAll = (run: Run): JobSearch => ({
  finetuning: run.id,
  attempt: null,
  file_ids: run.calls.flatMap((call) => (call.kind === 'create' ? [call.file_id] : [])),
});

/** By tag, whatever the deployment is called now; by file where the provider keeps no tag. */
export function isJobOf({ finetuning, attempt, file_ids }: JobSearch, job: ProviderJob): boolean {
  const { goldtune_finetuning, goldtune_attempt } = job.tag;
  const isOfFile = job.training_file_id !== null && file_ids.includes(job.training_file_id);
  if (goldtune_finetuning === undefined) return isOfFile;
  if (goldtune_finetuning !== finetuning) return false;
  if (attempt === null) return true;
  // What a list leaves out does not tell two jobs apart.
  return goldtune_attempt === String(attempt) && (isOfFile || job.training_file_id === null);
}

/** Whether the job that an answer named is the one asked for: it shows our tag or our file, or nothing of either. */
export const isConfirmed = (search: JobSearch, job: ProviderJob) =>
  isJobOf(search, job) || (job.tag.goldtune_finetuning === undefined && job.training_file_id === null);

/** Of several, the one that counts: what goes on before what has ended, and the known id before others. */
export function foremost(jobs: readonly ProviderJob[], known: string | null = null): ProviderJob | undefined {
  const rank = (job: ProviderJob) =>
    (job.phase === 'active' ? 4 : 0) + (job.phase === 'succeeded' ? 2 : 0) + (job.id === known ? 1 : 0);
  return jobs.toSorted((a, b) => rank(b) - rank(a))[0];
}
