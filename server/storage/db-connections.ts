// Database connections: alias, dialect and the schema text for the prompt.
import { and, asc, desc, eq, getTableColumns, inArray, isNull, lt, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { dbConnections, finetunings, goldenRecords } from '../../drizzle/schema.ts';
import { connectionCreated, connectionDeleted, connectionUpdated } from '../finetuning/acts.ts';
import { type DbConnectionStore, MOST_COUNTED } from '../finetuning/store.ts';
import { writeActs } from './audit-entries.ts';
import { changedFields } from './changed-fields.ts';
import type { Database } from './database.ts';
import { visible } from './golden-record-rows.ts';
import { fitting, listedId } from './page.ts';

const { deleted_at: _, ...columns } = getTableColumns(dbConnections);
const there = isNull(dbConnections.deleted_at);

/** Beside its texts: id, times, names. */
const LISTED_BYTES = 300;
const texts = sql`concat(${columns.alias}, ${columns.metadata})`;
/** About as many bytes as it takes in a list. */
const sizeOfListed = sql`octet_length(${columns.schema_sql}) + octet_length(${texts}) + ${LISTED_BYTES}::int`;

export function dbConnectionStore(db: Database): DbConnectionStore {
  const one = (organization_id: string, id: string) =>
    and(eq(dbConnections.id, id), eq(dbConnections.organization_id, organization_id), there);

  return {
    insert: (connection, by) =>
      db.transaction(async (tx) => {
        await tx.insert(dbConnections).values(connection);
        await writeActs(tx, [connectionCreated(connection, { by, at: connection.created_at })]);
      }),

    async find(organization_id, id) {
      const [row] = await db.select(columns).from(dbConnections).where(one(organization_id, id));
      return row ?? null;
    },

    async list(organization_id, page) {
      const sizes = await db
        .select({ id: dbConnections.id, bytes: sizeOfListed.mapWith(Number) })
        .from(dbConnections)
        .where(
          and(
            eq(dbConnections.organization_id, organization_id),
            there,
            page.after ? lt(listedId(dbConnections.id), page.after) : undefined,
          ),
        )
        .orderBy(desc(listedId(dbConnections.id)))
        .limit(page.limit);
      const ids = fitting(sizes).map(({ id }) => id);
      if (ids.length === 0) return [];
      return db
        .select(columns)
        .from(dbConnections)
        .where(inArray(dbConnections.id, ids))
        .orderBy(desc(dbConnections.id));
    },

    update: (organization_id, id, changes, now, by) =>
      db.transaction(async (tx) => {
        // Held against other changes of it alone: whoever adds to it meanwhile waits for nothing.
        const [before] = await tx
          .select(columns)
          .from(dbConnections)
          .where(one(organization_id, id))
          .for('no key update');
        const fields = before ? changedFields(before, changes) : [];
        if (!before || fields.length === 0) return before ?? null;
        const [row] = await tx
          .update(dbConnections)
          .set({ ...changes, updated_at: now })
          .where(one(organization_id, id))
          .returning(columns);
        if (row) await writeActs(tx, [connectionUpdated(row, fields, { by, at: now })]);
        return row ?? null;
      }),

    delete: (organization_id, id, now, by) =>
      db.transaction(async (tx) => {
        // Waits for whoever is adding to it (`holdConnections`), and lets none begin.
        const [row] = await tx.select(columns).from(dbConnections).where(one(organization_id, id)).for('update');
        if (!row) return { kind: 'unknown' };
        const of = (table: typeof finetunings | typeof goldenRecords, isThere: SQL | undefined) =>
          sql`${table} where ${and(eq(table.organization_id, organization_id), eq(table.db_connection_id, id), isThere)}`;
        // The connection is locked meanwhile, so no further. In the order of an index, which has nothing but these.
        const upTo = (most: number, rows: SQL, order: SQLWrapper) =>
          tx.$count(sql`(select from ${rows} order by ${order} limit ${most}) as found`);
        // One that nobody sees is nobody's: an import that goes on finds its connection gone, and ends.
        const users = {
          finetunings: await upTo(
            MOST_COUNTED + 1,
            of(finetunings, isNull(finetunings.deleted_at)),
            finetunings.status,
          ),
          golden_records: await upTo(MOST_COUNTED + 1, of(goldenRecords, visible), listedId(goldenRecords.id)),
        };
        if (users.finetunings + users.golden_records > 0) return { kind: 'in_use', ...users };
        await tx
          .update(dbConnections)
          .set({ schema_sql: '', metadata: null, deleted_at: now, updated_at: now })
          .where(eq(dbConnections.id, id));
        await writeActs(tx, [connectionDeleted(row, { by, at: now })]);
        return { kind: 'deleted' };
      }),
  };
}

/** Whether all of these are there; they are then not deleted before the transaction has ended. */
export async function holdConnections(
  tx: Database,
  organization_id: string,
  ids: ReadonlySet<string>,
): Promise<boolean> {
  const held = await tx
    .select({ id: dbConnections.id })
    .from(dbConnections)
    .where(and(inArray(dbConnections.id, [...ids]), eq(dbConnections.organization_id, organization_id), there))
    .orderBy(asc(dbConnections.id))
    .for('key share');
  return held.length === ids.size;
}
