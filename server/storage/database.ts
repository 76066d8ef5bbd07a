// One database behind one type: Postgres through `pg`, or PGlite in a thread of this process under DATA_DIR.
import { openEmbedded } from './embedded/embedded.ts';
import type { OpenDatabase } from './open-database.ts';
import { openPostgres } from './postgres.ts';

export type { Database, Lend, OpenDatabase } from './open-database.ts';

/**
 * Opens the database and brings its tables up to date. `onError` hears of connections that are lost.
 * @throws Error with one clear line when the server cannot be used or the directory is in use.
 */
export const openDatabase = (
  where: { url: string } | { directory: string },
  onError: (error: Error) => void,
): Promise<OpenDatabase> =>
  'url' in where ? openPostgres(where.url, onError) : openEmbedded(where.directory, onError);
