// One import of many records in short transactions, for a database with one session that everybody waits for.
// Nobody sees its records before the mark that it is done; where the process dies before, the next start removes them.
import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { goldenRecords, imports } from '../../drizzle/schema.ts';
import { recordsAdded } from '../finetuning/acts.ts';
import type { Actor } from '../finetuning/lifecycle/actor.ts';
import type { GoldenRecord } from '../finetuning/record.ts';
import { writeActs } from './audit-entries.ts';
import type { Database } from './database.ts';
import { holdConnections } from './db-connections.ts';
import { contentKey, distinct, insertRows, newOf, slices, storedRecords } from './golden-record-rows.ts';
import { shortSlices } from './short-slices.ts';

const REMOVED_AT_ONCE = 250;

/**
 * Null: a database connection of theirs was deleted. Then, and where it fails, nobody sees any of them, and what is
 * stored of them is for `forgetImport`.
 * @param id of the import, a new one
 * @throws the reason of the signal, where it comes before the end
 */
export async function importStaged(
  db: Database,
  organization_id: string,
  records: readonly GoldenRecord[],
  by: Actor,
  id: string,
  signal?: AbortSignal,
): Promise<GoldenRecord[] | null> {
  const connections = new Set(records.map((record) => record.db_connection_id));
  const created_at = records[0]?.created_at ?? new Date(0).toISOString();
  await db.insert(imports).values({ id, organization_id, created_at });
  const ids = new Map<string, string>();
  let left = await distinct(records);
  while (left.length > 0) {
    if (!(await stage(left))) return null;
    signal?.throwIfAborted();
    const hidden = await markDone();
    if (!hidden) return null;
    // Nothing is done yet where one was hidden since it was found: it is added anew.
    left = await distinct(records.filter((record) => hidden.has(ids.get(contentKey(record)) ?? '')));
  }
  return storedRecords(db, records, ids);

  /** Done, unless some of those that it would answer with are hidden. Returns these; null: a connection was deleted. */
  async function markDone(): Promise<ReadonlySet<string> | null> {
    const own = new Set(records.map((record) => record.id));
    const found = [...ids.values()].filter((record) => !own.has(record));
    return db.transaction(async (tx) => {
      if (!(await holdConnections(tx, organization_id, connections))) return null;
      const hidden = await hiddenOf(tx, found);
      if (hidden.size > 0) return hidden;
      await tx.update(imports).set({ done_at: created_at }).where(eq(imports.id, id));
      await writeActs(tx, recordsAdded(newOf(records, ids), { by, at: created_at }));
      return hidden;
    });
  }

  async function stage(some: readonly GoldenRecord[]): Promise<boolean> {
    for await (const slice of shortSlices(some)) {
      signal?.throwIfAborted();
      const rows = await db.transaction(async (tx) =>
        (await holdConnections(tx, organization_id, connections)) ? insertRows(tx, slice, id) : null,
      );
      if (!rows) return false;
      const left = rows.filter(({ unfinished }) => unfinished !== null && unfinished !== id);
      if (left.length > 0) {
        await removeLeft(db, left);
        if (!(await stage(slice))) return false;
        continue;
      }
      for (const row of rows) ids.set(contentKey(row), row.id);
    }
    return true;
  }
}

async function hiddenOf(tx: Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  // One parameter: there may be as many as an import has records.
  const given = sql`string_to_array(${ids.join(' ')}, ' ')`;
  const hidden = await tx
    .select({ id: goldenRecords.id })
    .from(goldenRecords)
    .where(and(isNotNull(goldenRecords.deleted_at), sql`${goldenRecords.id} = any(${given})`));
  return new Set(hidden.map((row) => row.id));
}

const unfinished = (db: Database) => db.select({ id: imports.id }).from(imports).where(isNull(imports.done_at));

/** Rows of imports that are not done and never will be. */
export async function removeLeft(db: Database, rows: readonly { id: string }[]): Promise<void> {
  for (const slice of slices(rows, REMOVED_AT_ONCE)) {
    const ids = slice.map(({ id }) => id);
    await db
      .delete(goldenRecords)
      .where(and(inArray(goldenRecords.id, ids), inArray(goldenRecords.import_id, unfinished(db))));
  }
}

/**
 * Removes whatever is stored of an import that is not done, whether or not its process has heard of it. One that is done
 * is left as it is.
 */
export async function forgetImport(db: Database, id: string): Promise<void> {
  const rows = await db
    .select({ id: goldenRecords.id })
    .from(goldenRecords)
    .where(and(eq(goldenRecords.import_id, id), inArray(goldenRecords.import_id, unfinished(db))));
  await removeLeft(db, rows);
  await db.delete(imports).where(and(eq(imports.id, id), isNull(imports.done_at)));
}

/** At a start, before anybody is served: what imports left that ended with an earlier process. */
export async function forgetUnfinishedImports(db: Database): Promise<void> {
  const left = await unfinished(db);
  if (left.length === 0) return;
  const ids = left.map(({ id }) => id);
  await db.delete(goldenRecords).where(inArray(goldenRecords.import_id, ids));
  await db.delete(imports).where(inArray(imports.id, ids));
}
