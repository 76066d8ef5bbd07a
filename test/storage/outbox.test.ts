// The rows of webhooks out: the order they stand in, and what is found of them where much waits.
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
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
