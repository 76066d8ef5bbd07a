// Drives reconcile: each finetuning by one caller at a time in this process, until it waits, ends, or time is up.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies } from './dependencies.ts';
import { reconcile } from './reconcile.ts';
import type { TrackedFinetuning } from './record.ts';

/** Steps in one go; a row that is still due then is found again by the sweep. */
const MOST_STEPS = 100;
/** How often a waiting caller looks whether another process has moved the row on. */
const LOOK_AGAIN_MS = 100;

export type Pursuit = {
  /** Does all that is due now. */
  advance(id: string): Promise<void>;
  /**
   * Pursues the row, from how it was just written, until it is as wished or the time is up; whatever was begun goes on behind.
   * @returns the row as wished; null where it was not seen to be
   */
  until(
    stored: TrackedFinetuning,
    wait_ms: number,
    isReached: (row: TrackedFinetuning) => boolean,
  ): Promise<TrackedFinetuning | null>;
  /** Begins no further step, and lets those who wait for a stop answer with what is known. */
  close(): void;
  /** Resolves when nothing is in flight any more. */
  idle(): Promise<void>;
};

/** Null: it does not exist. */
type Step = TrackedFinetuning | null | 'failed';

export function createPursuit(deps: Dependencies): Pursuit {
  const closing = new AbortController();
  const running = new Map<string, Promise<TrackedFinetuning | null>>();

  /** Joins the step that is under way, so that one process never does the same thing twice at once. */
  function step(id: string, known?: TrackedFinetuning): Promise<TrackedFinetuning | null> {
    const current = running.get(id);
    if (current) return current;
    const started = reconcile(deps, id, known).finally(() => running.delete(id));
    running.set(id, started);
    return started;
  }

  return {
    async advance(id) {
      let known: TrackedFinetuning | undefined;
      for (let steps = 0; steps < MOST_STEPS && !closing.signal.aborted; steps++) {
        const row = await step(id, known);
        if (!row || row.due_at === null || row.due_at > deps.clock()) return;
        known = row;
      }
    },

    async until(stored, wait_ms, isReached) {
      const { id } = stored;
      let known: TrackedFinetuning | undefined = stored;
      const deadline = performance.now() + wait_ms;
      const left = () => deadline - performance.now();
      const timeUp = sleep(wait_ms, 'time is up' as const, { ref: false, signal: closing.signal }).catch(
        () => 'time is up' as const,
      );
      while (left() > 0 && !closing.signal.aborted) {
        const going: Promise<Step> = step(id, known).catch((error: unknown) => {
          deps.log.warn({ finetuning: id, err: error }, 'could not pursue the stop; the worker goes on with it');
          return 'failed' as const;
        });
        const row: Step | 'time is up' = await Promise.race([going, timeUp]);
        if (row === 'time is up' || row === null) return null;
        if (row !== 'failed' && isReached(row)) return row;
        const isDue: boolean = row !== 'failed' && row.due_at !== null && row.due_at <= deps.clock();
        known = isDue && row !== 'failed' ? row : undefined;
        if (!isDue) await sleep(Math.max(0, Math.min(LOOK_AGAIN_MS, left())));
      }
      return null;
    },

    close: () => closing.abort(),

    async idle() {
      while (running.size > 0) await Promise.allSettled(running.values());
    },
  };
}
