// How records are added where the database has one session: few at once, many as a staged import, one of those at a time.

import type { Actor } from '../finetuning/lifecycle/actor.ts';
import { newId } from '../finetuning/object-id.ts';
import type { GoldenRecord } from '../finetuning/record.ts';
import type { GoldenRecordStore } from '../finetuning/store.ts';
import { Unavailable } from '../finetuning/unavailable.ts';
import type { Database } from './database.ts';
import { addAtOnce, InUnfinishedImport } from './golden-records-at-once.ts';
import { forgetImport, importStaged, removeLeft } from './staged-import.ts';

/** As many as one short transaction adds. */
const FEW = { records: 100, characters: 256 * 1024 };
/** Each with its records in memory. */
const MOST_WAITING = 20;

export function addStaged(db: Database): GoldenRecordStore['add'] {
  let running: { id: string; over: Promise<void> } | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  /** Imports that were begun and of which some may be stored, though they are not done. */
  const unfinished = new Set<string>();

  async function many(organization_id: string, records: readonly GoldenRecord[], by: Actor, signal?: AbortSignal) {
    // What could not be removed when it failed.
    await forgetUnfinished();
    const id = newId();
    const over = Promise.withResolvers<void>();
    running = { id, over: over.promise };
    unfinished.add(id);
    try {
      const stored = await importStaged(db, organization_id, records, by, id, signal);
      if (stored) unfinished.delete(id);
      return stored;
    } finally {
      await forgetUnfinished();
      running = null;
      over.resolve();
    }
  }

  /** Nobody sees what cannot be removed now: that is tried again before the next import, and at the next start. */
  async function forgetUnfinished(): Promise<void> {
    for (const id of unfinished) {
      await forgetImport(db, id).then(
        () => unfinished.delete(id),
        () => {},
      );
    }
  }

  async function few(organization_id: string, records: readonly GoldenRecord[], by: Actor, signal?: AbortSignal) {
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await addAtOnce(db, organization_id, records, by, signal);
      } catch (error) {
        if (!(error instanceof InUnfinishedImport)) throw error;
        await madeWay(error, signal);
      }
    }
  }

  /** The records in the way are stored with the import that has them, or removed with it. */
  async function madeWay({ rows }: InUnfinishedImport, signal?: AbortSignal): Promise<void> {
    const now = running;
    const isOfIt = now !== null && rows.some((row) => row.unfinished === now.id);
    await (isOfIt ? wait(now.over, signal) : removeLeft(db, rows));
  }

  /** In the order in which they asked. Whoever is gone leaves the queue at once. */
  async function inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = turn;
    const mine = Promise.withResolvers<void>();
    turn = before.then(() => mine.promise);
    try {
      await wait(before, signal);
      return await work();
    } finally {
      mine.resolve();
    }
  }

  async function wait(others: Promise<unknown>, signal?: AbortSignal): Promise<void> {
    if (waiting >= MOST_WAITING) {
      const words =
        'Many golden records are being stored, and as many requests wait for that as can; nothing was stored';
      throw new Unavailable(words);
    }
    waiting += 1;
    try {
      await unlessGone(others, signal);
    } finally {
      waiting -= 1;
    }
  }

  return (organization_id, records, by, signal) =>
    isFew(records)
      ? few(organization_id, records, by, signal)
      : inTurn(() => many(organization_id, records, by, signal), signal);
}

/** @throws the reason of the signal, as soon as it comes */
async function unlessGone(awaited: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const gone = Promise.withResolvers<never>();
  const leave = () => gone.reject(signal?.reason);
  signal?.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([awaited, gone.promise]);
  } finally {
    signal?.removeEventListener('abort', leave);
  }
}

function isFew(records: readonly GoldenRecord[]): boolean {
  if (records.length > FEW.records) return false;
  const characters = records.reduce((sum, { prompt_text, sql }) => sum + prompt_text.length + sql.length, 0);
  return characters <= FEW.characters;
}
