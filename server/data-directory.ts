// The directory that holds the embedded database and the sandbox's ledger: there, and writable, or one clear line.
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * @returns whether nothing is in it yet
 * @throws Error naming DATA_DIR when the directory cannot be made or used.
 */
export function prepareDataDirectory(path: string): boolean {
  try {
    make(resolve(path));
    // Trying says more than asking for permissions: of root, of file systems that are full, or are no real ones.
    rmdirSync(mkdtempSync(join(path, '.writable-')));
    return readdirSync(path).length === 0;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `goldtune cannot start: DATA_DIR ${path} is not a directory it can write to (${reason}); choose another DATA_DIR`,
      { cause: error },
    );
  }
}

/** One level at a time: Node's own `recursive` never returns where a file system has no directories to make, as /proc. */
function make(path: string): void {
  if (isDirectory(path)) return;
  make(dirname(path));
  try {
    // What lies in it is for its owner alone: the sandbox's ledger holds what was uploaded.
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Two processes may make it at once.
    if (!isDirectory(path)) throw error;
  }
}

function isDirectory(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw new Error(`${path} is a file`);
  return found !== undefined;
}
