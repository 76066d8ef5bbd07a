// What a failing case leaves behind: all its tables and the provider's ledger, as JSON, under test/.failures.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import type { Ledger } from '../../server/provider/sandbox/ledger.ts';
import type { Database } from '../../server/storage/database.ts';

const FAILURES = new URL('../.failures/', import.meta.url);
const TABLES = ['finetunings', 'provider_calls', 'events', 'golden_records', 'db_connections', 'idempotency_keys'];

/** Runs the check; where it throws, database and ledger are kept and the error says where. */
export function keepingEvidence<T>(
  name: string,
  { db, ledger }: { db: Database; ledger: Pick<Ledger, 'jobs' | 'files'> },
  check: () => Promise<T>,
): Promise<T> {
  return keeping(name, () => collect(db, ledger), check);
}

export async function collect(db: Database, ledger: Pick<Ledger, 'jobs' | 'files'>): Promise<Record<string, unknown>> {
  const kept: Record<string, unknown> = { jobs: ledger.jobs(), files: ledger.files() };
  for (const table of TABLES) {
    kept[table] = Object(await db.execute(sql.raw(`select * from ${table} order by 1, 2`))).rows;
  }
  return kept;
}

/** Runs the check; where it throws, what is collected then is kept and the error says where. */
export async function keeping<T>(name: string, evidence: () => unknown, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    const path = new URL(`${name.replaceAll(/[^\w.-]+/g, '-')}.json`, FAILURES);
    await mkdir(FAILURES, { recursive: true });
    await writeFile(path, JSON.stringify(await evidence(), null, 2));
    throw new Error(`${String(error)}\nits database and ledger are kept in ${fileURLToPath(path)}`, { cause: error });
  }
}
