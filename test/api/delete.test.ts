// Delete: stop first, clean the provider up, then forget. Acknowledged, it is never lost.
import { describe, expect, test } from 'vitest';
import { bodyOf, startWorld } from '../world.ts';

const path = (id: string) => `/api/v1/finetunings/${id}`;

describe.each(['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const)('a run that is %s', (status) => {
  test('is stopped where needed, its file removed from the provider, and then forgotten', async () => {
    await using world = await startWorld();
    const run = await world.createIn(status);

    expect(bodyOf(await world.request('DELETE', path(run.id)), 200)).toEqual({ status: true });

    expect(await world.request('GET', path(run.id))).toMatchObject({ status: 404 });
    expect(await world.trpc.finetunings.list.query({})).toEqual([]);
    expect(world.ledger.files()).toEqual([]);
    expect(world.jobsOf(run.id).filter((job) => job.status === 'running')).toEqual([]);
  });
});

test('while it is under way the answer is 202, the run is still shown, and it is forgotten in the end', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('*', { kind: 'reset_before' });
  const answer = await world.request('DELETE', path(run.id), undefined, { prefer: 'wait=1' });
  expect(answer).toMatchObject({ status: 202, body: { status: true } });
  expect(await world.get(run.id)).toMatchObject({ status: 'running', cancellation: { state: 'requested' } });

  world.faults.clear();
  await world.until(async () => (await world.request('GET', path(run.id))).status === 404, 'the run is forgotten');
  expect(world.ledger.files()).toEqual([]);
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
});

test('a delete raises a cancel, and a cancel does not lower a delete', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('jobs.cancel', { kind: 'status', status: 503 });
  bodyOf(await world.request('DELETE', path(run.id), undefined, { prefer: 'respond-async' }), 202);
  bodyOf(await world.cancel(run.id, {}, { prefer: 'respond-async' }), 202);
  world.faults.clear();
  await world.until(async () => (await world.request('GET', path(run.id))).status === 404, 'the run is forgotten');
});
