// The one clock of all processes, on an embedded database, whose clock is the machine's and can be set in a test.
import { setTimeout as sleep } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { afterEach, expect, test, vi } from 'vitest';
import { openClock } from '../../server/storage/clock.ts';
import { until } from '../until.ts';

const HOUR_MS = 3_600_000;
/** More than a comparison is waited for when it is to be exact. */
const SLOW_MS = 2500;
const silent = { info() {}, warn() {}, error() {} };

/** Its wall clock is set to whatever a test says; the monotonic one goes on. */
async function stage() {
  vi.useFakeTimers({ toFake: ['Date'] });
  const resources = new AsyncDisposableStack();
  const client = await PGlite.create();
  resources.defer(() => client.close());
  const hurried: string[] = [];
  const clock = resources.use(await openClock(drizzle({ client }), silent, async (now) => void hurried.push(now), 10));
  return { clock, hurried, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
afterEach(() => {
  vi.useRealTimers();
});

test('a wall clock that steps forwards is followed once it is compared, and nothing is hurried for it', async () => {
  await using world = await stage();
  const before = Date.parse(world.clock.now());
  vi.setSystemTime(Date.now() + HOUR_MS);
  await until(() => Date.parse(world.clock.now()) - before >= HOUR_MS, 'the clock follows');
  expect(world.hurried).toEqual([]);
});

test('what was due at a time that lies in the future once the clock is set back, is due at once', async () => {
  await using world = await stage();
  const before = world.clock.now();
  vi.setSystemTime(Date.now() - HOUR_MS);
  await until(() => world.hurried.length > 0, 'it is noticed');
  expect(world.hurried.every((now) => now < before)).toBe(true);
});

test('a process on a busy machine began with the wall clock of its own, though that was wrong by an hour', async () => {
  const slowly = {
    async execute() {
      const ms = Date.now() + HOUR_MS;
      await sleep(SLOW_MS);
      return { rows: [{ ms }] };
    },
  };
  // The type is that of a query under construction; only its answer is looked at.
  const db: Parameters<typeof openClock>[0] = Object(slowly);
  const asked = Date.now();
  await using clock = await openClock(db, silent, async () => {});
  expect(Date.parse(clock.now())).toBeGreaterThanOrEqual(asked + HOUR_MS);
});

test('what could not be hurried when the clock was set back, as the database was away, is hurried later', async () => {
  let ahead_ms = HOUR_MS;
  const db: Parameters<typeof openClock>[0] = Object({
    execute: async () => ({ rows: [{ ms: Date.now() + ahead_ms }] }),
  });
  let told = 0;
  const hurry = async () => {
    told += 1;
    if (told === 1) throw new Error('the database is away');
  };
  await using _ = await openClock(db, silent, hurry, 10);
  ahead_ms = 0;
  await until(() => told === 2, 'it is told again');
});
