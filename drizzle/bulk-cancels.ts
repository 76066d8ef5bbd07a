// The tables of bulk cancels: what was asked for, and each run that it takes in.
import { sql } from 'drizzle-orm';
import { check, index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { organization } from './access.ts';
import { id, isObjectId, json, list, listedId, time } from './columns.ts';
import * as shown from './shown.ts';

export const bulkCancels = pgTable(
  'bulk_cancels',
  {
    id: id(),
    organization_id: organization(),
    /** By what the runs were chosen; of a list of ids only that it was one. */
    chosen: json(shown.chosen)().notNull(),
    /** Runs that were made after it are not taken in. */
    as_of: time().notNull(),
    reason: text(),
    asked_by: json(shown.asker)().notNull(),
    created_at: time().notNull(),
    idempotency_key: text(),
    request_hash: text().notNull(),
    /** Since then the wish to stop each of its runs is with the run itself. */
    stored_at: time(),
  },
  (table) => [
    index('bulk_cancels_listed').on(table.organization_id, listedId),
    index('bulk_cancels_unstored').on(table.id).where(sql`stored_at is null`),
    uniqueIndex('bulk_cancels_key')
      .on(table.organization_id, table.idempotency_key)
      .where(sql`idempotency_key is not null`),
    check('bulk_cancels_id', isObjectId),
  ],
);

/** `asked`: the run has the wish, or had ended; `unknown`: there is none, or it was deleted; `unreadable`: another version may read it. */
export const wishStates = ['asked', 'unknown', 'unreadable'] as const;

export const bulkCancelRuns = pgTable(
  'bulk_cancel_runs',
  {
    bulk_cancel_id: text()
      .notNull()
      .references(() => bulkCancels.id),
    /** As it was named: there need not be such a run. */
    finetuning_id: text().notNull(),
    organization_id: organization(),
    /** Null: still to be stored. */
    wish: text({ enum: wishStates }),
  },
  (table) => [
    primaryKey({ columns: [table.bulk_cancel_id, table.finetuning_id] }),
    index('bulk_cancel_runs_listed').on(table.bulk_cancel_id, sql`finetuning_id collate "C"`),
    // Those without the wish, in the order in which they are asked.
    index('bulk_cancel_runs_open')
      .on(table.bulk_cancel_id, sql`finetuning_id collate "C"`)
      .where(sql`wish is null or wish = 'unreadable'`),
    check('bulk_cancel_runs_wish', sql.raw(`wish in (${list(wishStates)})`)),
  ],
);
