// Looks at a run's job: at the provider, under its id, or under any.
import type { Dependencies } from './dependencies.ts';
import type { Happening } from './lifecycle/apply.ts';
import { searchOfAll } from './lifecycle/job-search.ts';
import type { JobProgress, Provider } from './provider.ts';
import type { TrackedFinetuning } from './record.ts';

/** As it is now, with its progress. */
export async function lookAtJob({ provider }: Dependencies, job_id: string): Promise<Happening> {
  const outcome = await provider.getJob(job_id);
  if (outcome.kind !== 'done' || outcome.value.shown_status === 'queued') return { kind: 'polled', job_id, outcome };
  return { kind: 'polled', job_id, outcome, ...(await progressOf(provider, job_id)) };
}

/** Whether a job that has failed had trained decides what it means, so that is asked too. */
export async function searchMissing({ provider }: Dependencies, row: TrackedFinetuning): Promise<Happening> {
  const outcome = await provider.findJobs(searchOfAll(row));
  const failed = outcome.kind === 'done' && outcome.value.found.find((job) => job.phase === 'failed');
  return { kind: 'gone_searched', outcome, ...(failed ? await progressOf(provider, failed.id) : {}) };
}

/** Nothing where it could not be had, null where there is none. */
async function progressOf(provider: Provider, job_id: string): Promise<{ progress?: JobProgress | null }> {
  const progress = await provider.getProgress(job_id);
  switch (progress.kind) {
    case 'done':
      return { progress: progress.value };
    case 'refused':
      // A provider that keeps none.
      return progress.refusal.code === 'missing' || progress.refusal.code === 'invalid' ? { progress: null } : {};
    case 'unknown':
      return {};
    default:
      return progress satisfies never;
  }
}
