// The table of what callers did to other things than runs; what they did to runs is in the events of these.
import { sql } from 'drizzle-orm';
import { check, index, pgTable, text } from 'drizzle-orm/pg-core';
import { organization } from './access.ts';
import { id, isObjectId, json, time } from './columns.ts';
import * as shown from './shown.ts';

/** A row is written in the transaction of the act that it tells, and never changed. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: id(),
    organization_id: organization(),
    type: text().notNull(),
    about_kind: text().notNull(),
    about_id: text().notNull(),
    message: text().notNull(),
    by: json(shown.actor)().notNull(),
    created_at: time().notNull(),
  },
  (table) => [
    // As those of events (`events_audited`), and read by the same statement.
    index('audit_entries_listed').on(table.organization_id, table.type, table.created_at, table.id),
    index('audit_entries_by_actor').on(
      table.organization_id,
      sql`("by" ->> 'id')`,
      sql`type collate "C"`,
      table.created_at,
      table.id,
    ),
    check('audit_entries_id', isObjectId),
  ],
);
