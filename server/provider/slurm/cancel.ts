// Stops a job: by the file that it has taken, by a hold where it waits, and by Slurm's own cancel.
import { rm } from 'node:fs/promises';
import type { JobRef, Outcome, ProviderJob } from '../../finetuning/provider.ts';
import { failure } from './classify.ts';
import type { Folders } from './folders.ts';
import { type Guard, jobOf } from './meant.ts';
import { fileOfJobName } from './names.ts';
import { noteAsked } from './notes.ts';
import { patiently } from './patience.ts';
import { emptyReply, killByName, killedByNameReply, killReply } from './replies.ts';
import type { Request } from './request.ts';

/** Slurm's own number. */
const ALREADY_OVER = 2021;

/**
 * A job that waits is held first: that is saved, where the cancel of a waiting job is not, so that after a crash of
 * the controller it comes back held and does not run. The file it has taken goes too: where the controller has lost
 * track of it, its own script ends it, and nothing is sent to whatever is under its id.
 */
export const cancelling = (request: Request, folders: Folders, guard: Guard) =>
  async function cancel(job: JobRef, signal: AbortSignal): Promise<Outcome<ProviderJob>> {
    const shown = await guard.meant(job, signal);
    if (shown.kind !== 'done') return shown;
    let seen = shown.value;
    const { now, listed } = seen;
    const file = fileOfJobName(now.name);
    if (now.phase === 'active' && file !== null) await askToStop(folders, file, now.id);
    if (now.phase !== 'active' || !listed) return { kind: 'done', value: now };
    // By then the fence is there, which is of the job's own file and meets no other.
    const assertFresh = () => guard.assertFresh(seen);
    if (now.shown_status === 'queued' && !now.held) {
      // Whatever becomes of that: the fence does not depend on it.
      await request.send(signal, emptyReply, 'POST', `/job/${now.id}`, { hold: true }, assertFresh);
      const again = await guard.after(now, signal);
      if (again.kind !== 'done' || again.value.now.phase !== 'active' || !again.value.listed) return jobOf(again);
      seen = again.value;
    }
    const killed = await kill(request, now, signal, assertFresh);
    return killed.kind === 'done' ? jobOf(await guard.after(now, signal)) : killed;
  };

/** Whatever becomes of that: the stop does not depend on it. */
async function askToStop(folders: Folders, file: string, job_id: string): Promise<void> {
  await patiently(folders, async () => {
    await noteAsked(folders, file, job_id).catch(() => {});
    await rm(folders.job(file).taken, { force: true });
  }).catch(() => {});
}

/** By name where the version can: a name is never another's, whatever has become of the id since the look. */
async function kill(
  { send, daemon }: Request,
  job: ProviderJob,
  signal: AbortSignal,
  assertFresh: () => void,
): Promise<Outcome<unknown>> {
  const killed =
    daemon.apiVersion === 'v0.0.38'
      ? await send(signal, killReply, 'DELETE', `/job/${job.id}`, undefined, assertFresh)
      : await send(signal, killedByNameReply, 'DELETE', '/jobs/', killByName(job.name, daemon.user));
  const error = killed.kind === 'done' ? killed.value.status.find(({ number }) => number !== 0) : undefined;
  return error && error.number !== ALREADY_OVER ? failure(error, 200) : killed;
}
