// One database behind one type: Postgres through `pg`, or PGlite in this process under DATA_DIR.
import { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { Pool } from 'pg';
import * as schema from '../../drizzle/schema.ts';
import { lockDirectory } from './directory-lock.ts';
import { migratePglite, migratePool } from './migrate.ts';

/** A database or a transaction on it; all queries are written against this. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;

export type OpenDatabase = AsyncDisposable & {
  db: Database;
  /** What the queue needs to reach the same database. */
  connection: { kind: 'postgres'; url: string } | { kind: 'pglite'; client: PGlite };
};

/** A host that swallows packets would otherwise be waited for as long as the operating system likes. */
const LONGEST_CONNECT_MS = 15_000;

/**
 * Opens the database and brings its tables up to date.
 * @throws Error with one clear line when the server cannot be reached or the directory is in use.
 */
export function openDatabase(
  where: { url: string } | { directory: string },
  onError: (error: Error) => void,
): Promise<OpenDatabase> {
  return 'url' in where ? openPostgres(where.url, onError) : openPglite(where.directory);
}

async function openPostgres(url: string, onError: (error: Error) => void): Promise<OpenDatabase> {
  const pool = new Pool({
    connectionString: url,
    max: 10,
    application_name: 'goldtune',
    connectionTimeoutMillis: LONGEST_CONNECT_MS,
  });
  // A connection that the server closes raises this, idle or within a transaction; unheard it would end the process.
  // The pool passes on only what happens to an idle one, and then stays silent if nobody listens to it.
  pool.on('connect', (client) => client.on('error', onError));
  pool.on('error', () => {});
  try {
    await migratePool(pool);
  } catch (error) {
    await pool.end();
    const reason = error instanceof AggregateError ? error.errors.map(String).join('; ') : String(error);
    throw new Error(`goldtune cannot use the database of DATABASE_URL: ${reason}`, { cause: error });
  }
  return {
    db: drizzlePg({ client: pool, schema }),
    connection: { kind: 'postgres', url },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

async function openPglite(directory: string): Promise<OpenDatabase> {
  const lock = lockDirectory(directory);
  try {
    // The default of 128 MB is allocated at once; this database has one user and fits in much less.
    const client = await PGlite.create({ dataDir: `${directory}/postgres`, startParams: startParams('8MB') });
    await migratePglite(client);
    return {
      db: drizzlePglite({ client, schema }),
      connection: { kind: 'pglite', client },
      async [Symbol.asyncDispose]() {
        await client.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    // PGlite also throws what is no Error.
    const reason = error instanceof Error ? error.message : JSON.stringify(error);
    throw new Error(`goldtune cannot open the embedded database in ${directory}: ${reason}`, { cause: error });
  }
}

const startParams = (sharedBuffers: string) => [...PGlite.defaultStartParams, '-c', `shared_buffers=${sharedBuffers}`];
