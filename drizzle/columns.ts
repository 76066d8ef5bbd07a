// What columns are made of: ids, times, JSON, and what lists are ordered by.
import { sql } from 'drizzle-orm';
import { customType, text } from 'drizzle-orm/pg-core';
import type { z } from 'zod';
import * as shown from './shown.ts';

/** A time as ISO 8601 in UTC; milliseconds, as precise as a Date. */
export const time = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp(3) with time zone',
  fromDriver: shown.time,
});

export const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

/**
 * A JSON column whose content is parsed as it comes out. A schema that refuses would refuse the whole page that the row
 * is on, for good: those of `shown.ts` take everything, and show what they cannot read as null.
 */
export const json = <T>(schema: z.ZodType<T>) =>
  customType<{ data: T; driverData: unknown }>({
    dataType: () => 'jsonb',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (value) => schema.parse(value),
  });

export const id = () => text().primaryKey();
export const isObjectId = sql`id ~ '^[0-9a-f]{24}$'`;
/**
 * For lists, newest first. In another collation than the primary key has, which orders these ids alike: else a planner
 * that takes matches for frequent goes through the primary key and filters, and reads a whole table where it is wrong.
 */
export const listedId = sql`id collate "C"`;

/** Words, as SQL lists them. */
export function list(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ');
}
