// What a job says of itself in its folder: that it started or refused to, that it is alive, how it ended; and that it was
// asked to.
import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Folders } from './folders.ts';
import { patiently } from './patience.ts';
import { mounted } from './share.ts';
import { readTail, touchedAt } from './untrusted-file.ts';

const LONGEST_NOTE = 10_000;

const note = z.object({ job_id: z.string().regex(/^[1-9]\d{0,19}$/), exit_code: z.int().nullable() });
export type Note = z.infer<typeof note>;

export type Notes = Record<'started' | 'refused' | 'result' | 'stopped' | 'asked', Note | null>;

/** It says so every second. Killed, it cannot say that it ended, and is given this long to be heard of. */
const SILENCE_MS = 15_000;

/** @throws Error where the folder cannot be read, or another directory is mounted */
export const notesOf = (folders: Folders, fileId: string): Promise<Notes> =>
  patiently(folders, () => readNotes(folders, fileId));

async function readNotes(folders: Folders, fileId: string): Promise<Notes> {
  await mounted(folders, fileId);
  const job = folders.job(fileId);
  const read = async (path: string) => {
    const tail = await readTail(job.root, path, LONGEST_NOTE);
    return tail && (note.safeParse(json(tail.text)).data ?? null);
  };
  return {
    started: await read(job.started),
    refused: await read(job.refused),
    result: await read(job.result),
    stopped: await read(job.stopped),
    asked: await read(job.asked),
  };
}

/**
 * Whole or not at all, as the job's own script writes its notes, and in the place of whatever the trainer has put
 * there, a pipe or a link: that is neither opened nor followed.
 * @throws Error where it cannot be written
 */
export async function noteAsked(folders: Folders, fileId: string, job_id: string): Promise<void> {
  const { asked } = folders.job(fileId);
  const draft = `${asked}.${randomBytes(8).toString('hex')}`;
  const text = JSON.stringify({ job_id, exit_code: null, at: new Date().toISOString() });
  try {
    await writeFile(draft, text, { flag: 'wx', mode: 0o600 });
    await rename(draft, asked);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** It refused, and no job has taken its file: then nothing of this file was ever trained. */
export const neverTrained = ({ started, refused }: Notes) => refused !== null && started === null;

/** What was seen last, and since when it is unchanged by our own clock. */
type Heard = { touched_ms: number; since_ms: number };
const heards = new WeakMap<Folders, Map<string, Heard>>();

/**
 * Whatever Slurm says of it: a controller that has forgotten a start does not know that the job runs. Its times are a
 * node's or a file server's, whose clocks may be wrong, so one is compared with itself only: what is seen for the first
 * time may be alive.
 * @param now_ms of a clock that never goes back
 */
export async function isAlive(
  folders: Folders,
  fileId: string,
  { started, result, stopped }: Notes,
  now_ms = performance.now(),
): Promise<boolean> {
  if (!started || result || stopped) return false;
  const job = folders.job(fileId);
  const touched_ms = await patiently(folders, () => touchedAt(job.root, job.alive));
  if (touched_ms === null) return false;
  const seen = heards.get(folders) ?? new Map<string, Heard>();
  heards.set(folders, seen);
  const before = seen.get(fileId);
  if (before?.touched_ms === touched_ms) return now_ms - before.since_ms < SILENCE_MS;
  seen.set(fileId, { touched_ms, since_ms: now_ms });
  return true;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
