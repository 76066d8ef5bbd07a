// The first start on an empty directory: what the database begins with was made ahead, so it takes little, and is whole or not there.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import {
  contentsSchema,
  INITIAL_DIRECTORY,
  installedPGlite,
  layInitialDirectory,
} from '../../server/storage/embedded/initial-directory.ts';
import { startProcess } from '../process/child.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { until } from '../until.ts';

const MOST_MB = 350;

test('the directory that a database begins with is of the PGlite that is installed; else: npm run initial-directory', () => {
  const [line = ''] = brotliDecompressSync(readFileSync(INITIAL_DIRECTORY)).toString('latin1').split('\n', 1);
  expect(contentsSchema.parse(JSON.parse(line)).pglite).toBe(installedPGlite());
});

test('what an earlier start has not finished is begun anew, and what is there is left alone', async () => {
  await using temporary = await temporaryDirectory();
  const directory = join(temporary.path, 'postgres');
  await mkdir(`${directory}.unfinished`);
  await writeFile(join(`${directory}.unfinished`, 'half'), '');
  layInitialDirectory(directory);
  expect(await readdir(temporary.path)).toEqual(['postgres']);
  expect(await readdir(directory)).toEqual(expect.arrayContaining(['PG_VERSION', 'base', 'pg_wal', 'pg_tblspc']));
  expect(existsSync(join(directory, 'half'))).toBe(false);

  await writeFile(join(directory, 'PG_VERSION'), 'another');
  layInitialDirectory(directory);
  expect(await readFile(join(directory, 'PG_VERSION'), 'utf8')).toBe('another');
});

test.skipIf(process.platform !== 'linux')(
  'the first start took 1.3 GB of memory, and each other one 900 MB',
  async () => {
    await using directory = await temporaryDirectory();
    const [, args = ''] = packageJson.scripts.start.split(' exec node ');
    for (const _start of ['first', 'second']) {
      await using child = startProcess(args.split(' '), { PORT: '0', DATA_DIR: directory.path });
      await until(() => child.printed().includes('"alias": "my_model"'), 'the sample is there');
      const status = await readFile(`/proc/${child.process.pid}/status`, 'utf8');
      expect(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024).toBeLessThan(MOST_MB);
      child.process.kill('SIGTERM');
      await child.ended;
    }
  },
);
