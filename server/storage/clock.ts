// One clock for all processes: the database's, carried on by each process's monotonic one. The wall clock of a process
// may differ from its neighbours' and may step; times in rows are for people and for schedules, and must not.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Clock, Log } from '../finetuning/dependencies.ts';
import type { Database } from './database.ts';

const COMPARE_EVERY_MS = 30_000;
/** What a comparison over a network may be off by. */
const TOLERANCE_MS = 1000;
/** Until a comparison was quick enough to be as good as that. */
const COMPARE_AGAIN_MS = 1000;

const answer = z.object({ rows: z.tuple([z.object({ ms: z.coerce.number() })]) });

export type DatabaseClock = AsyncDisposable & { now: Clock };

/**
 * @param onSetBack told when the database's clock was set back: what was stamped before lies in its future
 * @param compare_every_ms how often the two clocks are compared
 */
export async function openClock(
  db: Pick<Database, 'execute'>,
  log: Log,
  onSetBack: (now: string) => Promise<void>,
  compare_every_ms = COMPARE_EVERY_MS,
): Promise<DatabaseClock> {
  // However long it took: off by half of that at most, and the wall clock of this machine may be off by anything.
  let known = await compare(db);
  const now = () => new Date(performance.now() + known.offset).toISOString();
  const pause_ms = () =>
    known.off_by_ms <= TOLERANCE_MS ? compare_every_ms : Math.min(COMPARE_AGAIN_MS, compare_every_ms);
  const stopping = new AbortController();
  /** Until whoever is to be told of it has been. */
  let isSetBack = false;

  const comparing = (async () => {
    for (;;) {
      await sleep(pause_ms(), undefined, { ref: false, signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        const measured = await compare(db);
        // One that took long says less than what is known.
        if (measured.off_by_ms <= Math.max(TOLERANCE_MS, known.off_by_ms)) {
          const step = measured.offset - known.offset;
          const isStep = Math.abs(step) > TOLERANCE_MS + known.off_by_ms;
          known = measured;
          if (isStep) log.warn({ step_ms: Math.round(step) }, "the database's clock has stepped");
          // Also where only the reading before was wrong: what was stamped by it lies in the future as well.
          isSetBack ||= step < -TOLERANCE_MS;
        }
        if (!isSetBack) continue;
        await onSetBack(now());
        isSetBack = false;
      } catch (error) {
        log.warn({ err: error }, "the database's clock could not be read; going on by the last reading");
      }
    }
  })();

  return {
    now,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await comparing;
    },
  };
}

type Comparison = {
  /** What must be added to the monotonic clock; the answer is taken to be of the middle of the wait for it. */
  offset: number;
  off_by_ms: number;
};

async function compare(db: Pick<Database, 'execute'>): Promise<Comparison> {
  const asked = performance.now();
  const result = answer.parse(await db.execute(sql`select extract(epoch from clock_timestamp()) * 1000 as ms`));
  const answered = performance.now();
  return { offset: result.rows[0].ms - (asked + answered) / 2, off_by_ms: (answered - asked) / 2 };
}
