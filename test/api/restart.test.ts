// Restarts: what was acknowledged or begun before one is finished after it.
import { expect, test } from 'vitest';
import { bodyOf, startWorld } from '../world.ts';

test('a cancel acknowledged while the provider was down is proven after a restart', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('*', { kind: 'reset_before' });
  bodyOf(await world.cancel(run.id, {}, { prefer: 'respond-async' }), 202);
  await world.stop();
  world.faults.clear();
  await world.start();
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
});

test('a cancel that waits while the server is stopped is answered with what is known', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('jobs.cancel', { kind: 'status', status: 503 });
  const waiting = world.cancel(run.id, {}, { prefer: 'wait=60' });
  await world.reached(run.id, (seen) => seen.cancellation !== null, 'asked to stop');
  await world.stop();
  expect(bodyOf(await waiting, 202)).toMatchObject({ cancellation: { state: 'requested' } });
  world.faults.clear();
  await world.start();
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
});

test('a run that was queued before a restart is started after it', async () => {
  await using world = await startWorld();
  world.faults.always('files.create', { kind: 'reset_before' });
  const run = await world.create();
  await world.stop();
  world.faults.clear();
  await world.start();
  await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
  expect(world.jobsOf(run.id)).toHaveLength(1);
});
