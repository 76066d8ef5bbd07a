// All rows of all tables, as digests: that a request changed nothing is seen by comparing them.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../../server/storage/database.ts';

/** What goes on by itself: when a key was used, and where a worker goes on with runs, what that writes. */
const BY_ITSELF = ['last_used_at'];
const BY_WORKERS = [
  ...['status', 'attempt', 'file_id', 'job_id', 'job_name', 'job_incarnation', 'job_stage', 'model_id', 'error'],
  ...['provider_status', 'trained_tokens', 'progress', 'waiting', 'cancel_confirmed_at', 'evidence', 'gone_since'],
  ...['version', 'due_at', 'failures', 'last_tried', 'updated_at', 'deleted_at', 'wish', 'stored_at'],
];
const TABLES_OF_ITSELF = ['worker_signs', 'limit_counts'];
const TABLES_OF_WORKERS = ['events', 'provider_calls', 'provider_accounts', 'webhook_deliveries'];

const named = z.object({ rows: z.array(z.object({ name: z.string() })) });
const digests = z.object({ rows: z.array(z.object({ name: z.string(), digest: z.string() })) });

export type Rows = () => Promise<Record<string, string>>;

/** @param isQuiet no worker runs. @returns by table: how many rows, and a digest of them. */
export async function rowsOf(db: Database, isQuiet: boolean): Promise<Rows> {
  const there = await db.execute(
    sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const left = [...TABLES_OF_ITSELF, ...(isQuiet ? [] : TABLES_OF_WORKERS)];
  const tables = named
    .parse(there)
    .rows.map(({ name }) => name)
    .filter((name) => !left.includes(name));
  const columns = [...BY_ITSELF, ...(isQuiet ? [] : BY_WORKERS)].map((column) => `'${column}'`).join();
  const each = tables.map(
    (name) =>
      `SELECT '${name}' AS name, count(*) || ' ' || coalesce(sum(hashtextextended((to_jsonb(t) - ARRAY[${columns}])::text, 0)), 0) AS digest FROM "${name}" t`,
  );
  const all = sql.raw(each.join(' UNION ALL '));
  return async () =>
    Object.fromEntries(digests.parse(await db.execute(all)).rows.map(({ name, digest }) => [name, digest]));
}

export const changed = (before: Record<string, string>, after: Record<string, string>): string[] =>
  Object.keys(after).filter((name) => before[name] !== after[name]);
