// Golden records: added in bulk, hidden, never changed.
import { and, asc, desc, eq, getTableColumns, inArray, isNull, lt, sql } from 'drizzle-orm';
import { goldenRecords } from '../../drizzle/schema.ts';
import { invalid } from '../finetuning/errors.ts';
import type { GoldenRecord } from '../finetuning/record.ts';
import type { GoldenRecordStore } from '../finetuning/store.ts';
import type { Database } from './database.ts';
import { holdConnections } from './db-connections.ts';
import { fitting, MOST_NUMBERED_BYTES } from './page.ts';

/** Beside its texts: ids, times, names. */
const LISTED_BYTES = 350;
const { prompt_text, sql: answer, metadata, warnings } = getTableColumns(goldenRecords);
/** About as many bytes as it takes in a list. */
const sizeOfListed = sql`octet_length(${prompt_text}) + octet_length(${answer}) + octet_length(concat(${metadata}, ${warnings})) + ${LISTED_BYTES}::int`;

/** Rows in one statement; Postgres takes 65,535 parameters, a record has ten. */
const CHUNK = 2000;

export function goldenRecordStore(db: Database): GoldenRecordStore {
  const visible = isNull(goldenRecords.deleted_at);

  return {
    add: (organization_id, records) =>
      db.transaction(async (tx) => {
        const connections = new Set(records.map((record) => record.db_connection_id));
        if (!(await holdConnections(tx, organization_id, connections))) return null;
        const distinct = new Map(records.map((record) => [contentKey(record), record]));
        // In the order of their content, so that two calls adding the same records cannot block each other for good.
        const ordered = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
        const stored = new Map<string, GoldenRecord>();
        for (const chunk of chunks(ordered)) {
          const rows = await tx
            .insert(goldenRecords)
            .values(chunk)
            // An update that changes nothing: it returns the record that exists, and keeps it from being hidden meanwhile.
            .onConflictDoUpdate({
              target: [goldenRecords.db_connection_id, goldenRecords.content_hash],
              targetWhere: visible,
              set: { content_hash: sql`excluded.content_hash` },
            })
            .returning();
          for (const row of rows) stored.set(contentKey(row), row);
        }
        return records.map((record) => stored.get(contentKey(record)) ?? record);
      }),

    async list(organization_id, filter, page) {
      const sizes = await db
        .select({ id: goldenRecords.id, bytes: sizeOfListed.mapWith(Number) })
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
        .offset(((page.page ?? 1) - 1) * page.limit);
      const held = page.page === undefined ? fitting(sizes) : fitting(sizes, MOST_NUMBERED_BYTES);
      // Ended early, the next number would leave out what is between.
      if (page.page !== undefined && held.length < sizes.length) {
        const msg = `page ${page.page} of ${page.limit} golden records takes too much space; ask for ${held.length} or fewer at once, or for those \`after\` an id`;
        throw invalid(['query', 'limit'], msg);
      }
      if (held.length === 0) return [];
      const ids = held.map(({ id }) => id);
      return db.select().from(goldenRecords).where(inArray(goldenRecords.id, ids)).orderBy(desc(goldenRecords.id));
    },

    async hide(organization_id, id, now) {
      const hidden = await db
        .update(goldenRecords)
        .set({ deleted_at: now })
        .where(and(eq(goldenRecords.id, id), eq(goldenRecords.organization_id, organization_id), visible))
        .returning({ id: goldenRecords.id });
      return hidden.length > 0;
    },

    async idsOf(organization_id, db_connection_id) {
      const rows = await db
        .select({ id: goldenRecords.id })
        .from(goldenRecords)
        .where(
          and(
            eq(goldenRecords.organization_id, organization_id),
            eq(goldenRecords.db_connection_id, db_connection_id),
            visible,
          ),
        )
        .orderBy(asc(goldenRecords.id));
      return rows.map((row) => row.id);
    },

    async byIds(organization_id, db_connection_id, ids, which) {
      const rows = await db
        .select()
        .from(goldenRecords)
        .where(
          and(
            eq(goldenRecords.organization_id, organization_id),
            db_connection_id === null ? undefined : eq(goldenRecords.db_connection_id, db_connection_id),
            inArray(goldenRecords.id, [...ids]),
            which === 'visible' ? visible : undefined,
          ),
        );
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
  };
}

const contentKey = (record: GoldenRecord) => `${record.db_connection_id} ${record.content_hash}`;

function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += CHUNK) yield items.slice(start, start + CHUNK);
}
