// PGlite does not guard its directory against a second process; this does. The lock frees itself when a process dies.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** @throws Error saying who is in the way when another process holds the directory. */
export function lockDirectory(directory: string): { release(): void } {
  mkdirSync(directory, { recursive: true });
  const lock = new DatabaseSync(join(directory, 'lock.sqlite'));
  try {
    // The operating system drops the file lock with the process, also on kill -9.
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    const isBusy = error instanceof Error && /locked|busy/.test(error.message);
    if (!isBusy) throw new Error(`goldtune cannot lock ${directory}: ${String(error)}`, { cause: error });
    throw new Error(
      `The embedded database in ${directory} is in use by another goldtune process. Stop that one, choose another DATA_DIR, or set DATABASE_URL to a Postgres server, which several processes can share.`,
    );
  }
  return { release: () => lock.close() };
}
