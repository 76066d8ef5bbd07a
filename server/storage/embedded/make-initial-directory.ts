// `npm run initial-directory`: makes the directory that an embedded database begins with, by the PGlite that is installed.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import type { z } from 'zod';
import { type contentsSchema, INITIAL_DIRECTORY, installedPGlite } from './initial-directory.ts';

const scratch = mkdtempSync(join(tmpdir(), 'goldtune-initial-'));
try {
  const directory = join(scratch, 'postgres');
  // A disk has to have room for some files of its log.
  const database = await PGlite.create({ dataDir: directory, initDbStartParams: ['--wal-segsize=4'] });
  await database.close();

  // In one order, those in a directory after it.
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  const entries = paths.map((path) => {
    const found = statSync(join(directory, path));
    return { path, bytes: found.isDirectory() ? null : found.size };
  });
  const contents: z.infer<typeof contentsSchema> = { pglite: installedPGlite(), entries };
  const files = entries.filter(({ bytes }) => bytes !== null).map(({ path }) => readFileSync(join(directory, path)));
  const whole = Buffer.concat([Buffer.from(`${JSON.stringify(contents)}\n`), ...files]);
  // Its three databases are the same, and are 7 MB apart.
  const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: whole.length };
  const packed = brotliCompressSync(whole, { params });
  writeFileSync(INITIAL_DIRECTORY, packed);
  console.log(`${entries.length} entries, ${whole.length} bytes, packed ${packed.length}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit();
