// The rows of webhooks out: the order they stand in, and what is found of them where much waits.
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { webhookDeliveries } from '../../drizzle/webhook-tables.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { forgetDone } from '../../server/notify/retention.ts';
import { outboxStore } from '../../server/storage/outbox.ts';
import { createDatabase } from '../postgres/database.ts';
import { execute, rowsOf } from '../postgres/execute.ts';
import { startWorld } from '../world.ts';

const ENDPOINT = 'e'.repeat(24);
const RUN = 'a'.repeat(24);

const addEndpoint = (id: string, organization = DEFAULT_ORGANIZATION) =>
  `INSERT INTO webhook_endpoints (id, organization_id, url, enabled, secret, created_at, updated_at)
   VALUES ('${id}', '${organization}', 'https://127.0.0.1:1/', true, 'whsec_bm90aGluZyB0byBwcm92ZSBoZXJlLCBmb3IgdHdvIGVuZHM=', now(), now())`;

test('what one event tells is told in one order: asked for, then its status, then its proof; however many are written at once', async () => {
  await using database = await createDatabase();
  const run = (statement: string) => execute(database.url, statement);
  for (const table of ['events', 'webhook_deliveries'])
    await run(`ALTER TABLE ${table} DROP CONSTRAINT ${table}_finetuning_id_finetunings_id_fk`);
  await run(addEndpoint(ENDPOINT));
  await run(`INSERT INTO events (finetuning_id, version, organization_id, type, message, changes, created_at)
    SELECT '${RUN}', version, '${DEFAULT_ORGANIZATION}', 'cancel_requested', 'It is stopped.',
      '{"status": "cancelled", "cancel_requested_at": "2026-01-05T09:30:00.000Z"}', now()
    FROM generate_series(1, 20000) AS version ORDER BY random()`);
  // A change that is not kept tells nothing.
  await run(`BEGIN; INSERT INTO events (finetuning_id, version, organization_id, type, message, changes, created_at)
    VALUES ('${RUN}', 20001, '${DEFAULT_ORGANIZATION}', 'status_changed', 'x', '{"status": "running"}', now()); ROLLBACK`);
  const told = await rowsOf(
    database.url,
    `SELECT string_agg(replace(type, 'finetuning.', ''), ', ' ORDER BY id) AS types, count(*) AS events
     FROM (SELECT * FROM webhook_deliveries ORDER BY version, id) AS told GROUP BY version`,
  );
  expect(new Set(told.map(({ types }) => types))).toEqual(new Set(['cancel_requested, status_changed, cancelled']));
  expect(told).toHaveLength(20_000);
  const [log] = await rowsOf(
    database.url,
    'SELECT bool_and(version >= before) AS sorted FROM (SELECT version, lag(version) OVER (ORDER BY id) AS before FROM webhook_deliveries) AS log',
  );
  expect(log).toEqual({ sorted: true });
});

test('what is told of a run is told by its version, though the clock was set back between two of them', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { db } = world.app;
  await db.execute(sql.raw(addEndpoint(ENDPOINT)));
  const now = new Date().toISOString();
  const of = (id: string, version: number) => ({
    id,
    version,
    organization_id: DEFAULT_ORGANIZATION,
    endpoint_id: ENDPOINT,
  });
  const about = { lane: RUN, type: 'ping', state: 'pending' as const, attempts: 0, due_at: now, created_at: now };
  await db.insert(webhookDeliveries).values([
    { ...of('0'.repeat(24), 2), ...about },
    { ...of('f'.repeat(24), 1), ...about },
  ]);
  expect((await outboxStore(db).due(now, 16)).map(({ id }) => id)).toEqual(['f'.repeat(24)]);
});

test('a wait that is told stands behind what its run was told before, though it began earlier', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { db } = world.app;
  await db.execute(sql.raw(addEndpoint(ENDPOINT)));
  const { id } = await world.create();
  const since = '2026-01-05T09:30:00.000Z';
  await db.execute(sql`INSERT INTO webhook_deliveries (organization_id, endpoint_id, lane, finetuning_id, version, type,
    waiting_since, state, attempts, due_at, created_at)
    VALUES (${DEFAULT_ORGANIZATION}, ${ENDPOINT}, ${id}, ${id}, 1, 'finetuning.stuck', ${since}, 'watching', 0, now(), now())`);
  await db.execute(sql`UPDATE webhook_deliveries SET id = repeat('0', 24) WHERE type = 'finetuning.stuck'`);
  // As no event of it tells.
  const wait = (waiting: string | null) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`SET LOCAL session_replication_role = replica`);
      await tx.execute(sql`UPDATE finetunings SET waiting = ${waiting} WHERE id = ${id}`);
    });
  const later = '2100-01-01T00:00:00.000Z';
  await wait(JSON.stringify({ type: 'x', for: 'x', since }));
  await outboxStore(db).promote(later);
  await wait(null);
  const heads = await outboxStore(db).due(later, 16);
  const [told] = await world.trpc.webhookEndpoints.deliveries.query({ id: ENDPOINT });
  expect(told).toMatchObject({ type: 'finetuning.stuck', version: 1, state: 'pending' });
  expect(heads.map((head) => head.lane)).toEqual([id]);
  expect(heads[0]?.id).not.toBe(told?.id);
});

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

test('what was done a month ago is removed, and what is to be sent never, unless its endpoint was deleted', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { db } = world.app;
  const gone = 'd'.repeat(24);
  for (const id of [ENDPOINT, gone]) await db.execute(sql.raw(addEndpoint(id)));
  await db.execute(sql`UPDATE webhook_endpoints SET deleted_at = ${daysAgo(1)} WHERE id = ${gone}`);
  const add = (endpoint: string, state: string, days: number, count = 1) =>
    db.execute(sql`INSERT INTO webhook_deliveries
      (organization_id, endpoint_id, lane, version, type, state, attempts, due_at, created_at)
      SELECT ${DEFAULT_ORGANIZATION}, ${endpoint}, lpad(to_hex(lane), 24, '0'), 0, 'ping', ${state}, 1, ${daysAgo(days)}, ${daysAgo(days)}
      FROM generate_series(1, ${count}::integer) AS lane`);
  for (const state of ['delivered', 'given_up', 'void', 'pending', 'watching']) {
    await add(ENDPOINT, state, 29);
    await add(ENDPOINT, state, 31);
  }
  // More than one statement takes.
  await add(ENDPOINT, 'delivered', 40, 2500);
  await add(gone, 'pending', 5, 1500);
  await forgetDone(outboxStore(db), () => daysAgo(0));
  const left = await db
    .select({ endpoint: webhookDeliveries.endpoint_id, state: webhookDeliveries.state, due: webhookDeliveries.due_at })
    .from(webhookDeliveries);
  const days = ({ due }: { due: string }) => Math.round((Date.now() - Date.parse(due)) / DAY_MS);
  const ours = left.filter(({ endpoint }) => endpoint === ENDPOINT).map((row) => `${row.state} ${days(row)}`);
  expect(ours.toSorted()).toEqual([
    ...['delivered 29', 'given_up 29', 'pending 29', 'pending 31', 'void 29', 'watching 29', 'watching 31'],
  ]);
  const dropped = left.filter(({ endpoint }) => endpoint === gone);
  expect([dropped.length, new Set(dropped.map(({ state }) => state))]).toEqual([1500, new Set(['void'])]);
});

test('a worker removes it by itself', async () => {
  await using world = await startWorld({ webhooksOut: { forgets_ms: 20 } });
  const { db } = world.app;
  await db.execute(sql.raw(addEndpoint(ENDPOINT)));
  await db.execute(sql`INSERT INTO webhook_deliveries
    (organization_id, endpoint_id, lane, version, type, state, attempts, due_at, created_at)
    VALUES (${DEFAULT_ORGANIZATION}, ${ENDPOINT}, ${RUN}, 0, 'ping', 'delivered', 1, ${daysAgo(31)}, now())`);
  await world.until(async () => (await db.$count(webhookDeliveries)) === 0, 'it is removed');
});

test('what was asked for by hand was put off for hours with what waits behind another one', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { db } = world.app;
  await db.execute(sql.raw(addEndpoint(ENDPOINT)));
  const now = new Date().toISOString();
  const due_at = new Date(Date.now() + 3_600_000).toISOString();
  const about = {
    organization_id: DEFAULT_ORGANIZATION,
    endpoint_id: ENDPOINT,
    lane: RUN,
    type: 'ping',
    created_at: now,
  };
  const [first, second, third] = ['0', '1', '2'].map((digit) => digit.repeat(24));
  await db.insert(webhookDeliveries).values([
    // Sent again, after a round has found the second one to be the head of its lane.
    { ...about, id: String(first), version: 1, state: 'pending', attempts: 0, due_at: now },
    { ...about, id: String(second), version: 2, state: 'pending', attempts: 1, due_at },
    { ...about, id: String(third), version: 3, state: 'pending', attempts: 0, due_at: now },
  ]);
  await outboxStore(db).putOff({ id: String(second), endpoint_id: ENDPOINT, lane: RUN, due_at });
  const rows = await db.select().from(webhookDeliveries).orderBy(webhookDeliveries.version);
  expect(rows.map((row) => row.due_at)).toEqual([now, due_at, due_at]);
});
