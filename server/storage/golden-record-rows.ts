// Rows of golden records: which of them anybody sees, and the one statement that adds some.
import { and, getTableColumns, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { goldenRecords, imports } from '../../drizzle/schema.ts';
import { timeSlice } from '../finetuning/dataset/time-slice.ts';
import type { GoldenRecord } from '../finetuning/record.ts';
import type { Database } from './database.ts';

const { import_id: _, ...shown } = getTableColumns(goldenRecords);
export const columns = shown;

/** Not of an import that is not done. The sub-select does not depend on the row: it is made once a statement. */
export const there: SQL = sql`(${goldenRecords.import_id} is null or ${goldenRecords.import_id} not in (
  select ${imports.id} from ${imports} where ${imports.done_at} is null))`;

/** For new runs, and in lists. */
export const visible = and(isNull(goldenRecords.deleted_at), there);

/** The same for records that count as the same. */
export const contentKey = ({
  db_connection_id,
  content_hash,
}: Pick<GoldenRecord, 'db_connection_id' | 'content_hash'>) => `${content_hash} ${db_connection_id}`;

const kept = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      db_connection_id: z.string(),
      content_hash: z.string(),
      /** The import that it is of, where that is not done. */
      unfinished: z.string().nullable(),
    }),
  ),
});
export type Kept = z.infer<typeof kept>['rows'][number];

/**
 * Adds each, or finds the one that is there already, whoever may see it.
 * @param import_id null: they are seen with the transaction.
 */
export async function insertRows(
  tx: Database,
  records: readonly GoldenRecord[],
  import_id: string | null,
): Promise<Kept[]> {
  // One parameter: as ten a record the statement takes twice as long, here and in the database.
  const given = JSON.stringify(records.map((record) => ({ ...record, import_id })));
  const result = await tx.execute(sql`
    insert into golden_records select * from jsonb_populate_recordset(null::golden_records, ${given}::jsonb)
    on conflict (db_connection_id, content_hash) where deleted_at is null
    -- An update that changes nothing: it returns the record that exists, and keeps it from being hidden meanwhile.
    do update set content_hash = excluded.content_hash
    returning id, db_connection_id, content_hash, (select imports.id from imports
      where imports.id = golden_records.import_id and imports.done_at is null) as unfinished`);
  return kept.parse(result).rows;
}

/** So many that a statement is short. */
const READ = 500;

/**
 * What became of each record, in the order given.
 * @param keptIds by content; the record itself where it was new.
 */
export async function storedRecords(
  db: Database,
  records: readonly GoldenRecord[],
  keptIds: ReadonlyMap<string, string>,
): Promise<GoldenRecord[]> {
  const pause = timeSlice();
  const ids: string[] = [];
  const known = new Map<string, GoldenRecord>();
  for (const record of records) {
    ids.push(keptIds.get(contentKey(record)) ?? record.id);
    known.set(record.id, record);
    await pause();
  }
  const others = new Set(ids.filter((id) => !known.has(id)));
  for (const some of slices([...others], READ)) {
    const rows = await db.select(columns).from(goldenRecords).where(inArray(goldenRecords.id, some));
    for (const row of rows) known.set(row.id, row);
  }
  return records.map((record, index) => known.get(ids[index] ?? '') ?? record);
}

/** Those that were not there before. @param keptIds by content */
export function newOf(records: readonly GoldenRecord[], keptIds: ReadonlyMap<string, string>): GoldenRecord[] {
  const stored = new Set(keptIds.values());
  return records.filter(({ id }) => stored.has(id));
}

export function* slices<T>(items: readonly T[], most: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += most) yield items.slice(start, start + most);
}

/** Each content once: of the same ones the last. */
export async function distinct(records: readonly GoldenRecord[]): Promise<GoldenRecord[]> {
  const pause = timeSlice();
  const found = new Map<string, GoldenRecord>();
  for (const record of records) {
    found.set(contentKey(record), record);
    await pause();
  }
  return [...found.values()];
}
