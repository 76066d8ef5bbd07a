// The one clock of all processes, on an embedded database, whose clock is the machine's and can be set in a test.
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { afterEach, expect, test, vi } from 'vitest';
import { openClock } from '../../server/storage/clock.ts';
import { until } from '../until.ts';

const HOUR_MS = 3_600_000;
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
