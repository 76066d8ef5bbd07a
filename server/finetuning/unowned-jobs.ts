// A job that carries our tag and that no finetuning of ours owns: stopped only where the operator has asked for that.
import type { AtProvider } from './dependencies.ts';
import { reasonOf } from './lifecycle/transition.ts';
import { newId } from './object-id.ts';
import type { JobRef } from './provider.ts';

export async function stopUnownedJob({ store, provider, clock, log }: AtProvider, job: JobRef): Promise<void> {
  const id = newId();
  // I2: the call row is committed first.
  await store.unownedCancels.open({ id, job_id: job.id, now: clock() });
  const outcome = await provider.cancelJob(job);
  const done = outcome.kind === 'done';
  const detail = done ? outcome.value.provider_status : reasonOf(outcome);
  await store.unownedCancels.answered({ id, state: done ? 'done' : 'settled', detail, now: clock() });
  // Not a proof: while the job goes on, the next round of the janitor asks again.
  log.warn({ job: job.id, answer: detail }, 'asked the provider to stop a job that no finetuning of ours owns');
}
