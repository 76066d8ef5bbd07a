// A limit in time for what is done in the shared directory: one that hangs does so for ever, and blocks a thread of ours.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Folders } from './folders.ts';

/** Long enough for a list of many folders; a run at another provider never waits for it. */
const FILES_MS = 20_000;
/** At a time in one directory. The process has four threads for all files and names of hosts. */
const MOST = 2;

type Use = { running: number; waiting: (() => void)[] };
const uses = new WeakMap<Folders, Use>();

/**
 * It may still be done after the limit, like a request whose answer is lost.
 * @throws Error where it takes longer, its wait for others included; and what it throws
 */
export async function patiently<T>(folders: Folders, work: () => Promise<T>, limit_ms = FILES_MS): Promise<T> {
  const use = uses.get(folders) ?? { running: 0, waiting: [] };
  uses.set(folders, use);
  let isOver = false;
  const turn = async () => {
    if (use.running >= MOST) await new Promise<void>((resolve) => use.waiting.push(resolve));
    else use.running++;
    try {
      // Nobody waits for it any more, and what comes late surprises.
      if (isOver) throw new Error('not begun in time');
      return await work();
    } finally {
      const next = use.waiting.shift();
      if (next) next();
      else use.running--;
    }
  };
  try {
    return await within(turn(), limit_ms, `${folders.root} does not answer; is the share that it is on up?`);
  } finally {
    isOver = true;
  }
}

/** @throws Error that says so where it takes longer */
export async function within<T>(work: Promise<T>, limit_ms: number, otherwise: string): Promise<T> {
  const waiting = new AbortController();
  const late = sleep(limit_ms, null, { signal: waiting.signal }).then(() => {
    throw new Error(otherwise);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    waiting.abort();
  }
}
