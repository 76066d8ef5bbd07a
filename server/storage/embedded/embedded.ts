// The embedded database: PGlite in a thread of this process, with one session for all.
import { type ClientBase, Pool } from 'pg';
import { databaseOn, lendFrom } from '../lend.ts';
import { migrate } from '../migrate.ts';
import type { Hearing, OpenDatabase } from '../open-database.ts';
import { checkWritable } from '../readiness.ts';
import { EMBEDDED_SESSION } from '../session.ts';
import { tellingUnavailable } from '../unavailable.ts';
import { openThread } from './database-thread.ts';
import { lockDirectory } from './directory-lock.ts';
import { layInitialDirectory } from './initial-directory.ts';

const READ_ONLY_TRANSACTION = '25006';
const DISK_FULL = '53100';
/** How long a request waits for the session, which others have before it. */
const LONGEST_TURN_MS = 30_000;

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
        connectionTimeoutMillis: LONGEST_TURN_MS,
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
    pool.on('connect', (client) => {
      client.on('error', onError);
      // Nothing else makes its sessions read-only.
      client.connection.prependListener('errorMessage', (error: { code?: string }) => {
        if (error.code === READ_ONLY_TRANSACTION) error.code = DISK_FULL;
      });
    });
    pool.on('release', (_error, client) => {
      // One that was left in a transaction is not kept.
      if (client.getTransactionStatus() !== 'I') void client.end();
    });
    pool.on('error', () => {});
    const db = databaseOn(pool);
    const isWritable = () => checkWritable((text) => pool.query(text));
    // The directory lock has already made this the only process.
    await tellingUnavailable(() => migrate(db));
    await isWritable();
    const opened = resources.move();
    return {
      db,
      work: db,
      stops: lendFrom(pool),
      queue: { backend: 'pglite', query: (text, values) => pool.query(text, values) },
      checkWritable: isWritable,
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
