// How much a page of a list holds: as many as were asked for, and no more bytes than one answer should take.
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { z } from 'zod';

/** About as many as are sent; what JSON adds, quotes and names of fields, comes on top. */
export const MOST_BYTES = 1024 * 1024;

/** Of a page that is asked for by its number, whose place depends on how many each one before it holds. */
export const MOST_NUMBERED_BYTES = 8 * MOST_BYTES;

/** An id as the indexes of lists have it (drizzle/schema.ts); the same id, by another order than the primary key's. */
export const listedId = (id: SQLWrapper): SQL => sql`${id} collate "C"`;

/** What `sizesFrom` gives. */
export const sizes = z.object({ rows: z.array(z.object({ id: z.string(), bytes: z.number() })) });

/**
 * How large these rows are, newest first. Each is looked up by its id: as a join a planner may read the table for them.
 * @param ids a select of ids of the table
 */
export const sizesFrom = (table: PgTable & { id: SQLWrapper }, ids: SQL, bytes: SQLWrapper): SQL =>
  sql`select page.id, (select ${bytes} from ${table} where ${table.id} = page.id) as bytes from (${ids}) as page
    order by ${listedId(sql`page.id`)} desc`;

/** As many of the first as a page holds; one in any case, however large. */
export function fitting<T extends { bytes: number }>(items: readonly T[], most = MOST_BYTES): T[] {
  let bytes = 0;
  const end = items.findIndex((item, index) => {
    bytes += item.bytes;
    return bytes > most && index > 0;
  });
  return end === -1 ? [...items] : items.slice(0, end);
}
