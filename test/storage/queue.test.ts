// The queue between what finds work and what does it: what is handed out first, and that much is handed out without a pause.
import { expect, test, vi } from 'vitest';
import { openDatabase } from '../../server/storage/database.ts';
import type { OpenDatabase } from '../../server/storage/open-database.ts';
import { openQueue } from '../../server/worker/queue.ts';
import { createDatabase } from '../postgres/database.ts';
import { until } from '../until.ts';

const silent = { info() {}, warn() {}, error() {} };
/** Handed out at the same time. */
const AT_ONCE = 128;
/** Workers of both kinds that look for messages. */
const LOOKING = 4;
/** More than are handed out in a minute where each batch is followed by a pause of half a second. */
const MANY = 16_000;

async function openOne(change: (database: OpenDatabase) => Partial<OpenDatabase> = () => ({})) {
  await using resources = new AsyncDisposableStack();
  const { url } = resources.use(await createDatabase());
  const database = resources.use(await openDatabase({ url }, () => {}));
  const queue = resources.use(await openQueue({ ...database, ...change(database) }, silent));
  const held = resources.move();
  return { queue, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

const named = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name} ${index}`);

test('many thousands are handed out without a pause between them, and what is asked for first goes before them', async () => {
  await using one = await openOne();
  const { queue } = one;
  await queue.wake([...named('other', MANY), 'stop']);
  await queue.wake(['stop'], 'first');
  const handed: string[] = [];
  await queue.work(async (id) => void handed.push(id));
  await until(() => handed.length === MANY + 2, 'all have been handed out');
  expect(handed.slice(0, AT_ONCE)).toContain('stop');
});

test('looks that took minutes kept a worker from all others, and each was taken up again by every sweep', async () => {
  await using one = await openOne();
  const { queue } = one;
  const handed: string[] = [];
  const over = Promise.withResolvers<void>();
  await queue.work((id) => {
    handed.push(id);
    return id.startsWith('slow') ? over.promise : Promise.resolve();
  });
  const slow = named('slow', AT_ONCE - 1);
  for (let sweeps = 0; sweeps < 3; sweeps++) {
    await queue.wake([...slow, `other ${sweeps}`]);
    await until(() => handed.includes(`other ${sweeps}`), 'another is handed out');
  }
  expect(handed.filter((id) => id.startsWith('slow'))).toHaveLength(slow.length);
  await queue.wake(named('slow too', AT_ONCE));
  await queue.wake(['stop'], 'first');
  await until(() => handed.includes('stop'), 'a stop is handed out though all places are taken');
  over.resolve();
});

test('the same run asked for twice before it is handed out is handed out once', async () => {
  await using one = await openOne();
  const { queue } = one;
  await queue.wake(['run', 'other']);
  await queue.wake(['run']);
  await queue.wake(['run'], 'first');
  await queue.wake(['run'], 'first');
  const handed: string[] = [];
  await queue.work(async (id) => void handed.push(id));
  const all = () => handed.includes('other') && handed.filter((id) => id === 'run').length >= 2;
  await until(all, 'all have been handed out');
  await queue.wake(['a later one']);
  await queue.wake(['a later one to be first'], 'first');
  const later = () => handed.includes('a later one') && handed.includes('a later one to be first');
  await until(later, 'what came after them has been handed out');
  // Once first, and once in its turn.
  expect(handed.filter((id) => id === 'run')).toHaveLength(2);
});

test('a wall clock that was set back by a day while a worker looked for messages had it look for none for a day', async () => {
  let ahead_ms = 0;
  const { now } = Date;
  using _clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + ahead_ms);
  let fetches = 0;
  await using one = await openOne(({ queue }) => ({
    // As through a gateway that notifies nobody: only looking finds anything.
    listen: async () => ({ close: async () => {} }),
    queue: {
      ...queue,
      async query(text, values) {
        const answer = await queue.query(text, values);
        // Only what looks for messages knows of an order among them.
        if (/priority.*for update/is.test(text)) {
          ahead_ms -= 86_400_000;
          fetches += 1;
        }
        return answer;
      },
    },
  }));
  const handed: string[] = [];
  await one.queue.work(async (id) => void handed.push(id));
  // Each of those that look has looked once, and pauses.
  await until(() => fetches >= LOOKING, 'all have looked');
  await one.queue.wake(['run']);
  await until(() => handed.includes('run'), 'it is handed out');
});
