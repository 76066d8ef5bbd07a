// Pages of lists: no more than one answer should take, and all of a list to whoever walks it.
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createClient, each } from '../../client/src/index.ts';
import { pastGuards } from '../past-guards.ts';
import { storeOn } from '../store.ts';
import { startWorld, type World } from '../world.ts';

const MB = 1024 * 1024;
const idsOf = (body: unknown) => Object.values(Object(body)).map((item) => String(Object(item).id));

/** By the links alone, as a REST client does. */
async function walked(world: World, path: string) {
  const pages: { ids: string[]; bytes: number }[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const { body, headers } = await world.request('GET', next);
    pages.push({ ids: idsOf(body), bytes: JSON.stringify(body).length });
    const link: string | undefined = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
    next = link && `${path.split('?')[0]}${link}`;
  }
  return pages;
}

async function collected<T extends { id: string | number }>(items: AsyncIterable<T>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of items) ids.push(String(id));
  return ids;
}

const recordsOf = (db_connection_id: string, count: number, length: number) =>
  Array.from({ length: count }, (_, index) => ({
    prompt_text: `question ${index}`,
    sql: `SELECT '${'x'.repeat(length)}'`,
    db_connection_id,
  }));

test('golden records: a page ends where it would take too much, and links and each walk all of them, each once', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed(3);
  for (let made = 0; made < 60; made += 20) {
    const added = await world.trpc.goldenRecords.add.mutate(
      recordsOf(connection.id, 20, 100_000).map((record, index) => ({ ...record, prompt_text: `${made} ${index}` })),
    );
    records.push(...added);
  }
  const all = records.map(({ id }) => id).toSorted();
  const pages = await walked(world, '/api/v1/golden-sqls?limit=1000');
  expect(pages.flatMap(({ ids }) => ids).toSorted()).toEqual(all);
  expect(pages.length).toBeGreaterThan(4);
  for (const { bytes } of pages) expect(bytes).toBeLessThan(1.1 * MB);

  const goldtune = createClient({ url: world.app.url ?? '' });
  const walk = each(goldtune.goldenRecords.list, {}, { pageSize: 1000 });
  expect((await collected(walk)).toSorted()).toEqual(all);
});

test('one that takes more than a page by itself is shown all the same', async () => {
  await using world = await startWorld();
  const schema_sql = `CREATE TABLE t (a int); -- ${'é'.repeat(900_000)}`;
  const made = [];
  for (const alias of ['a', 'b', 'c']) {
    made.push((await world.trpc.dbConnections.create.mutate({ alias, schema_sql })).id);
  }
  const pages = await walked(world, '/api/v1/database-connections');
  expect(pages.map(({ ids }) => ids)).toEqual(made.toReversed().map((id) => [id]));
  const goldtune = createClient({ url: world.app.url ?? '' });
  expect(await collected(each(goldtune.dbConnections.list))).toEqual(made.toReversed());
});

test('runs and their events are bounded and walked the same way, and a watch of a run that is over misses none', async () => {
  await using world = await startWorld();
  const run = await world.createIn('cancelled');
  const others = [await world.createIn('cancelled'), await world.createIn('cancelled')];
  // As rows from before metadata had bounds, and messages of a provider that says much.
  await pastGuards(world, sql`update finetunings set metadata = jsonb_build_object('note', repeat('x', 900000))`);
  const newestFirst = [run, ...others].map(({ id }) => id).toReversed();
  const runs = await walked(world, '/api/v1/finetunings');
  expect(runs.map(({ ids }) => ids)).toEqual(newestFirst.map((id) => [id]));
  const goldtune = createClient({ url: world.app.url ?? '' });
  expect(await collected(each(goldtune.finetunings.list))).toEqual(newestFirst);

  const before = Object(await world.app.db.execute(sql`select version from finetunings where id = ${run.id}`)).rows[0];
  await pastGuards(
    world,
    sql`
    insert into events (finetuning_id, version, organization_id, type, message, changes, created_at)
    select id, version + n, organization_id, 'updated', repeat('x', 400000), '{}', now()
    from finetunings, generate_series(1, 6) n where id = ${run.id}`,
  );
  await pastGuards(world, sql`update finetunings set version = version + 6 where id = ${run.id}`);
  const ids = Array.from({ length: before.version + 6 }, (_, index) => String(index + 1));
  const pages = await walked(world, `/api/v1/finetunings/${run.id}/events?limit=1000`);
  expect(pages.flatMap((page) => page.ids)).toEqual(ids);
  for (const { bytes } of pages) expect(bytes).toBeLessThan(1.1 * MB);
  expect(await collected(each(goldtune.finetunings.events, { id: run.id }, { pageSize: 1000 }))).toEqual(ids);
  expect(await collected(goldtune.watch(run.id))).toEqual(ids);
  // Without a stream it asks page by page.
  const polling = createClient({
    url: world.app.url ?? '',
    fetch: (input, init) =>
      String(input).includes('finetunings.watch') ? Promise.reject(new Error('no streams here')) : fetch(input, init),
  });
  expect(await collected(polling.watch(run.id))).toEqual(ids);
  await pastGuards(world, sql`update finetunings set metadata = null`);
});

test('a page by its number that takes too much is refused: the next number would leave out what is between', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  await world.trpc.goldenRecords.add.mutate(recordsOf(connection.id, 60, 190_000));
  const path = '/api/v1/golden-sqls';
  const refused = await world.request('GET', `${path}?page=1&limit=1000`);
  expect(refused).toMatchObject({ status: 422, body: { detail: [{ loc: ['query', 'limit'] }] } });
  const most = Number(/ask for (\d+) or fewer/.exec(JSON.stringify(refused.body))?.[1]);
  expect(most).toBeGreaterThan(30);
  const seen: string[] = [];
  for (let page = 1; seen.length === 0 || page < 10; page++) {
    const { status, body } = await world.request('GET', `${path}?page=${page}&limit=${most}`);
    expect(status).toBe(200);
    if (idsOf(body).length === 0) break;
    seen.push(...idsOf(body));
  }
  expect(new Set(seen).size).toBe(61);
});

test('the ids of its records stand on a run that is asked for itself, and in no list', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed();
  const ids = records.map(({ id }) => id).toSorted();
  const path = '/api/v1/finetunings';
  const created = await world.request('POST', path, { db_connection_id: connection.id }, { 'idempotency-key': 'a' });
  const { id } = Object(created.body);
  const replayed = await world.request('POST', path, { db_connection_id: connection.id }, { 'idempotency-key': 'a' });
  const shown = await world.request('GET', `${path}/${id}`);
  const changed = await world.request('PUT', `${path}/${id}`, { alias: 'other' });
  const cancelled = await world.cancel(id);
  for (const { body } of [created, replayed, shown, changed, cancelled]) {
    expect(Object(body).golden_records.toSorted()).toEqual(ids);
    expect(Object(body).golden_sqls).toEqual(Object(body).golden_records);
  }
  const listed = await world.request('GET', path);
  expect(listed.body).toMatchObject([{ id, golden_records: null, golden_sqls: null, dataset: { examples: 12 } }]);
  expect(await world.trpc.finetunings.list.query({})).toMatchObject([{ id, golden_records: null }]);
  const many = await world.trpc.finetunings.cancelMany.mutate({ ids: [id] });
  expect(many).toMatchObject([{ finetuning: { id, status: 'cancelled', golden_records: null } }]);

  // No look, poll or stop reads them.
  const store = storeOn(world.app.db).finetunings;
  const row = await store.findAny(id);
  expect(row).not.toHaveProperty('golden_records');
  expect(await store.recordIds(row?.organization_id ?? '', id)).toEqual(Object(shown.body).golden_records);
});
