// Training files in a directory that is shared with a cluster: nothing counts as gone that may only be out of sight.
import { mkdir, readdir, rename, rm, symlink, utimes, writeFile as write } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foldersOf } from '../../server/provider/slurm/folders.ts';
import { isFileId } from '../../server/provider/slurm/names.ts';
import { notesOf } from '../../server/provider/slurm/notes.ts';
import { findFile, listFiles, removeFile, writeFile } from '../../server/provider/slurm/training-files.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const stem = `${'a'.repeat(24)}.1`;
const upload = (folders: ReturnType<typeof foldersOf>) =>
  writeFile(folders, new File(['records'], `${stem}.jsonl`), 5000);

async function uploaded(folders: ReturnType<typeof foldersOf>): Promise<string> {
  const outcome = await upload(folders);
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.value.id;
}

/** The share is not mounted any more, and what is there is an empty local folder. */
async function unmount(directory: string): Promise<void> {
  await rename(directory, `${directory}-away`);
  await mkdir(directory);
}
async function mount(directory: string): Promise<void> {
  await rm(directory, { recursive: true });
  await rename(`${directory}-away`, directory);
}

test('a share that is not mounted hides files and does not remove them, whatever is written in its place', async () => {
  await using temporary = await temporaryDirectory();
  const directory = join(temporary.path, 'share');
  await mkdir(directory);
  const file = await uploaded(foldersOf(directory));
  await unmount(directory);
  const afterRestart = foldersOf(directory);
  const local = await uploaded(afterRestart);
  expect(await removeFile(afterRestart, local)).toMatchObject({ kind: 'done' });
  expect(await removeFile(afterRestart, local)).toMatchObject({ kind: 'refused', refusal: { code: 'missing' } });
  const another = { kind: 'unknown', reason: expect.stringContaining('another directory is mounted') };
  expect(await removeFile(afterRestart, file)).toMatchObject(another);
  expect(await findFile(afterRestart, file)).toMatchObject(another);
  await expect(notesOf(afterRestart, file)).rejects.toThrow('another directory is mounted');
  await mount(directory);
  expect(await findFile(foldersOf(directory), file)).toMatchObject({ kind: 'done' });
  expect(await removeFile(foldersOf(directory), file)).toMatchObject({ kind: 'done' });
});

test('a process that has written to the share writes to nothing that stands in its place', async () => {
  await using temporary = await temporaryDirectory();
  const directory = join(temporary.path, 'share');
  await mkdir(directory);
  const folders = foldersOf(directory);
  const file = await uploaded(folders);
  await unmount(directory);
  expect(await upload(folders)).toMatchObject({ kind: 'unknown' });
  expect(await readdir(directory)).toEqual([]);
  expect(await listFiles(folders)).toMatchObject({ kind: 'unknown' });
  await mount(directory);
  expect(await listFiles(folders)).toMatchObject({ value: { found: [{ id: file }], incomplete: null } });
});

test('files are not listed where the mark of the directory is missing, and are once it is there', async () => {
  await using temporary = await temporaryDirectory();
  const folders = foldersOf(temporary.path);
  const old = `${stem}.${'0'.repeat(16)}`;
  await mkdir(folders.inbox);
  await mkdir(folders.jobs);
  await write(folders.waiting(old), 'records');
  expect(await listFiles(folders)).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('.goldtune') });
  expect(await findFile(folders, old)).toMatchObject({ kind: 'done' });
  const file = await uploaded(folders);
  const listed = await listFiles(folders);
  if (listed.kind !== 'done') throw new Error(listed.kind);
  expect(listed.value.found.map(({ id }) => id).toSorted()).toEqual([old, file].toSorted());
  expect(isFileId(file)).toBe(true);
});

test('files that are written first at the same time agree on the directory', async () => {
  await using temporary = await temporaryDirectory();
  const files = await Promise.all(Array.from({ length: 8 }, () => uploaded(foldersOf(temporary.path))));
  const folders = foldersOf(temporary.path);
  for (const file of files) expect(await findFile(folders, file)).toMatchObject({ kind: 'done' });
  expect((await readdir(temporary.path)).toSorted()).toEqual(['.goldtune', 'inbox', 'jobs']);
});

test('a search for the files of one run looked into the folder of every job that was ever made', async () => {
  await using temporary = await temporaryDirectory();
  const folders = foldersOf(temporary.path);
  const [waiting, taken] = [await uploaded(folders), await uploaded(folders)];
  await mkdir(folders.job(taken).root);
  await rename(folders.waiting(taken), folders.job(taken).taken);
  // One into which nobody can look, in the place of as many as there is no time to look into.
  const other = folders.job(`${'b'.repeat(24)}.1.${'0'.repeat(16)}`).root;
  await symlink(other, other);
  expect(await listFiles(folders)).toMatchObject({ kind: 'unknown' });
  const listed = await listFiles(folders, 'a'.repeat(24));
  if (listed.kind !== 'done') throw new Error(JSON.stringify(listed));
  expect(listed.value.found.map(({ id }) => id).toSorted()).toEqual([waiting, taken].toSorted());
  expect(await removeFile(folders, taken)).toMatchObject({ kind: 'done' });
  expect(await listFiles(folders, 'a'.repeat(24))).toMatchObject({ value: { found: [{ id: waiting }] } });
});

test('what an upload has left behind is removed after a day, and nothing else is', async () => {
  await using temporary = await temporaryDirectory();
  const folders = foldersOf(temporary.path);
  const file = await uploaded(folders);
  const id = (digit: string) => `${stem}.${digit.repeat(16)}`;
  const kept = [`${file}.jsonl`, `${id('1')}.jsonl.partial`, `${id('2')}.partial`, 'theirs.partial'];
  const left = `${id('3')}.partial`;
  const longAgo = new Date(Date.now() - 25 * 3_600_000);
  for (const name of [...kept.slice(1), left]) await write(join(folders.inbox, name), 'x');
  for (const name of [...kept, left])
    if (name !== `${id('2')}.partial`) await utimes(join(folders.inbox, name), longAgo, longAgo);
  expect(await listFiles(folders)).toMatchObject({ value: { found: [{ id: file }] } });
  expect((await readdir(folders.inbox)).toSorted()).toEqual(kept.toSorted());
});
