// A directory for files that are needed for a moment. What a process leaves that was killed, the next one removes.
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Scratch = Disposable & {
  /** The directory, which nobody else can read. Made when first asked for. */
  directory(): string;
};

const PREFIX = 'goldtune-scratch-';
const LOCK = 'lock.sqlite';
/** Of a directory without a lock: whoever made it just now is about to lock it. */
const YOUNG_MS = 60_000;

/**
 * @param parent may be shared by several processes, and need not be there. What others left in it that have ended is
 *   removed, as far as it can be.
 */
export function openScratch(parent: string): Scratch {
  for (const left of leftIn(parent)) tryTo(() => rmSync(left, { recursive: true, force: true }));
  let own: { path: string; lock: DatabaseSync } | null = null;
  return {
    directory() {
      // Systems clean their temporary directory of what was not touched for days.
      if (own && !existsSync(own.path)) {
        own.lock.close();
        own = null;
      }
      own ??= make(parent);
      return own.path;
    },
    [Symbol.dispose]() {
      if (!own) return;
      rmSync(own.path, { recursive: true, force: true });
      own.lock.close();
    },
  };
}

function make(parent: string): { path: string; lock: DatabaseSync } {
  const path = mkdtempSync(join(parent, PREFIX));
  const lock = new DatabaseSync(join(path, LOCK));
  hold(lock);
  return { path, lock };
}

/** The operating system drops the lock with the process, also on kill -9. @throws where another process holds it */
function hold(lock: DatabaseSync): void {
  lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
}

/** Directories of processes that have ended. */
function leftIn(parent: string): string[] {
  const names = tryTo(() => readdirSync(parent)) ?? [];
  return names
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(parent, name))
    .filter(isLeft);
}

function isLeft(path: string): boolean {
  const found = tryTo(() => statSync(path));
  if (!found?.isDirectory() || found.uid !== process.getuid?.()) return false;
  const lock = join(path, LOCK);
  return existsSync(lock) ? (tryTo(() => isFree(lock)) ?? false) : Date.now() - found.mtimeMs > YOUNG_MS;
}

function isFree(path: string): boolean {
  using lock = new DatabaseSync(path);
  hold(lock);
  return true;
}

/** Undefined where it cannot be done: what is left stays, and hinders nobody. */
function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
