// Adding golden records: all or none, duplicates answered with what exists, unreadable SQL kept and flagged.
import { createHash } from 'node:crypto';
import type { NewGoldenRecord } from '../contract/golden-records.ts';
import { timeSlice } from '../dataset/time-slice.ts';
import type { Dependencies } from '../dependencies.ts';
import { invalidMany } from '../errors.ts';
import { newId } from '../object-id.ts';
import { actorOf, type Principal } from '../principal.ts';
import type { DbConnection, GoldenRecord } from '../record.ts';
import type { DbConnectionStore, Store } from '../store.ts';
import { checkAll } from './sql-syntax.ts';

/** `duplicate`: it was there before, or came earlier in the same call. */
export type Added = GoldenRecord & { duplicate: boolean };

/**
 * @param signal of whoever asked: once they are gone nothing more is checked, and nothing is stored.
 * @returns the stored records in the order given; the same record twice where the same text was given twice.
 * @throws DomainError `invalid` naming the index of each record whose connection does not exist; the reason of the signal
 */
export async function addGoldenRecords(
  { store, clock }: Dependencies,
  principal: Principal,
  input: readonly NewGoldenRecord[],
  signal?: AbortSignal,
): Promise<Added[]> {
  for (;;) {
    const proposed = await recordsOf(store, principal, input, clock(), signal);
    const stored = await store.goldenRecords.add(principal.organization_id, proposed, actorOf(principal), signal);
    // Null: a connection was deleted meanwhile. Looking at them again says which.
    if (!stored) continue;
    /** Made by this call, and not shown yet. */
    const fresh = new Set(proposed.map(({ id }) => id));
    return stored.map((record) => ({ ...record, duplicate: !fresh.delete(record.id) }));
  }
}

/** Each with what the parser of its connection's dialect says. */
async function recordsOf(
  store: Store,
  principal: Principal,
  input: readonly NewGoldenRecord[],
  now: string,
  signal: AbortSignal | undefined,
): Promise<GoldenRecord[]> {
  const connections = await connectionsOf(store.dbConnections, principal, input);
  const warnings = new Map<NewGoldenRecord, string[]>();
  for (const connection of connections.values()) {
    const own = input.filter((record) => record.db_connection_id === connection.id);
    const checked = await checkAll(
      own.map((record) => record.sql),
      connection.dialect,
      { signal },
    );
    own.forEach((record, index) => {
      warnings.set(record, checked[index] ?? []);
    });
  }
  const pause = timeSlice();
  const records: GoldenRecord[] = [];
  for (const record of input) {
    records.push({
      id: newId(),
      organization_id: principal.organization_id,
      db_connection_id: record.db_connection_id,
      prompt_text: record.prompt_text,
      sql: record.sql,
      metadata: record.metadata ?? null,
      warnings: warnings.get(record) ?? [],
      content_hash: createHash('sha256')
        .update(JSON.stringify([record.prompt_text, record.sql]))
        .digest('hex'),
      created_at: now,
      deleted_at: null,
    });
    await pause();
  }
  return records;
}

async function connectionsOf(
  dbConnections: DbConnectionStore,
  principal: Principal,
  input: readonly NewGoldenRecord[],
): Promise<Map<string, DbConnection>> {
  const found = new Map<string, DbConnection>();
  for (const id of new Set(input.map((record) => record.db_connection_id))) {
    const connection = await dbConnections.find(principal.organization_id, id);
    if (connection) found.set(id, connection);
  }
  const lost = input.flatMap((record, index) => (found.has(record.db_connection_id) ? [] : [{ record, index }]));
  if (lost.length === 0) return found;
  throw invalidMany(
    lost.map(({ record, index }) => ({
      loc: ['body', index, 'db_connection_id'],
      msg: `database connection ${record.db_connection_id} does not exist`,
      type: 'value_error',
    })),
    ['body'],
  );
}
