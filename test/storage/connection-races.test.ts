// A connection is deleted at the moment that something is added to it: whoever is first wins, and the other is told.
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { rowCounts } from '../picture.ts';
import { by, storeOn } from '../store.ts';
import { startWorld, type World } from '../world.ts';

const ORGANIZATION = '0'.repeat(24);
const now = () => new Date().toISOString();

/** Until so many sessions wait for a lock that this transaction holds. */
const blocked = (world: World, sessions: number) =>
  world.until(async () => {
    const waiting = await world.app.db.execute(
      sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return Object(waiting).rows.length === sessions;
  }, `${sessions} wait for the lock`);

test('a record that is being added refuses the delete', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed(1);
  await world.trpc.goldenRecords.delete.mutate({ id: records[0]?.id ?? '' });
  const [removing] = await world.app.db.transaction(async (tx) => {
    const record = {
      id: 'b'.repeat(24),
      organization_id: ORGANIZATION,
      db_connection_id: connection.id,
      prompt_text: 'Who?',
      sql: 'SELECT 1',
      metadata: null,
      warnings: [],
      content_hash: 'h',
      created_at: now(),
      deleted_at: null,
    };
    expect(await storeOn(tx).goldenRecords.add(ORGANIZATION, [record], by)).toHaveLength(1);
    const removing = world.request('DELETE', `/api/v1/database-connections/${connection.id}`);
    await blocked(world, 1);
    // In a list: a promise that is returned would be waited for, and with it the end of this transaction.
    return [removing];
  });
  expect(await removing).toMatchObject({ status: 409, body: { detail: expect.stringContaining('1 golden record,') } });
  expect(await world.trpc.dbConnections.get.query({ id: connection.id })).toEqual(connection);
});

test('a delete that is under way refuses the record, and the run, that come meanwhile', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed(10);
  const before = await rowCounts(world.app.db);
  const asked = await world.app.db.transaction(async (tx) => {
    const store = storeOn(tx);
    for (const { id } of records) await store.goldenRecords.hide(ORGANIZATION, id, now(), by);
    expect(await store.dbConnections.delete(ORGANIZATION, connection.id, now(), by)).toEqual({ kind: 'deleted' });
    const adding = world.request('POST', '/api/v1/golden-sqls', [
      { prompt_text: 'Who?', sql: 'SELECT 1', db_connection_id: connection.id },
    ]);
    await blocked(world, 1);
    const creating = world.request(
      'POST',
      '/api/v1/finetunings',
      { db_connection_id: connection.id },
      { 'idempotency-key': 'monday' },
    );
    await blocked(world, 2);
    return [adding, creating];
  });
  const [added, created] = await Promise.all(asked);
  expect(added).toMatchObject({
    status: 422,
    body: { detail: [{ loc: ['body', 0, 'db_connection_id'], msg: expect.stringContaining('does not exist') }] },
  });
  expect(created).toMatchObject({
    status: 404,
    body: { detail: `Database connection not found: ${connection.id}` },
  });
  expect(await rowCounts(world.app.db)).toEqual(before);
});

test('a record whose caller has gone before it is committed is not stored', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const before = await rowCounts(world.app.db);
  const stop = new AbortController();
  const [adding] = await world.app.db.transaction(async (tx) => {
    await tx.execute(sql`select 1 from db_connections where id = ${connection.id} for update`);
    const record = { prompt_text: 'Who?', sql: 'SELECT 1', db_connection_id: connection.id };
    const adding = world.app.service.goldenRecords.add([record], stop.signal).catch((error: unknown) => error);
    await blocked(world, 1);
    stop.abort();
    return [adding];
  });
  expect(await adding).toBe(stop.signal.reason);
  expect(await rowCounts(world.app.db)).toEqual(before);
});
