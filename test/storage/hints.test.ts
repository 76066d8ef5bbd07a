// A hint is sent on its own, once what it tells of is committed.
import { expect, test } from 'vitest';
import { gathered } from '../../server/storage/gathered.ts';
import { until } from '../until.ts';
import { startWorld } from '../world.ts';

test('no function of the database notifies: within a transaction that makes all commits wait for one another', async () => {
  await using world = await startWorld();
  const { rows } = Object(
    await world.app.db.execute(`
      SELECT proname FROM pg_catalog.pg_proc JOIN pg_catalog.pg_namespace AS space ON space.oid = pronamespace
      WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pgboss') AND prosrc ~* 'notify'`),
  );
  expect(rows).toEqual([]);
});

test('what is said while a hint is being sent goes with the next one, each run once', async () => {
  const sent: (readonly string[])[] = [];
  const first = Promise.withResolvers<void>();
  {
    await using hints = gathered(async (ids) => {
      sent.push(ids);
      await first.promise;
    });
    for (const id of ['a', 'b', 'c', 'b']) hints.say(id);
    first.resolve();
    await until(() => sent.length === 2, 'the second is sent');
  }
  expect(sent).toEqual([['a'], ['b', 'c']]);
});

test('a hint that cannot be sent is dropped, and the next one is sent', async () => {
  const sent: string[] = [];
  {
    await using hints = gathered(async ([id = '']) => {
      sent.push(id);
      if (id === 'lost') throw new Error('no database');
    });
    hints.say('lost');
    hints.say('found');
    await until(() => sent.length === 2, 'the second is sent');
  }
  expect(sent).toEqual(['lost', 'found']);
});

test('what was said but not sent yet is dropped at the end, which waits for nothing that a database holds up twice', async () => {
  const sent: string[] = [];
  const slow = Promise.withResolvers<void>();
  {
    await using hints = gathered(async ([id = '']) => {
      sent.push(id);
      await slow.promise;
    });
    hints.say('sent');
    hints.say('dropped');
    setImmediate(slow.resolve);
  }
  expect(sent).toEqual(['sent']);
});
