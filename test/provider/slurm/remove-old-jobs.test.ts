// What operators run over the folders of jobs: it removes what is old and unused, and nothing else.
import { execFile } from 'node:child_process';
import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../temporary-directory.ts';

const SCRIPT = fileURLToPath(new URL('../../../examples/slurm/remove-old-jobs.sh', import.meta.url));
const clean = (shared: string) => promisify(execFile)('sh', [SCRIPT, shared, '30']);

const DAY_S = 86_400;
const daysAgo = (days: number) => Date.now() / 1000 - days * DAY_S;

/** A folder of a job, all in it so many days old. */
async function job(shared: string, id: string, days: number, files: readonly string[]): Promise<void> {
  const root = join(shared, 'jobs', id);
  await mkdir(join(root, 'output'), { recursive: true });
  for (const file of files) {
    await writeFile(join(root, file), '');
    await utimes(join(root, file), daysAgo(days), daysAgo(days));
  }
  for (const folder of new Set([...files.map((file) => dirname(join(root, file))), join(root, 'output'), root]))
    await utimes(folder, daysAgo(days), daysAgo(days));
}

test('folders that are old and whose training file is gone are removed, and no others', async () => {
  await using temporary = await temporaryDirectory();
  const shared = join(temporary.path, 'a share');
  for (const name of ['inbox', 'jobs', 'elsewhere']) await mkdir(join(shared, name), { recursive: true });
  await writeFile(join(shared, '.goldtune'), '');
  await job(shared, 'old and over', 31, ['result.json', 'output/model.json']);
  await job(shared, 'old and never begun', 31, []);
  await job(shared, 'old and kept', 31, ['training.jsonl', 'result.json']);
  await job(shared, 'old and still waiting', 31, []);
  await writeFile(join(shared, 'inbox', 'old and still waiting.jsonl'), '');
  await job(shared, 'young', 1, ['result.json']);
  await job(shared, 'old, and still written to', 31, ['started.json']);
  await writeFile(join(shared, 'jobs', 'old, and still written to', 'output', 'model.json'), '');
  await writeFile(join(shared, 'elsewhere', 'model.json'), '');
  await symlink(join(shared, 'elsewhere'), join(shared, 'jobs', 'a link'));
  const { stdout } = await clean(shared);
  expect(stdout.trim().split('\n')).toEqual(
    ['old and never begun', 'old and over'].map((name) => join(shared, 'jobs', name)),
  );
  expect(await readdir(join(shared, 'jobs'))).toEqual(
    expect.arrayContaining(['a link', 'old and kept', 'old and still waiting', 'old, and still written to', 'young']),
  );
  expect(await readdir(join(shared, 'jobs'))).toHaveLength(5);
  expect(await readdir(join(shared, 'elsewhere'))).toEqual(['model.json']);
});

test('a directory that is not goldtune’s, or a share that is not mounted, is left alone', async () => {
  await using temporary = await temporaryDirectory();
  await job(temporary.path, 'old and over', 31, ['result.json']);
  await expect(clean(temporary.path)).rejects.toThrow('not mounted');
  expect(await readdir(join(temporary.path, 'jobs'))).toEqual(['old and over']);
});
