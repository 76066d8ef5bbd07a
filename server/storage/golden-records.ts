// Golden records: added in bulk, hidden, never changed.
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { goldenRecords } from '../../drizzle/schema.ts';
import { recordDeleted } from '../finetuning/acts.ts';
import { invalid } from '../finetuning/errors.ts';
import type { GoldenRecordStore } from '../finetuning/store.ts';
import { writeActs } from './audit-entries.ts';
import type { Database } from './database.ts';
import { columns, there, visible } from './golden-record-rows.ts';
import { addAtOnce } from './golden-records-at-once.ts';
import { fitting, listedId, MOST_NUMBERED_BYTES, sizes, sizesFrom } from './page.ts';
import { addStaged } from './staging.ts';

/** Beside its texts: ids, times, names. */
const LISTED_BYTES = 350;
const { prompt_text, sql: answer, metadata, warnings } = columns;
/** About as many bytes as it takes in a list. */
const sizeOfListed = sql`octet_length(${prompt_text}) + octet_length(${answer}) + octet_length(concat(${metadata}, ${warnings})) + ${LISTED_BYTES}::int`;

const joined = z.object({ ids: z.string().nullable() });

/** @param sessions of the database: where there is one, no transaction may keep it from the others for long. */
export function goldenRecordStore(db: Database, sessions: 'one' | 'many'): GoldenRecordStore {
  return {
    add:
      sessions === 'one'
        ? addStaged(db)
        : (organization_id, records, by, signal) => addAtOnce(db, organization_id, records, by, signal),

    async list(organization_id, filter, page) {
      const { id } = goldenRecords;
      // Of those before a page that is asked for by its number nothing but the ids is read.
      const ids = sql`select ${id} from ${goldenRecords} where ${and(
        eq(goldenRecords.organization_id, organization_id),
        visible,
        filter.db_connection_id ? eq(goldenRecords.db_connection_id, filter.db_connection_id) : undefined,
        page.after ? lt(listedId(id), page.after) : undefined,
      )} order by ${listedId(id)} desc limit ${page.limit} offset ${((page.page ?? 1) - 1) * page.limit}`;
      const found = sizes.parse(await db.execute(sizesFrom(goldenRecords, ids, sizeOfListed))).rows;
      const held = page.page === undefined ? fitting(found) : fitting(found, MOST_NUMBERED_BYTES);
      // Ended early, the next number would leave out what is between.
      if (page.page !== undefined && held.length < found.length) {
        const msg = `page ${page.page} of ${page.limit} golden records takes too much space; ask for ${held.length} or fewer at once, or for those \`after\` an id`;
        throw invalid(['query', 'limit'], msg);
      }
      if (held.length === 0) return [];
      return db
        .select(columns)
        .from(goldenRecords)
        .where(
          inArray(
            id,
            held.map((record) => record.id),
          ),
        )
        .orderBy(desc(id));
    },

    hide: (organization_id, id, now, by) =>
      db.transaction(async (tx) => {
        const { db_connection_id } = goldenRecords;
        const [hidden] = await tx
          .update(goldenRecords)
          .set({ deleted_at: now })
          .where(and(eq(goldenRecords.id, id), eq(goldenRecords.organization_id, organization_id), visible))
          .returning({ id: goldenRecords.id, organization_id: goldenRecords.organization_id, db_connection_id });
        if (hidden) await writeActs(tx, [recordDeleted(hidden, { by, at: now })]);
        return hidden !== undefined;
      }),

    async idsOf(organization_id, db_connection_id) {
      // As one text: fifty thousand rows keep the database, and whoever reads them, four times as long.
      const [row] = await db
        .select({ ids: sql`string_agg(${goldenRecords.id}, ' ' order by ${goldenRecords.id})` })
        .from(goldenRecords)
        .where(
          and(
            eq(goldenRecords.organization_id, organization_id),
            eq(goldenRecords.db_connection_id, db_connection_id),
            visible,
          ),
        );
      const { ids } = joined.parse(row);
      return ids === null ? [] : ids.split(' ');
    },

    async byIds(organization_id, db_connection_id, ids, which) {
      const rows = await db
        .select(columns)
        .from(goldenRecords)
        .where(
          and(
            eq(goldenRecords.organization_id, organization_id),
            db_connection_id === null ? undefined : eq(goldenRecords.db_connection_id, db_connection_id),
            inArray(goldenRecords.id, [...ids]),
            which === 'visible' ? visible : there,
          ),
        );
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
  };
}
