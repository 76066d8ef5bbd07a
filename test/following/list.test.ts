// What a list of the provider spares, and what it must not: it may be slow, hang, fail, or show what is not so.
import { expect, test } from 'vitest';
import { later } from '../../server/finetuning/lifecycle/state.ts';
import { Followed, HONEST, INTERVAL, SECOND } from './followed.ts';

const RUNS = 40;
const IN_ONE = INTERVAL / SECOND;
/** A sweep comes once a second, and the look is a second later at the latest. */
const A_MOMENT = 2 * SECOND;

const longestUnseen = (world: Followed) => Math.max(...[...world.rows.values()].map((row) => world.now - row.seen_at));
const longestUnasked = (world: Followed) =>
  Math.max(...[...world.rows.values()].map((row) => world.now - row.asked_at));

async function expectSeenWithin(world: Followed, ms: number, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await world.second();
    expect(longestUnseen(world)).toBeLessThanOrEqual(ms);
  }
  expect(world.violations).toEqual([]);
}

test('each run is seen at each interval, most by the list', async () => {
  const world = new Followed(RUNS);
  await expectSeenWithin(world, INTERVAL, 20 * IN_ONE);
  expect(world.lists).toBeGreaterThanOrEqual(20);
  expect(world.looks).toBeLessThan((20 * RUNS) / 2);
});

test('a list that takes most of an interval is followed by the next at once', async () => {
  const world = new Followed(RUNS);
  world.plan = { ...HONEST, page: 10, pause: 2 };
  // What was looked at as one list began may be on the last page of the next.
  await expectSeenWithin(world, INTERVAL + 8 * SECOND, 20 * IN_ONE);
  expect(world.looks).toBeLessThan((20 * RUNS) / 2);
});

test('a list that goes on for longer than an interval is waited for, and each run is not looked at besides', async () => {
  const world = new Followed(RUNS);
  world.plan = { ...HONEST, page: 10, pause: 4 };
  await world.seconds(3 * IN_ONE);
  const before = { looks: world.looks, lists: world.lists };
  await world.seconds(30 * IN_ONE);
  // Ten in turn for each list, and once more while it is read.
  expect(world.looks - before.looks).toBeLessThanOrEqual(20 * (world.lists - before.lists + 1));
  expect(world.violations).toEqual([]);
});

test('runs that come due one after the other are followed by a list as well', async () => {
  const world = new Followed(RUNS);
  for (let index = 0; index < RUNS; index++) {
    const { run } = world.row(index);
    run.due_at = later(run.due_at, (index * INTERVAL) / RUNS);
  }
  await expectSeenWithin(world, 2 * INTERVAL, 20 * IN_ONE);
  expect(world.looks).toBeLessThan((20 * RUNS) / 2);
});

test('while a list hangs each run is looked at by itself', async () => {
  const world = new Followed(RUNS);
  await world.seconds(3 * IN_ONE);
  world.plan = { ...HONEST, breaks: { after: 0, how: 'hangs' } };
  await expectSeenWithin(world, 2 * INTERVAL + A_MOMENT, 20 * IN_ONE);
});

test('a list of which a page comes now and then holds back no look for longer than a few intervals', async () => {
  const world = new Followed(5 * RUNS);
  world.plan = { ...HONEST, page: 20, pause: 9 };
  await expectSeenWithin(world, 7.5 * INTERVAL, 40 * IN_ONE);
});

test('what a list does not show is looked at by itself', async () => {
  const world = new Followed(RUNS);
  world.plan = { ...HONEST, shows: ['not'] };
  await expectSeenWithin(world, INTERVAL, 20 * IN_ONE);
});

test.each(['fails', 'throws'] as const)('where a list %s each run is looked at by itself', async (how) => {
  const world = new Followed(RUNS);
  await world.seconds(3 * IN_ONE);
  world.plan = { ...HONEST, breaks: { after: 0, how } };
  await expectSeenWithin(world, 2 * INTERVAL, 20 * IN_ONE);
  expect(world.lists).toBeLessThan(10);
});

test('runs that a list handed on are not put off again by the next, however long their looks take to come', async () => {
  const world = new Followed(RUNS);
  await world.seconds(3 * IN_ONE);
  for (const row of world.rows.values()) row.word = 'paused';
  world.capacity = 0;
  await world.seconds(3 * IN_ONE);
  expect(world.lists).toBeGreaterThan(3);
  world.capacity = RUNS;
  await world.seconds(1);
  for (const { run } of world.rows.values()) expect(run.state.provider_status).toBe('paused');
  expect(world.violations).toEqual([]);
});

test('a stop is asked for first, whatever the list does and however many others are due', async () => {
  const world = new Followed(RUNS);
  world.plan = { ...HONEST, page: 10, pause: 4 };
  for (let index = 0; index < RUNS; index++) {
    world.stop(world.row(index));
    await world.seconds(2);
    expect(world.row(index).asked_at).toBeGreaterThan(world.now - 3 * SECOND);
  }
  expect(world.violations).toEqual([]);
});

test('what a list hides has its turn to be looked at alone', async () => {
  const world = new Followed(RUNS);
  await world.seconds((RUNS / 10 + 2) * IN_ONE);
  for (let second = 0; second < 20 * IN_ONE; second++) {
    await world.second();
    expect(longestUnasked(world)).toBeLessThanOrEqual((RUNS / 10 + 2) * INTERVAL);
  }
});
