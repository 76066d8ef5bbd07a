// The directory that an embedded database begins with, made ahead: to make one takes ten times as long, and 300 MB.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { z } from 'zod';

/** A line of JSON, and the bytes of all files in its order, packed. `npm run initial-directory` makes it. */
export const INITIAL_DIRECTORY = new URL('./initial-directory.br', import.meta.url);

export const contentsSchema = z.object({
  /** The version of PGlite that it was made by, and is for. */
  pglite: z.string(),
  /** `bytes` null: a directory, named before what is in it. */
  entries: z.array(z.object({ path: z.string(), bytes: z.number().nullable() })),
});

const { resolve } = createRequire(import.meta.url);
const packageSchema = z.object({ version: z.string() });

export function installedPGlite(): string {
  const file = join(dirname(resolve('@electric-sql/pglite')), '..', 'package.json');
  return packageSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

/** Lays it where nothing is yet, all of it or nothing. One for another PGlite is no use: PGlite then makes its own. */
export function layInitialDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const packed = brotliDecompressSync(readFileSync(INITIAL_DIRECTORY));
  const start = packed.indexOf('\n') + 1;
  const { pglite, entries } = contentsSchema.parse(JSON.parse(packed.toString('utf8', 0, start)));
  if (pglite !== installedPGlite()) return;

  const unfinished = `${directory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  let at = start;
  try {
    mkdirSync(unfinished, { mode: 0o700 });
    for (const { path, bytes } of entries) {
      const place = join(unfinished, path);
      if (bytes === null) {
        mkdirSync(place, { mode: 0o700 });
        continue;
      }
      writeFileSync(place, packed.subarray(at, at + bytes), { mode: 0o600 });
      at += bytes;
    }
    renameSync(unfinished, directory);
  } catch (error) {
    // It may be room that it lacks.
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}
