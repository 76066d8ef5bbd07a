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
  // A machine that is too busy to compare at the start begins with its own clock, until it has compared.
  let offset = (await compare(db)) ?? Date.now() - performance.now();
  const now = () => new Date(performance.now() + offset).toISOString();
  const stopping = new AbortController();

  const comparing = (async () => {
    for (;;) {
      await sleep(compare_every_ms, undefined, { ref: false, signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        const measured = await compare(db);
        if (measured === null) continue;
        const step = measured - offset;
        offset = measured;
        if (Math.abs(step) > TOLERANCE_MS) log.warn({ step_ms: Math.round(step) }, "the database's clock has stepped");
        if (step < -TOLERANCE_MS) await onSetBack(now());
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

/**
 * What must be added to the monotonic clock; the answer is taken to be of the middle of the wait for it.
 * Null where that took so long that it says nothing.
 */
async function compare(db: Pick<Database, 'execute'>): Promise<number | null> {
  const asked = performance.now();
  const result = answer.parse(await db.execute(sql`select extract(epoch from clock_timestamp()) * 1000 as ms`));
  const answered = performance.now();
  return answered - asked > TOLERANCE_MS ? null : result.rows[0].ms - (asked + answered) / 2;
}
