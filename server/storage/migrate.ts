// Brings the tables up to date at start. Several processes may start at once: an advisory lock lets one do the work.
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import { migrate as migratePg } from 'drizzle-orm/node-postgres/migrator';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migrateEmbedded } from 'drizzle-orm/pglite/migrator';
import { Client, type Pool, type PoolClient } from 'pg';

const migrations = { migrationsFolder: fileURLToPath(new URL('../../drizzle/migrations', import.meta.url)) };
/** Any number, the same in each process: "gold" in ASCII. */
const MIGRATION_LOCK = 0x676f6c64;

/** Migrates the database at the given address. */
export async function migrate(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await migrateLocked(client);
  } finally {
    await client.end();
  }
}

export async function migratePool(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await migrateLocked(client);
  } finally {
    client.release();
  }
}

/** The directory lock has already made this the only process. */
export const migratePglite = (client: PGlite) => migrateEmbedded(drizzlePglite({ client }), migrations);

async function migrateLocked(client: Client | PoolClient): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  try {
    await migratePg(drizzlePg(client), migrations);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  }
}
