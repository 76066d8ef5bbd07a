// The table of limits: what each caller has asked for in the last minute in which they asked for anything.

import { sql } from 'drizzle-orm';
import { check, integer, pgTable, text } from 'drizzle-orm/pg-core';

/** One row for each caller and lane, over and over: it grows with those who ask, and not with what they ask. */
export const limitCounts = pgTable(
  'limit_counts',
  {
    counted: text().primaryKey(),
    /** Since 1970. */
    minute: integer().notNull(),
    calls: integer().notNull(),
  },
  () => [check('limit_counts_calls', sql`calls >= 0`)],
);
