// Golden records: added in bulk, hidden, never changed.
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { goldenRecords } from '../../drizzle/schema.ts';
import type { GoldenRecordStore } from '../finetuning/store.ts';
import type { Database } from './database.ts';
import { columns, there, visible } from './golden-record-rows.ts';
import { addAtOnce } from './golden-records-at-once.ts';
import { staging } from './staging.ts';

const joined = z.object({ ids: z.string().nullable() });

/** @param sessions of the database: where there is one, no transaction may keep it from the others for long. */
export function goldenRecordStore(db: Database, sessions: 'one' | 'many'): GoldenRecordStore {
  const staged = sessions === 'one' ? staging(db) : null;

  return {
    add: (organization_id, records, signal) =>
      staged ? staged.add(organization_id, records, signal) : addAtOnce(db, organization_id, records, signal),

    list: (organization_id, filter, page) =>
      db
        .select(columns)
        .from(goldenRecords)
        .where(
          and(
            eq(goldenRecords.organization_id, organization_id),
            visible,
            filter.db_connection_id ? eq(goldenRecords.db_connection_id, filter.db_connection_id) : undefined,
            page.after ? lt(goldenRecords.id, page.after) : undefined,
          ),
        )
        .orderBy(desc(goldenRecords.id))
        .limit(page.limit)
        .offset(((page.page ?? 1) - 1) * page.limit),

    async hide(organization_id, id, now) {
      const hidden = await db
        .update(goldenRecords)
        .set({ deleted_at: now })
        .where(and(eq(goldenRecords.id, id), eq(goldenRecords.organization_id, organization_id), visible))
        .returning({ id: goldenRecords.id });
      if (hidden.length > 0) staged?.hidden(id);
      return hidden.length > 0;
    },

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
