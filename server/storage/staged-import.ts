// One import of many records in short transactions, for a database with one session that everybody waits for.
// Nobody sees its records before the mark that it is done; where the process dies before, the next start removes them.
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { goldenRecords, imports } from '../../drizzle/schema.ts';
import { newId } from '../finetuning/object-id.ts';
import type { GoldenRecord } from '../finetuning/record.ts';
import type { Database } from './database.ts';
import { holdConnections } from './db-connections.ts';
import { contentKey, distinct, insertRows, type Kept, slices, storedRecords } from './golden-record-rows.ts';
import { shortSlices } from './short-slices.ts';

const REMOVED_AT_ONCE = 250;

/** What others say to an import while it is under way. */
export type StagedImport = {
  readonly id: string;
  /** This record was hidden by somebody: it is not one that the import may answer with. */
  hidden(id: string): void;
};

/**
 * Null, and nothing is added: a database connection of theirs was deleted.
 * @param begun is told of it before its first record is there
 * @throws the reason of the signal, where it comes before the end; then nothing is added
 */
export async function importStaged(
  db: Database,
  organization_id: string,
  records: readonly GoldenRecord[],
  begun: (running: StagedImport) => void,
  signal?: AbortSignal,
): Promise<GoldenRecord[] | null> {
  const id = newId();
  const hidden = new Set<string>();
  begun({ id, hidden: (record) => hidden.add(record) });
  const connections = new Set(records.map((record) => record.db_connection_id));
  const created_at = records[0]?.created_at ?? new Date(0).toISOString();
  await db.insert(imports).values({ id, organization_id, created_at });
  const ids = new Map<string, string>();
  let isDone = false;
  try {
    let left = await distinct(records);
    while (left.length > 0) {
      if (!(await stage(left))) return null;
      // Those that were hidden since they were found are added anew.
      const gone = new Set([...hidden]);
      hidden.clear();
      left = gone.size === 0 ? [] : records.filter((record) => gone.has(ids.get(contentKey(record)) ?? ''));
      left = await distinct(left);
    }
    signal?.throwIfAborted();
    isDone = await db.transaction(async (tx) => {
      if (!(await holdConnections(tx, organization_id, connections))) return false;
      await tx.update(imports).set({ done_at: created_at }).where(eq(imports.id, id));
      return true;
    });
  } finally {
    // What cannot be removed now is removed at the next start; nobody sees it until then.
    const staged = records.filter((record) => ids.get(contentKey(record)) === record.id);
    if (!isDone) await forgetImport(db, id, staged).catch(() => {});
  }
  return isDone ? storedRecords(db, records, ids) : null;

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

/** Rows of imports that are not done and never will be. */
export async function removeLeft(db: Database, rows: readonly Kept[]): Promise<void> {
  const importIds = rows.flatMap(({ unfinished }) => unfinished ?? []);
  for (const slice of slices(rows, REMOVED_AT_ONCE)) await remove(db, slice, importIds);
}

async function remove(db: Database, rows: readonly { id: string }[], importIds: string[]): Promise<void> {
  const ids = rows.map(({ id }) => id);
  await db
    .delete(goldenRecords)
    .where(and(inArray(goldenRecords.id, ids), inArray(goldenRecords.import_id, importIds)));
}

async function forgetImport(db: Database, id: string, staged: readonly GoldenRecord[]): Promise<void> {
  for (const slice of slices(staged, REMOVED_AT_ONCE)) await remove(db, slice, [id]);
  await db.delete(imports).where(eq(imports.id, id));
}

/** At a start, before anybody is served: what imports left that ended with an earlier process. */
export async function forgetUnfinishedImports(db: Database): Promise<void> {
  const left = await db.select({ id: imports.id }).from(imports).where(isNull(imports.done_at));
  if (left.length === 0) return;
  const ids = left.map(({ id }) => id);
  await db.delete(goldenRecords).where(inArray(goldenRecords.import_id, ids));
  await db.delete(imports).where(inArray(imports.id, ids));
}
