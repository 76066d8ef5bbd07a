// Walking a list from its first to its last, whatever happens to it meanwhile.
import { expect, test } from 'vitest';
import { type ClientOptions, createClient, each, isGoldtuneError } from '../../client/src/index.ts';
import { startWorld, type World } from '../world.ts';

/** A client, and how many requests it has sent. */
function counting(world: World) {
  const sent = { count: 0 };
  const fetchCounted: NonNullable<ClientOptions['fetch']> = (input, init) => {
    sent.count += 1;
    return fetch(input, init);
  };
  return { goldtune: createClient({ url: world.app.url ?? '', fetch: fetchCounted }), sent };
}

const idsOf = async <Id>(items: AsyncIterable<{ id: Id }>): Promise<Id[]> => {
  const ids: Id[] = [];
  for await (const { id } of items) ids.push(id);
  return ids;
};

const caught = (promise: Promise<unknown>) => promise.then(String, (error: unknown) => error);

test.each([
  // One more each: only an empty page is the last, for a short one may have ended for want of space.
  ['the last page is a short one', 25, 4],
  ['the last page is a full one', 20, 3],
  ['all is on one page', 9, 2],
])('all of a list comes in its order, where %s', async (_what, count, requests) => {
  await using world = await startWorld();
  const { records } = await world.seed(count);
  const { goldtune, sent } = counting(world);
  const ids = await idsOf(each(goldtune.goldenRecords.list, {}, { pageSize: 10 }));
  expect(ids).toHaveLength(count);
  expect(ids.toSorted()).toEqual(records.map(({ id }) => id).toSorted());
  expect(sent.count).toBe(requests);
  expect(await idsOf(each(goldtune.goldenRecords.list))).toEqual(ids);
});

test('the filter is that of every page, and after begins within', async () => {
  await using world = await startWorld();
  const wanted = await world.seed(25);
  await world.seed(25);
  const { goldtune } = counting(world);
  const filter = { db_connection_id: wanted.connection.id };
  const found = [];
  for await (const record of each(goldtune.goldenRecords.list, filter, { pageSize: 10 })) found.push(record);
  expect(new Set(found.map((record) => record.db_connection_id))).toEqual(new Set([wanted.connection.id]));
  expect(found).toHaveLength(25);

  const rest = each(goldtune.goldenRecords.list, { ...filter, after: found[11]?.id ?? '' }, { pageSize: 10 });
  expect(await idsOf(rest)).toEqual(found.slice(12).map(({ id }) => id));
});

test('what is added and removed meanwhile moves nothing: each comes once, none is left out', async () => {
  await using world = await startWorld();
  const { records } = await world.seed(25);
  const { goldtune } = counting(world);
  const seen: string[] = [];
  for await (const { id } of each(goldtune.goldenRecords.list, {}, { pageSize: 10 })) {
    seen.push(id);
    if (seen.length !== 10) continue;
    // The next page begins after this one, which is gone by then.
    await goldtune.goldenRecords.delete.mutate({ id });
    await world.seed(15);
  }
  expect(seen).toHaveLength(25);
  expect(seen.toSorted()).toEqual(records.map(({ id }) => id).toSorted());
});

test('a loop that is left early asks for no more', async () => {
  await using world = await startWorld();
  await world.seed(25);
  const { goldtune, sent } = counting(world);
  let left = 12;
  for await (const _ of each(goldtune.goldenRecords.list, {}, { pageSize: 10 })) if (--left === 0) break;
  expect(sent.count).toBe(2);
});

test('finetunings, database connections and the events of a run are walked the same way', async () => {
  await using world = await startWorld();
  const runs = [await world.create(), await world.create(), await world.createIn('cancelled')];
  const newestFirst = runs.map(({ id }) => id).reverse();
  const { goldtune } = counting(world);
  const one = { pageSize: 1 };
  expect(await idsOf(each(goldtune.finetunings.list, {}, one))).toEqual(newestFirst);
  expect(await idsOf(each(goldtune.finetunings.list, { status: 'cancelled' }, one))).toEqual([newestFirst[0]]);
  const connections = await idsOf(each(goldtune.dbConnections.list, undefined, one));
  expect(connections).toEqual(runs.map((run) => run.db_connection_id).reverse());

  const id = newestFirst[0] ?? '';
  const events = await idsOf(each(goldtune.finetunings.events, { id }, one));
  expect(events.length).toBeGreaterThan(1);
  expect(events).toEqual(events.map((_, index) => index + 1));
  expect(await idsOf(each(goldtune.finetunings.events, { id, after: 1 }, one))).toEqual(events.slice(1));
});

test('an iteration that is aborted ends with the reason and asks for no more', async () => {
  await using world = await startWorld();
  await world.seed(25);
  const { goldtune, sent } = counting(world);
  const giveUp = new AbortController();
  const reason = new Error('enough');
  const seen: string[] = [];
  const walk = async () => {
    for await (const { id } of each(goldtune.goldenRecords.list, {}, { pageSize: 10, signal: giveUp.signal })) {
      seen.push(id);
      if (seen.length === 12) giveUp.abort(reason);
    }
  };
  expect(await caught(walk())).toBe(reason);
  expect({ seen: seen.length, sent: sent.count }).toEqual({ seen: 12, sent: 2 });
});

test('what the list refuses, the iteration refuses', async () => {
  await using world = await startWorld();
  const { goldtune } = counting(world);
  const refusals = await Promise.all(
    [
      idsOf(each(goldtune.dbConnections.list, {}, { pageSize: 1001 })),
      idsOf(each(goldtune.finetunings.events, { id: 'f'.repeat(24) })),
    ].map(caught),
  );
  expect(refusals.map((error) => isGoldtuneError(error) && error.data.reason)).toEqual(['invalid', 'not_found']);
});
