// Which directory is mounted: a mark in it, made once, of which each training file's id carries a part.
import { randomBytes } from 'node:crypto';
import { access, link, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { absentAsNull, codeOf } from './absent.ts';
import type { Folders } from './folders.ts';
import { shareOfFile } from './names.ts';

const MARKER = '.goldtune';
const ID_BYTES = 16;
const ID = /^[0-9a-f]{32}$/;
/** So much of it that two directories are told apart, and a file's id stays short. */
const SHORT = 6;

/** What this process has written to; only a restart takes it to another. */
const known = new WeakMap<Folders, string>();

/**
 * Prepares the directory for a training file. An empty one is marked: it may be what is left of a share that is not
 * mounted, and then what was written to the share must not count as gone.
 * @returns the part of the mark that the file's id carries
 * @throws Error where it cannot be used, or is another than this process has written to
 */
export async function prepared(folders: Folders): Promise<string> {
  const expected = known.get(folders);
  const there = await markOf(folders);
  if (expected !== undefined && there !== expected) throw new Error(isAnother(folders));
  const mark = there ?? (await marked(folders));
  await mkdir(folders.inbox, { mode: 0o770 }).catch(unlessThere);
  await mkdir(folders.jobs, { mode: 0o770 }).catch(unlessThere);
  known.set(folders, mark);
  return mark.slice(0, SHORT);
}

/**
 * Nothing is gone because the place where it would be is not there, or is another than the one it was written to. Ids
 * from before there were marks are taken as they are.
 * @param fileId null: whichever file is looked for
 * @throws Error
 */
export async function mounted(folders: Folders, fileId: string | null): Promise<void> {
  if (!(await isThere(folders.inbox)) || !(await isThere(folders.jobs)))
    throw new Error(
      `${folders.inbox} or ${folders.jobs} is not there; is the directory that is shared with the cluster mounted?`,
    );
  const wanted = fileId === null ? (known.get(folders)?.slice(0, SHORT) ?? null) : shareOfFile(fileId);
  if (fileId !== null && wanted === null) return;
  const mark = await markOf(folders);
  if (mark === null)
    throw new Error(
      `${join(folders.root, MARKER)} is not there; is the directory that is shared with the cluster mounted?`,
    );
  if (wanted !== null && !mark.startsWith(wanted)) throw new Error(isAnother(folders));
}

const isAnother = ({ root }: Folders) =>
  `another directory is mounted at ${root} than the one that was written to; mount that again (or restart goldtune, where it was replaced on purpose)`;

async function markOf(folders: Folders): Promise<string | null> {
  const path = join(folders.root, MARKER);
  const text = await readFile(path, 'utf8').catch(absentAsNull);
  if (text === null) return null;
  const id = text.trim();
  if (!ID.test(id)) throw new Error(`${path} does not hold what goldtune has written into it`);
  return id;
}

/** Whole or not at all, and once, whoever else does so now. */
async function marked(folders: Folders): Promise<string> {
  const own = randomBytes(ID_BYTES).toString('hex');
  const path = join(folders.root, MARKER);
  const draft = `${path}-${own}`;
  try {
    await writeFile(draft, `${own}\n`, { flag: 'wx', mode: 0o640, flush: true });
    await link(draft, path).catch(unlessThere);
  } finally {
    await rm(draft, { force: true });
  }
  await settle(folders.root);
  const mark = await markOf(folders);
  if (mark === null) throw new Error(`${path} cannot be read, though it was written`);
  return mark;
}

const isThere = async (path: string) => (await access(path).then(() => true, absentAsNull)) ?? false;

/** A crash of the file server brings nothing back that was removed, and loses nothing that was acknowledged. */
export async function settle(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function unlessThere(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}
