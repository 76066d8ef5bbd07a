// What is believed of a job's folder, whatever a trainer, a clock or a share does to it.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Folders, foldersOf } from '../../server/provider/slurm/folders.ts';
import { isAlive, noteAsked, notesOf } from '../../server/provider/slurm/notes.ts';
import { patiently } from '../../server/provider/slurm/patience.ts';
import { within } from '../deadline.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { until } from '../until.ts';

const file = `${'a'.repeat(24)}.1.${'0'.repeat(16)}`;
const YEAR_MS = 365 * 24 * 3_600_000;

async function started(folders: Folders) {
  await mkdir(folders.inbox);
  await mkdir(folders.job(file).root, { recursive: true });
  await writeFile(folders.job(file).started, '{"job_id": "7", "exit_code": null}');
  return notesOf(folders, file);
}

test.each([
  ['a year behind', -YEAR_MS],
  ['a year ahead', YEAR_MS],
])('a job whose machine has a clock %s is alive as long as it says so, and no longer', async (_clock, off_ms) => {
  await using directory = await temporaryDirectory();
  const folders = foldersOf(directory.path);
  const notes = await started(folders);
  const says = async (second: number) => {
    await writeFile(folders.job(file).alive, '');
    const at = new Date(1_800_000_000_000 + off_ms + second * 1000);
    await utimes(folders.job(file).alive, at, at);
  };
  for (const second of [0, 10, 30, 90]) {
    await says(second);
    expect(await isAlive(folders, file, notes, second * 1000)).toBe(true);
  }
  expect(await isAlive(folders, file, notes, 104_000)).toBe(true);
  expect(await isAlive(folders, file, notes, 106_000)).toBe(false);
  expect(await isAlive(folders, file, notes, 900_000)).toBe(false);
  expect(await readdir(folders.job(file).root)).toEqual(['alive', 'started.json']);
});

test('a pipe in the place of the sign of life keeps nobody waiting', async () => {
  await using directory = await temporaryDirectory();
  const folders = foldersOf(directory.path);
  const notes = await started(folders);
  execFileSync('mkfifo', [folders.job(file).alive]);
  expect(await isAlive(folders, file, notes)).toBe(false);
});

test('a pipe in the place of the note that a stop was asked for kept the stop waiting for ever', async () => {
  await using directory = await temporaryDirectory();
  const folders = foldersOf(directory.path);
  await started(folders);
  execFileSync('mkfifo', [folders.job(file).asked]);
  await within(noteAsked(folders, file, '7'), 'it is noted', 30_000);
  expect((await notesOf(folders, file)).asked).toEqual({ job_id: '7', exit_code: null });
  expect(await readdir(folders.job(file).root)).toEqual(['asked.json', 'started.json']);
});

test('a link in the place of the note that a stop was asked for had what it leads to overwritten', async () => {
  await using directory = await temporaryDirectory();
  const folders = foldersOf(directory.path);
  await started(folders);
  const elsewhere = join(directory.path, 'of-somebody-else');
  await writeFile(elsewhere, 'theirs');
  await symlink(elsewhere, folders.job(file).asked);
  await noteAsked(folders, file, '7');
  expect(await readFile(elsewhere, 'utf8')).toBe('theirs');
  expect((await notesOf(folders, file)).asked).toEqual({ job_id: '7', exit_code: null });
});

test('a note that a stop was asked for leaves nothing half written where it has no place', async () => {
  await using directory = await temporaryDirectory();
  const folders = foldersOf(directory.path);
  await started(folders);
  await mkdir(folders.job(file).asked);
  await expect(noteAsked(folders, file, '7')).rejects.toThrow();
  expect(await readdir(folders.job(file).root)).toEqual(['asked.json', 'started.json']);
});

test('a directory that hangs is given up on, what waits for it is not begun late, and it is used again once it answers', async () => {
  const folders = foldersOf('/shared');
  const { promise, resolve } = Promise.withResolvers<void>();
  const hanging = [1, 2].map(() => patiently(folders, () => promise, 20));
  let begun = false;
  const begin = async () => {
    begun = true;
  };
  const behind = patiently(folders, begin, 20);
  for (const outcome of [...hanging, behind]) await expect(outcome).rejects.toThrow('/shared does not answer');
  resolve();
  await until(() => patiently(folders, async () => true, 20).catch(() => false), 'it is used again');
  expect(begun).toBe(false);
});
