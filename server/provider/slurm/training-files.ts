// Training files in the shared directory. A file that is gone never comes back: each name is used once, by one rename.
import { createWriteStream } from 'node:fs';
import { access, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Listing, Outcome, ProviderFile } from '../../finetuning/provider.ts';
import { absentAsNull, codeOf } from './absent.ts';
import type { Folders } from './folders.ts';
import { fileNameOf, isFileId, newFileId, stemOfName, tagOfFile } from './names.ts';
import { patiently, within } from './patience.ts';
import { mounted, prepared, settle } from './share.ts';

const SUFFIX = '.jsonl';
/** Of what is being written; none of it is a training file yet. */
const PARTIAL = '.partial';
const GRACE_MS = 1000;
const LEFT_MS = 24 * 3_600_000;

export async function writeFile(folders: Folders, file: File, timeout_ms: number): Promise<Outcome<ProviderFile>> {
  const stem = stemOfName(file.name);
  if (stem === null) return refused('invalid', 400, `a training file cannot be called ${JSON.stringify(file.name)}`);
  let id: string;
  try {
    id = newFileId(stem, await patiently(folders, () => prepared(folders)));
  } catch (error) {
    return notWritten(error, folders.root);
  }
  const partial = join(folders.inbox, `${id}${PARTIAL}`);
  try {
    const written = pipeline(
      Readable.fromWeb(file.stream()),
      createWriteStream(partial, { flags: 'wx', mode: 0o660, flush: true }),
      { signal: AbortSignal.timeout(timeout_ms) },
    );
    // A write that hangs is not ended by its signal.
    await within(written, timeout_ms + GRACE_MS, `${folders.root} does not answer`);
  } catch (error) {
    // It may hang too, and what it leaves is removed later.
    rm(partial, { force: true }).catch(() => {});
    return notWritten(error, folders.root);
  }
  return quietly(folders, async () => {
    await rename(partial, folders.waiting(id));
    await settle(folders.inbox);
    return { kind: 'done', value: shown(id) };
  });
}

/**
 * Once it is neither in the inbox nor in the folder of the job that took it, no start can take it. A file goes from the
 * one to the other and never back, so looking in this order misses none.
 */
export async function removeFile(folders: Folders, fileId: string): Promise<Outcome<{ id: string }>> {
  if (!isFileId(fileId)) return missing(fileId);
  return quietly(folders, async () => {
    await mounted(folders, fileId);
    const wasWaiting = await gone(folders.waiting(fileId));
    if (wasWaiting) await settle(folders.inbox);
    const wasTaken = await gone(folders.job(fileId).taken);
    if (wasTaken) await settle(folders.job(fileId).root);
    return wasWaiting || wasTaken ? { kind: 'done', value: { id: fileId } } : missing(fileId);
  });
}

export async function findFile(folders: Folders, fileId: string): Promise<Outcome<ProviderFile>> {
  if (!isFileId(fileId)) return missing(fileId);
  return quietly(folders, async () => {
    await mounted(folders, fileId);
    // In this order, as it moves from the one to the other.
    const isThere = (await exists(folders.waiting(fileId))) || (await exists(folders.job(fileId).taken));
    return isThere ? { kind: 'done', value: shown(fileId) } : missing(fileId);
  });
}

/**
 * Each job that was ever made has a folder, and of many there is no time to look into each.
 * @param finetuning only into the folders of its jobs; left out: into all
 */
export async function listFiles(folders: Folders, finetuning?: string): Promise<Outcome<Listing<ProviderFile>>> {
  const isWanted = (id: string) =>
    isFileId(id) && (finetuning === undefined || tagOfFile(id).goldtune_finetuning === finetuning);
  return quietly(folders, async () => {
    await mounted(folders, null);
    const names = await readdir(folders.inbox);
    await removeLeftovers(folders, names);
    const waiting = names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
    const ids = new Set(waiting.filter(isWanted));
    for (const id of (await readdir(folders.jobs)).filter(isWanted)) {
      if (await exists(folders.job(id).taken)) ids.add(id);
    }
    return { kind: 'done', value: { found: [...ids].map(shown), incomplete: null } };
  });
}

/** Of uploads that ended with their process. None takes a day, so a clock that is wrong by hours does not matter. */
async function removeLeftovers(folders: Folders, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (!name.endsWith(PARTIAL) || !isFileId(name.slice(0, -PARTIAL.length))) continue;
    const path = join(folders.inbox, name);
    const found = await stat(path).catch(absentAsNull);
    if (found && Date.now() - found.mtimeMs > LEFT_MS) await gone(path);
  }
}

const shown = (id: string): ProviderFile => ({ id, name: fileNameOf(id), ready: true });

/** Whether it was there. */
const gone = async (path: string) => (await unlink(path).then(() => true, absentAsNull)) ?? false;

const exists = async (path: string) => (await access(path).then(() => true, absentAsNull)) ?? false;

/** Before its rename nothing has happened, but what stood in the way may be in the way of looking too. */
function notWritten(error: unknown, directory: string): Outcome<never> {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return refused('exhausted', 507, `${directory} is full; make room there`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return refused('forbidden', 403, `${directory} cannot be written to; let the user that goldtune runs as do so`);
    default:
      return { kind: 'unknown', reason: worded(error) };
  }
}

async function quietly<T>(folders: Folders, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await patiently(folders, work);
  } catch (error) {
    return { kind: 'unknown', reason: worded(error) };
  }
}

const worded = (error: unknown) =>
  error instanceof Error ? error.message.slice(0, 500) : 'the directory cannot be used';

const missing = (id: string): Outcome<never> => refused('missing', 404, `there is no training file ${id}`);

function refused(
  code: 'missing' | 'invalid' | 'exhausted' | 'forbidden',
  status: number,
  message: string,
): Outcome<never> {
  return { kind: 'refused', refusal: { code, message, status } };
}
