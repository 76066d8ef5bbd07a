// What is looked for at the provider, and which of the jobs found counts.
import type { Protocol } from '../guarantees.ts';
import { isJobOf, isSameJob, type JobRef, type JobSearch, type ProviderJob } from '../provider.ts';
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

/**
 * Whether what is shown for an id is this run's: by our tag or our file, or by nothing but the id where neither is kept.
 * An engine that forgets gives its ids out again: there an id alone says nothing (I11).
 */
export const isConfirmed = (search: JobSearch, job: ProviderJob, asked: string | null, { stop }: Protocol) =>
  isJobOf(search, job) ||
  (stop !== 'fence_then_cancel' &&
    job.id === asked &&
    job.tag.goldtune_finetuning === undefined &&
    job.training_file_id === null);

/** Whether the id of the job has become another's: it was handed out again. That one is never touched (I11). */
export const isAnother = (run: Pick<Run, 'id'>, wanted: JobRef, shown: ProviderJob) =>
  !isSameJob(wanted, shown) ||
  (shown.tag.goldtune_finetuning !== undefined && shown.tag.goldtune_finetuning !== run.id);

/** Of several, the one that counts: what goes on before what has ended, and the known id before others. */
export function foremost(jobs: readonly ProviderJob[], known: string | null = null): ProviderJob | undefined {
  const rank = (job: ProviderJob) =>
    (job.phase === 'active' ? 4 : 0) + (job.phase === 'succeeded' ? 2 : 0) + (job.id === known ? 1 : 0);
  return jobs.toSorted((a, b) => rank(b) - rank(a))[0];
}
