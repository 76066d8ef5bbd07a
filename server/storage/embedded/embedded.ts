// The embedded database: PGlite in a thread of this process, with one session for all.
import { drizzle } from 'drizzle-orm/node-postgres';
import { type ClientBase, Pool } from 'pg';
import * as schema from '../../../drizzle/schema.ts';
import { migrate } from '../migrate.ts';
import type { Hearing, OpenDatabase } from '../open-database.ts';
import { checkWritable } from '../readiness.ts';
import { EMBEDDED_SESSION } from '../session.ts';
import { openThread } from './database-thread.ts';
import { lockDirectory } from './directory-lock.ts';
import { layInitialDirectory } from './initial-directory.ts';

/** @throws Error with one clear line when the directory is in use or cannot be opened. */
export async function openEmbedded(directory: string, onError: (error: Error) => void): Promise<OpenDatabase> {
  await using resources = new AsyncDisposableStack();
  resources.adopt(lockDirectory(directory), (lock) => lock.release());
  try {
    layInitialDirectory(`${directory}/postgres`);
    const thread = resources.adopt(await openThread(`${directory}/postgres`), (opened) => opened.close());
    const channels = new Map<string, Hearing>();
    const pool = resources.adopt(
      new Pool({
        max: 1,
        // The session is the only one there is, and listens.
        idleTimeoutMillis: 0,
        user: 'postgres',
        database: 'postgres',
        ssl: false,
        stream: () => thread.connect(),
        onConnect: (client) => begin(client, channels),
      }),
      (opened) => opened.end(),
    );
    pool.on('connect', (client) => client.on('error', onError));
    pool.on('release', (_error, client) => {
      // One that was left in a transaction is not kept.
      if (client.getTransactionStatus() !== 'I') void client.end();
    });
    pool.on('error', () => {});
    const db = drizzle({ client: pool, schema });
    // The directory lock has already made this the only process.
    await migrate(db);
    const opened = resources.move();
    return {
      db,
      queue: { backend: 'pglite', query: (text, values) => pool.query(text, values) },
      checkWritable: () => checkWritable((text) => pool.query(text)),
      async listen(channel, hearing) {
        channels.set(channel, hearing);
        await pool.query(`LISTEN "${channel}"`);
        hearing.listens();
        return {
          async close() {
            channels.delete(channel);
          },
        };
      },
      setUp: (step) => step(db),
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : JSON.stringify(error);
    throw new Error(`goldtune cannot open the embedded database in ${directory}: ${reason}`, { cause: error });
  }
}

/** A session that follows another one listens to what that one did. */
async function begin(client: ClientBase, channels: ReadonlyMap<string, Hearing>): Promise<void> {
  await client.query(EMBEDDED_SESSION);
  client.on('notification', ({ channel, payload = '' }) => channels.get(channel)?.hear(payload));
  for (const [channel, hearing] of channels) {
    await client.query(`LISTEN "${channel}"`);
    hearing.listens();
  }
}
