// A file system with little room, in memory. Not every machine lets its tests mount one: those are skipped, and say so.
import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '../temporary-directory.ts';

const MB = 2 ** 20;

export const mayMount = isAllowed();

export type SmallDisk = AsyncDisposable & {
  path: string;
  /** Somebody else takes all room but so much. */
  fill(left_mb?: number): Promise<void>;
  /** And gives it back. */
  empty(): void;
};

export async function mountSmallDisk(mb: number): Promise<SmallDisk> {
  await using resources = new AsyncDisposableStack();
  const { path } = resources.use(await temporaryDirectory());
  mount(path, mb);
  resources.defer(() => unmount(path));
  const taken = join(path, 'somebody-elses');
  const mounted = resources.move();
  return {
    path,
    async fill(left_mb = 0) {
      const file = await open(taken, 'a');
      const part = new Uint8Array(64 * 1024);
      const free = () => {
        const { bavail, bsize } = statfsSync(path);
        return bavail * bsize;
      };
      try {
        while (free() > left_mb * MB) await file.write(part.subarray(0, Math.min(part.length, free() - left_mb * MB)));
      } finally {
        await file.close();
      }
    },
    empty: () => rmSync(taken, { force: true }),
    [Symbol.asyncDispose]: () => mounted.disposeAsync(),
  };
}

const mount = (path: string, mb: number) => execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mb}M`, 'tmpfs', path]);
// Lazily: a process that was killed may not be gone yet.
const unmount = (path: string) => void execFileSync('umount', ['-l', path]);

function isAllowed(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}
