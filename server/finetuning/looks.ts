// Looks at a run's job: at the provider, under its id, or under any.
import type { AtProvider } from './dependencies.ts';
import type { Happening } from './lifecycle/apply.ts';
import { searchOfAll } from './lifecycle/job-search.ts';
import { type Intent, wantsStop } from './lifecycle/state.ts';
import type { JobProgress, JobRef, Provider, ProviderJob } from './provider.ts';
import type { TrackedFinetuning } from './record.ts';

type Shows = { provider: Pick<Provider, 'getJob' | 'getProgress'> };

/** As it is now, with its progress where that says something. */
export async function lookAtJob({ provider }: Shows, job: JobRef, intent: Intent): Promise<Happening> {
  const outcome = await provider.getJob(job);
  if (outcome.kind !== 'done' || !isProgressWanted(outcome.value, intent)) return { kind: 'polled', job, outcome };
  return { kind: 'polled', job, outcome, ...(await progressOf(provider, job)) };
}

/** A stop waits for nothing that is for show: where it is wanted, only of a job that has ended otherwise. */
function isProgressWanted({ phase, shown_status }: ProviderJob, intent: Intent): boolean {
  if (wantsStop(intent)) return phase === 'failed' || phase === 'succeeded';
  return shown_status !== 'queued';
}

/** Whether a job that has failed had trained decides what it means, so that is asked too. */
export async function searchMissing({ provider }: AtProvider, row: TrackedFinetuning): Promise<Happening> {
  const outcome = await provider.findJobs(searchOfAll(row));
  const failed = outcome.kind === 'done' && outcome.value.found.find((job) => job.phase === 'failed');
  return { kind: 'gone_searched', outcome, ...(failed ? await progressOf(provider, failed) : {}) };
}

/** Nothing where it could not be had, null where there is none. */
async function progressOf(provider: Shows['provider'], job: JobRef): Promise<{ progress?: JobProgress | null }> {
  const progress = await provider.getProgress(job);
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
