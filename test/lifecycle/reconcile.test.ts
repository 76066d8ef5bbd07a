// What reconcile promises about its writes, shown in the simulation: who may send, and that no answer is lost.
import { expect, test } from 'vitest';
import { Simulation } from '../proof/property/simulation.ts';

/** A run that has its file and is about to be submitted. */
async function aboutToSubmit(): Promise<Simulation> {
  const world = new Simulation(2, false);
  await world.do({ kind: 'create', process: 0, key: 0 });
  await goOnUntil(world, () => world.rows.length === 1);
  await world.do({ kind: 'work', process: 0, run: 0 });
  await goOnUntil(world, () => world.rows[0]?.state.file_id !== null);
  return world;
}

/** @param at which of those that wait for their turn goes on */
async function goOnUntil(world: Simulation, isThere: () => boolean, at = () => 0): Promise<void> {
  for (let moves = 0; !isThere(); moves++) {
    if (moves > 50) throw new Error('it never comes to that');
    await world.do({ kind: 'move', at: at() });
  }
}

const waitingFor = (world: Simulation, label: string) =>
  world.schedule.pending.filter((pending) => pending.label === label).length;

test('of two workers that decide to submit at the same time, one does: who could not write does not send', async () => {
  const world = await aboutToSubmit();
  await world.do({ kind: 'work', process: 1, run: 0 });
  const stillReads = () =>
    Math.max(
      0,
      world.schedule.pending.findIndex(({ label }) => label !== 'save'),
    );
  await goOnUntil(world, () => waitingFor(world, 'save') === 2, stillReads);
  await world.do({ kind: 'move', at: 0 });
  await world.do({ kind: 'move', at: 0 });
  expect(world.tables.lostWrites).toBe(1);
  expect(waitingFor(world, 'create')).toBe(1);
});

test('an answer is written whatever the row has become meanwhile', async () => {
  const world = await aboutToSubmit();
  await goOnUntil(world, () => waitingFor(world, 'reply to create') === 1);
  const reply = () => world.schedule.pending.findIndex((pending) => pending.label === 'reply to create');
  await world.do({ kind: 'cancel', process: 1, run: 0 });
  while (world.rows[0]?.state.intent === 'run') await world.do({ kind: 'move', at: reply() === 0 ? 1 : 0 });
  await goOnUntil(world, () => world.rows[0]?.state.job_id !== null);
  expect(world.rows[0]).toMatchObject({ state: { intent: 'cancel', job_id: expect.any(String) } });
  expect(world.rows[0]?.calls.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['upload done', 'create done']);
});
