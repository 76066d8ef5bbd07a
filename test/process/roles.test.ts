// One process that answers, another that works: a run created at the one is started and stopped by the other.
import { expect, test } from 'vitest';
import { startWorld } from '../world.ts';
import { startChild } from './child.ts';

test('a `web` and a `worker` on one Postgres make one job of a run, and a cancel stops it', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const run = await world.create();
  const asleep = world.ledger.jobs();
  await using worker = startChild({ ...world.env, ROLE: 'worker' });
  const submitted = await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
  await world.cancel(run.id);
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');

  expect(asleep).toEqual([]);
  expect(world.ledger.jobs().map((job) => [job.id, job.status])).toEqual([[submitted.finetuning_job_id, 'cancelled']]);
  worker.process.kill('SIGTERM');
  expect(await worker.ended).toMatchObject({ code: 0 });
});
