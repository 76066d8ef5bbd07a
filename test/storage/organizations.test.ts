// I12: one organization never sees, changes or stops what belongs to another.
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { by, storeOn } from '../store.ts';
import { startWorld } from '../world.ts';

const OTHER = 'f'.repeat(24);

test('what belongs to one organization does not exist for another', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed();
  const run = await world.trpc.finetunings.create.mutate({ db_connection_id: connection.id });
  const store = storeOn(world.app.db);
  const page = { limit: 100 };
  const now = new Date().toISOString();
  const ids = records.map((record) => record.id);

  expect(await store.finetunings.find(OTHER, run.id)).toBeNull();
  expect(await store.finetunings.list(OTHER, {}, page)).toEqual({ found: [], unreadable: [] });
  await expect(store.finetunings.recordIds(OTHER, run.id)).rejects.toThrow('does not exist');
  expect(await store.finetunings.events(OTHER, run.id, { limit: 10, after: 0 })).toEqual([]);
  expect(await store.goldenRecords.list(OTHER, {}, page)).toEqual([]);
  expect(await store.goldenRecords.idsOf(OTHER, connection.id)).toEqual([]);
  expect(await store.goldenRecords.byIds(OTHER, connection.id, ids, 'all')).toEqual([]);
  expect(await store.goldenRecords.hide(OTHER, ids[0] ?? '', now, by)).toBe(false);
  expect(await store.dbConnections.find(OTHER, connection.id)).toBeNull();
  expect(await store.dbConnections.list(OTHER, page)).toEqual([]);
  expect(await store.dbConnections.update(OTHER, connection.id, { alias: 'theirs' }, now, by)).toBeNull();
  expect(await store.dbConnections.delete(OTHER, connection.id, now, by)).toEqual({ kind: 'unknown' });

  expect(await world.trpc.dbConnections.get.query({ id: connection.id })).toMatchObject({ alias: 'library' });
  expect(await world.trpc.goldenRecords.list.query({})).toHaveLength(records.length);
});

test('an idempotency key of one organization means nothing to another', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const run = await world.request(
    'POST',
    '/api/v1/finetunings',
    { db_connection_id: connection.id },
    { 'idempotency-key': 'monday' },
  );
  expect(run.status).toBe(201);
  const store = storeOn(world.app.db);
  expect(
    await store.finetunings.findByKey(OTHER, { key: 'monday', request_hash: 'any', isSame: () => true }),
  ).toBeNull();
});

/** Of the installation: its workers, its accounts at providers, and what its sandbox holds in a provider's stead. */
// What is counted of a caller names its organization in the caller's name.
// Who somebody is and how they sign in is theirs, in whichever organizations they are members.
const NOBODYS = [
  ...['limit_counts', 'people', 'provider_accounts', 'sandbox_entries', 'sandbox_ledgers'],
  ...['sessions', 'sign_in_accounts', 'verifications', 'worker_signs'],
];

test('every table that holds a customer’s data names the organization in each of its rows', async () => {
  await using world = await startWorld();
  const result = await world.app.db.execute(sql`
    select table_name from information_schema.tables t
    where table_schema = 'public' and table_name <> 'organizations' and table_type = 'BASE TABLE' and not exists (
      select from information_schema.columns c
      where c.table_schema = t.table_schema and c.table_name = t.table_name
        and c.column_name = 'organization_id' and c.is_nullable = 'NO')`);
  const without: { table_name: string }[] = Object(result).rows;
  expect(without.map((table) => table.table_name).sort()).toEqual(NOBODYS);
});
