// The tables. What the database enforces beyond keys and checks stands in the migrations: 0001_guards.sql, and beside a table.
import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import {
  callKinds,
  callStates,
  evidences,
  intents,
  jobStages,
  statuses,
} from '../server/finetuning/lifecycle/state.ts';
import { organization } from './access.ts';
import { bytes, id, isObjectId, json, list, listedId, time } from './columns.ts';
import * as shown from './shown.ts';

const metadata = json(shown.metadata);
const isThere = sql`deleted_at is null`;
const isCaused = sql`"by" is not null`;
const actorId = sql`("by" ->> 'id')`;

export { apiKeys, organizations } from './access.ts';
export { limitCounts } from './limits.ts';

export const dbConnections = pgTable(
  'db_connections',
  {
    id: id(),
    organization_id: organization(),
    alias: text().notNull(),
    dialect: text().notNull(),
    schema_sql: text().notNull(),
    metadata: metadata(),
    created_at: time().notNull(),
    updated_at: time().notNull(),
    /** Gone for everybody since; the row stays, since hidden records and forgotten runs still name it. */
    deleted_at: time(),
  },
  (table) => [
    index('db_connections_listed').on(table.organization_id, listedId).where(isThere),
    check('db_connections_id', isObjectId),
  ],
);

/**
 * Adds of many records in several transactions, where the database has one session that no add may keep for itself.
 * Before `done_at` is set nobody sees their records, and afterwards everybody sees all of them.
 */
export const imports = pgTable(
  'imports',
  { id: id(), organization_id: organization(), created_at: time().notNull(), done_at: time() },
  (table) => [index('imports_unfinished').on(table.id).where(sql`done_at is null`), check('imports_id', isObjectId)],
);

export const goldenRecords = pgTable(
  'golden_records',
  {
    id: id(),
    organization_id: organization(),
    db_connection_id: text()
      .notNull()
      .references(() => dbConnections.id),
    prompt_text: text().notNull(),
    sql: text().notNull(),
    metadata: metadata(),
    warnings: json(shown.warnings)().notNull(),
    content_hash: text().notNull(),
    created_at: time().notNull(),
    /** Hidden since; the text stays, for the runs that were trained on it. */
    deleted_at: time(),
    /** Null: it was added in one transaction. */
    import_id: text().references(() => imports.id),
  },
  (table) => [
    uniqueIndex('golden_records_content').on(table.db_connection_id, table.content_hash).where(sql`deleted_at is null`),
    index('golden_records_listed').on(table.organization_id, listedId).where(isThere),
    index('golden_records_by_connection').on(table.organization_id, table.db_connection_id, listedId).where(isThere),
    index('golden_records_by_import').on(table.import_id).where(sql`import_id is not null`),
    check('golden_records_id', isObjectId),
    check('golden_records_not_empty', sql`prompt_text <> '' and sql <> ''`),
  ],
);

export const finetunings = pgTable(
  'finetunings',
  {
    id: id(),
    organization_id: organization(),
    db_connection_id: text()
      .notNull()
      .references(() => dbConnections.id),
    // pinned at creation
    model_provider: text().notNull(),
    model_name: text().notNull(),
    model_parameters: json(shown.modelParameters)().notNull(),
    golden_records: text().array().notNull(),
    system_prompt: text().notNull(),
    dataset: json(shown.dataset)().notNull(),
    provider_ledger: text().notNull(),
    created_at: time().notNull(),
    // lifecycle/state.ts
    status: text({ enum: statuses }).notNull(),
    intent: text({ enum: intents }).notNull(),
    alias: text(),
    metadata: metadata(),
    attempt: integer().notNull(),
    file_id: text(),
    job_id: text(),
    job_name: text(),
    job_incarnation: text(),
    job_stage: text({ enum: jobStages }),
    model_id: text(),
    error: text(),
    provider_status: text(),
    trained_tokens: bigint({ mode: 'number' }),
    progress: json(shown.progress)(),
    waiting: json(shown.waiting)(),
    cancel_requested_at: time(),
    cancel_requested_by: text(),
    cancel_requester: json(shown.requester)(),
    cancel_reason: text(),
    cancel_confirmed_at: time(),
    evidence: text({ enum: evidences }),
    gone_since: time(),
    deleted_at: time(),
    // schedule
    version: integer().notNull(),
    due_at: time(),
    failures: integer().notNull(),
    last_tried: json(shown.tried)(),
    updated_at: time().notNull(),
  },
  (table) => [
    // A list without a status reads these once for each status that there is.
    index('finetunings_listed').on(table.organization_id, table.status, listedId).where(isThere),
    index('finetunings_by_model').on(table.organization_id, table.model_name, table.status, listedId).where(isThere),
    index('finetunings_by_connection')
      .on(table.organization_id, table.db_connection_id, table.status, listedId)
      .where(isThere),
    index('finetunings_by_connection_and_model')
      .on(table.organization_id, table.db_connection_id, table.model_name, table.status, listedId)
      .where(isThere),
    index('finetunings_due').on(table.due_at).where(sql`due_at is not null`),
    // By what a provider's webhook names; of those that have ended nothing is asked.
    index('finetunings_by_job').on(table.job_id).where(sql`due_at is not null`),
    // However many others are due.
    index('stops_due').on(table.due_at).where(sql`due_at is not null and intent <> 'run'`),
    check('finetunings_id', isObjectId),
    check('finetunings_status', sql.raw(`status in (${list(statuses)})`)),
    check('finetunings_intent', sql.raw(`intent in (${list(intents)})`)),
    // I3
    check(
      'cancelled_needs_evidence',
      sql.raw(
        `status <> 'cancelled' or (evidence is not null and cancel_confirmed_at is not null and evidence in (${list(evidences)}))`,
      ),
    ),
  ],
);

export const providerCalls = pgTable(
  'provider_calls',
  {
    id: id(),
    organization_id: organization(),
    /** Null: the janitor stopped a job that no finetuning of ours owns. */
    finetuning_id: text().references(() => finetunings.id),
    kind: text({ enum: callKinds }).notNull(),
    state: text({ enum: callStates }).notNull(),
    attempt: integer().notNull(),
    file_id: text(),
    job_id: text(),
    job_name: text(),
    job_incarnation: text(),
    opened_at: time().notNull(),
    lease_until: time().notNull(),
    replied_at: time(),
    looked_up_at: time(),
    fenced_at: time(),
    detail: text(),
  },
  (table) => [
    index('provider_calls_by_finetuning').on(table.finetuning_id, table.id),
    // I1
    uniqueIndex('one_live_create').on(table.finetuning_id).where(sql`kind = 'create' and state = 'open'`),
    check('provider_calls_kind', sql.raw(`kind in (${list(callKinds)})`)),
    check('provider_calls_state', sql.raw(`state in (${list(callStates)})`)),
    check('provider_calls_owner', sql`finetuning_id is not null or kind = 'cancel'`),
  ],
);

export const events = pgTable(
  'events',
  {
    finetuning_id: text()
      .notNull()
      .references(() => finetunings.id),
    /** The version of the row that this event made. */
    version: integer().notNull(),
    organization_id: organization(),
    type: text().notNull(),
    message: text().notNull(),
    changes: json(shown.changes)().notNull(),
    /** Whose request it comes of; null: nobody's, or an earlier version of goldtune wrote it. */
    by: json(shown.actor)(),
    created_at: time().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.finetuning_id, table.version] }),
    // A list of what callers did reads these once for each type that there is, as that of runs does for each status.
    index('events_audited')
      .on(table.organization_id, table.type, table.created_at, table.finetuning_id, table.version)
      .where(isCaused),
    index('events_audited_by_actor')
      .on(table.organization_id, actorId, sql`type collate "C"`, table.created_at, table.finetuning_id, table.version)
      .where(isCaused),
  ],
);

/** The account that a ledger's key opened when the provider last said so; a key of another one shows none of its jobs. */
export const providerAccounts = pgTable('provider_accounts', {
  ledger: text().primaryKey(),
  organization: text(),
  project: text(),
  told_at: time().notNull(),
});

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    organization_id: organization(),
    key: text().notNull(),
    request_hash: text().notNull(),
    finetuning_id: text().notNull(),
    created_at: time().notNull(),
  },
  (table) => [primaryKey({ columns: [table.organization_id, table.key] })],
);

/** When a worker, whichever, last looked for what is due. */
export const workerSigns = pgTable('worker_signs', { place: integer().primaryKey(), seen_at: time().notNull() }, () => [
  check('one_worker_sign', sql`place = 1`),
]);

/** The ledger of the built-in sandbox, for processes that share the database: a provider's own, and never ours to judge by. */
export const sandboxLedgers = pgTable(
  'sandbox_ledgers',
  { place: integer().primaryKey(), id: text().notNull() },
  () => [check('one_sandbox_ledger', sql`place = 1`)],
);

export const sandboxEntries = pgTable(
  'sandbox_entries',
  {
    id: id(),
    position: bigint({ mode: 'number' }).generatedAlwaysAsIdentity(),
    // Rows are not deleted: the role of a session need not have that right.
    kind: text({ enum: ['file', 'job', 'removed'] }).notNull(),
    document: json(z.record(z.string(), z.unknown()))().notNull(),
    /** Of a file. */
    content: bytes(),
  },
  (table) => [
    index('sandbox_entries_listed').on(table.kind, table.position),
    index('sandbox_jobs_on_file').on(sql`(document ->> 'training_file')`).where(sql`kind = 'job'`),
  ],
);
