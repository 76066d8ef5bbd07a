// Reads what a trainer has written. It may be anything: endless, a pipe, or a link that leads out of the folder.
import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { sep } from 'node:path';

/** Its end, at most so many bytes; null where there is no such file in the folder. */
export async function readTail(
  folder: string,
  path: string,
  most_bytes: number,
): Promise<{ text: string; whole: boolean } | null> {
  const file = await opened(path);
  if (!file) return null;
  try {
    const { size } = await file.stat();
    if (!(await isPlainIn(file, path, folder))) return null;
    const length = Math.min(size, most_bytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return { text: buffer.subarray(0, bytesRead).toString(), whole: length === size };
  } finally {
    await file.close();
  }
}

/** When it was changed, by its file server or a node; null where there is no such file in the folder. */
export async function touchedAt(folder: string, path: string): Promise<number | null> {
  const file = await opened(path);
  if (!file) return null;
  try {
    // Of the open file, since what is known of a name may be remembered from before.
    return (await isPlainIn(file, path, folder)) ? (await file.stat()).mtimeMs : null;
  } finally {
    await file.close();
  }
}

/** Without following a link at its end, and without waiting for somebody to write into a pipe. */
async function opened(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && ABSENT.has(String(error.code))) return null;
    throw error;
  }
}

const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EMLINK']);

/** Of what is open, not of its name: a folder on the way may be a link, and become one at any time. */
async function isPlainIn(file: FileHandle, path: string, folder: string): Promise<boolean> {
  if (!(await file.stat()).isFile()) return false;
  const really = await readlink(`/proc/self/fd/${file.fd}`).catch(() => realpath(path));
  return really.startsWith(`${await realpath(folder)}${sep}`);
}
