// The files of the write-ahead log of the embedded database: few and small, since a disk has to have room for them all.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const MB = 2 ** 20;
/** PostgreSQL's own choice, of directories that were made by earlier versions. */
const USUAL_SEGMENT = 16 * MB;
const OUR_SEGMENT = 4 * MB;
/** What is not needed any more is kept to be written again, so many files of it. */
const KEPT_SEGMENTS = { least: 2, most: 4 };

/** For the directory that is to be made. */
export const initDbStartParams = [`--wal-segsize=${OUR_SEGMENT / MB}`];

export const startParamsFor = (segment: number): string[] => [
  '-c',
  `min_wal_size=${(KEPT_SEGMENTS.least * segment) / MB}MB`,
  '-c',
  `max_wal_size=${(KEPT_SEGMENTS.most * segment) / MB}MB`,
];

/** How large a file is, in bytes; of a directory that is not made yet, how large it will be. */
export function segmentOf(directory: string): number {
  const log = join(directory, 'pg_wal');
  try {
    const name = readdirSync(log).find((entry) => /^[0-9A-F]{24}$/.test(entry));
    return name === undefined ? USUAL_SEGMENT : statSync(join(log, name)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return OUR_SEGMENT;
    throw error;
  }
}
