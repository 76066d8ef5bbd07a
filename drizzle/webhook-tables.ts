// The tables of webhooks out. What fills them, with each event of a run, is a trigger: migrations/0018_order_of_webhooks.sql.
import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { organization } from './access.ts';
import { id, isObjectId, listedId, time } from './columns.ts';
import { finetunings } from './schema.ts';

export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: id(),
    organization_id: organization(),
    url: text().notNull(),
    description: text(),
    /** Null: all that there are, and those that come later. */
    types: text().array(),
    enabled: boolean().notNull(),
    /** Why it was disabled by itself; null: it was not. */
    disabled_reason: text(),
    secret: text().notNull(),
    /** Signs too, until then. */
    previous_secret: text(),
    previous_until: time(),
    created_at: time().notNull(),
    updated_at: time().notNull(),
    deleted_at: time(),
  },
  (table) => [
    index('webhook_endpoints_listed').on(table.organization_id, listedId).where(sql`deleted_at is null`),
    check('webhook_endpoints_id', isObjectId),
  ],
);

/**
 * `watching`: of a wait that is told where it lasts until `due_at`, and `void` where it has not; `pending`: to be sent, in
 * the order of `version` within its lane; `given_up`: refused for a day, or for good.
 */
export const deliveryStates = ['watching', 'void', 'pending', 'delivered', 'given_up'] as const;

export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    /** Microseconds since 1970, and chance: those of one statement come in their order (migrations/0018_order_of_webhooks.sql). */
    id: text()
      .primaryKey()
      .default(
        sql`lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 14, '0') || substr(replace(gen_random_uuid()::text, '-', ''), 1, 10)`,
      ),
    organization_id: organization(),
    endpoint_id: text()
      .notNull()
      .references(() => webhookEndpoints.id),
    /** What is told one after the other: the id of the run, or of nothing else than this. */
    lane: text().notNull(),
    /** Null: it is of no run, as a ping. */
    finetuning_id: text().references(() => finetunings.id),
    /** Of the run as it is told; 0 without one. */
    version: integer().notNull(),
    type: text().notNull(),
    waiting_since: text(),
    state: text({ enum: deliveryStates }).notNull(),
    /** Since it was made, or asked for by hand. */
    attempts: integer().notNull(),
    due_at: time().notNull(),
    created_at: time().notNull(),
    last_attempt_at: time(),
    last_duration_ms: integer(),
    /** The last answer; null: none came, and the error says why. */
    last_status: integer(),
    last_answer: text(),
    last_error: text(),
  },
  (table) => [
    index('webhook_deliveries_listed').on(table.endpoint_id, listedId).where(sql`state not in ('watching', 'void')`),
    index('webhook_deliveries_due').on(table.endpoint_id, table.due_at).where(sql`state = 'pending'`),
    index('webhook_deliveries_in_order')
      .on(table.endpoint_id, table.lane, table.version, table.id)
      .where(sql`state = 'pending'`),
    index('webhook_deliveries_watching').on(table.due_at).where(sql`state = 'watching'`),
    index('webhook_deliveries_done').on(table.due_at).where(sql`state in ('void', 'delivered', 'given_up')`),
    uniqueIndex('one_stuck_of_a_wait')
      .on(table.endpoint_id, table.finetuning_id, table.waiting_since)
      .where(sql`waiting_since is not null`),
    check('webhook_deliveries_id', isObjectId),
    check('webhook_deliveries_state', sql.raw(`state in (${deliveryStates.map((state) => `'${state}'`).join(', ')})`)),
  ],
);
