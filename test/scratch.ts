// Where the tests keep what is written all the time and gone with its owner: in memory, where a machine has room there.
import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const MEMORY = '/dev/shm';
/** Many times what all of it takes. A container has 64 MB there unless told otherwise. */
const ROOM_BYTES = 4 * 2 ** 30;

/** On a disk, its files are a third of what a database costs a test, or more where others write too. */
export const SCRATCH = process.env['TMPDIR'] === undefined && roomIn(MEMORY) >= ROOM_BYTES ? MEMORY : tmpdir();

function roomIn(directory: string): number {
  if (!existsSync(directory)) return 0;
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}
