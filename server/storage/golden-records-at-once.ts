// Golden records added in one transaction, which is seen or is not.
import { recordsAdded } from '../finetuning/acts.ts';
import type { Actor } from '../finetuning/lifecycle/actor.ts';
import type { GoldenRecord } from '../finetuning/record.ts';
import { writeActs } from './audit-entries.ts';
import type { Database } from './database.ts';
import { holdConnections } from './db-connections.ts';
import { contentKey, distinct, insertRows, type Kept, newOf, slices, storedRecords } from './golden-record-rows.ts';

const ROWS = 500;

/** Some of them stand in imports that are not done. Nothing is added. */
export class InUnfinishedImport extends Error {
  readonly rows: readonly Kept[];

  constructor(rows: readonly Kept[]) {
    super('a record of another import is in the way');
    this.rows = rows;
  }
}

/**
 * Null, and nothing is added: a database connection of theirs was deleted.
 * @throws InUnfinishedImport; the reason of the signal, where it comes before the end
 */
export async function addAtOnce(
  db: Database,
  organization_id: string,
  records: readonly GoldenRecord[],
  by: Actor,
  signal?: AbortSignal,
): Promise<GoldenRecord[] | null> {
  // In the order of their content, so that two calls adding the same records cannot block each other for good.
  const ordered = (await distinct(records))
    .map((record) => ({ key: contentKey(record), record }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ record }) => record);
  return db.transaction(async (tx) => {
    const connections = new Set(records.map((record) => record.db_connection_id));
    if (!(await holdConnections(tx, organization_id, connections))) return null;
    const ids = new Map<string, string>();
    for (const slice of slices(ordered, ROWS)) {
      signal?.throwIfAborted();
      const rows = await insertRows(tx, slice, null);
      const inTheWay = rows.filter(({ unfinished }) => unfinished !== null);
      if (inTheWay.length > 0) throw new InUnfinishedImport(inTheWay);
      for (const row of rows) ids.set(contentKey(row), row.id);
    }
    await writeActs(tx, recordsAdded(newOf(records, ids), { by, at: records[0]?.created_at ?? '' }));
    const stored = await storedRecords(tx, records, ids);
    signal?.throwIfAborted();
    return stored;
  });
}
