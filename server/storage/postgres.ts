// A Postgres server that several processes share: a pool for requests, one for the queue, connections that listen.
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import * as schema from '../../drizzle/schema.ts';
import { agreeOnTls, readAddress } from './address.ts';
import { listenOnPostgres } from './listening.ts';
import { isUpToDate, migrate } from './migrate.ts';
import { missingForRows } from './missing-rights.ts';
import type { OpenDatabase } from './open-database.ts';
import { openPool } from './pool.ts';
import { checkWritable, LONGEST_PROBE_MS } from './readiness.ts';
import { alone } from './set-up.ts';
import { startFailure } from './start-failure.ts';

const REQUESTS = { name: 'goldtune', max: 10 };
/** Else a connection that nothing comes through would be held longer than the probe is waited for. */
const patience = { query_timeout: LONGEST_PROBE_MS };
const QUEUE = { name: 'goldtune-queue', max: 4 };

/** @throws Error with one clear line: the database's own cause, and what mends it. */
export async function openPostgres(url: string, onError: (error: Error) => void): Promise<OpenDatabase> {
  const explained = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      throw await startFailure(error, url);
    }
  };
  return explained(async () => {
    const address = await agreeOnTls(readAddress(url));
    await using resources = new AsyncDisposableStack();
    const pooled = (options: typeof REQUESTS) =>
      resources.adopt(openPool(address, options, onError), (pool) => pool.end());
    const pool = pooled(REQUESTS);
    const queue = pooled(QUEUE);
    const db = drizzle({ client: pool, schema });

    await refuseTransactionPooling(pool);
    if (!(await isUpToDate(db))) await alone(address, onError, migrate);
    const missing = await missingForRows(pool);
    if (missing.length > 0) throw new Error(`its role may not use all tables; to mend it: ${missing.join('; ')}`);
    const opened = resources.move();
    return {
      db,
      queue: { kind: 'postgres', query: (text, values) => queue.query(text, values) },
      checkWritable: () => checkWritable((text) => pool.query({ text, ...patience })),
      listen: (channel, hearing) => listenOnPostgres(address, channel, hearing),
      setUp: (step) => explained(() => alone(address, onError, step)),
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  });
}

/**
 * Between us and the server a pooler may hand each transaction to another session: settings, locks and LISTEN would be
 * somebody else's. Two connections of ours that are one session there show it.
 */
async function refuseTransactionPooling(pool: Pool): Promise<void> {
  const [one, other] = [await pool.connect(), await pool.connect()];
  try {
    const pids = [];
    for (const client of [one, other]) pids.push((await client.query('SELECT pg_backend_pid() AS pid')).rows[0]?.pid);
    if (pids[0] !== pids[1]) return;
    // What we have set there, others would find.
    await one.query('RESET ALL');
  } finally {
    one.release();
    other.release();
  }
  throw new Error(
    'it is reached through a pooler that shares sessions between connections; goldtune needs sessions of its own: set the pooler to pool_mode = session for this database, or name the server itself',
  );
}
