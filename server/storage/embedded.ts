// The embedded database: PGlite, in this process, with one session for all.
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import * as schema from '../../drizzle/schema.ts';
import { lockDirectory } from './directory-lock.ts';
import { migrate } from './migrate.ts';
import type { OpenDatabase } from './open-database.ts';
import { checkWritable } from './readiness.ts';
import { EMBEDDED_SESSION } from './session.ts';

/** @throws Error with one clear line when the directory is in use or cannot be opened. */
export async function openEmbedded(directory: string): Promise<OpenDatabase> {
  const lock = lockDirectory(directory);
  try {
    // The default of 128 MB is allocated at once; this database has one user and fits in much less.
    const client = await PGlite.create({ dataDir: `${directory}/postgres`, startParams: startParams('8MB') });
    await client.exec(EMBEDDED_SESSION);
    const db = drizzle({ client, schema });
    // The directory lock has already made this the only process.
    await migrate(db);
    return {
      db,
      queue: { kind: 'pglite', client },
      checkWritable: () => checkWritable((text) => client.query(text)),
      async listen(channel, { hear, listens }) {
        const close = await client.listen(channel, hear);
        listens();
        return { close };
      },
      setUp: (step) => step(db),
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
