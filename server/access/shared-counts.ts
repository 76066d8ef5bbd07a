// Processes that share a database tell each other what they have counted: once a second, in one statement, and no request waits for it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../finetuning/dependencies.ts';
import type { CountStore } from './count-store.ts';

const EVERY_MS = 1000;
/** In one statement; what is beyond them is told the next time. */
const MOST_AT_ONCE = 1000;

export type SharedCounts = AsyncDisposable & {
  note(minute: number, counted: string, calls: number): void;
  exchange(): Promise<void>;
};

/** @param learn is told what the others have counted since it was last told */
export function shareCounts(
  store: CountStore,
  log: Log,
  learn: (minute: number, counted: string, calls: number) => void,
): SharedCounts {
  /** What the others have not been told yet. Of one minute: what was counted before it says nothing any more. */
  let untold = { minute: 0, counts: new Map<string, number>() };
  /** What they and this one had counted of the same minute when they were last asked. */
  let sumsBefore = new Map<string, number>();
  let isAway = false;

  function note(minute: number, counted: string, calls: number): void {
    // Counted just before the turn; a clock that was set back by more begins anew.
    if (minute === untold.minute - 1) return;
    if (minute !== untold.minute) {
      untold = { minute, counts: new Map() };
      sumsBefore = new Map();
    }
    untold.counts.set(counted, (untold.counts.get(counted) ?? 0) + calls);
  }

  async function tellAndLearn(): Promise<void> {
    const { minute, counts } = untold;
    const told = new Map([...counts].slice(0, MOST_AT_ONCE));
    if (told.size === 0) return;
    for (const counted of told.keys()) counts.delete(counted);
    try {
      const sums = await store.add(minute, told);
      if (isAway) log.info({}, 'what callers have asked for is shared with the other processes again');
      isAway = false;
      if (minute !== untold.minute) return;
      for (const [counted, sum] of sums) {
        learn(minute, counted, sum - (sumsBefore.get(counted) ?? 0) - (told.get(counted) ?? 0));
        sumsBefore.set(counted, sum);
      }
    } catch (error) {
      if (minute === untold.minute) for (const [counted, calls] of told) note(minute, counted, calls);
      if (!isAway) log.warn({ err: error }, 'limits are counted in each process alone: the database takes no sums now');
      isAway = true;
    }
  }

  /** One after the other: each begins with what the one before has learnt. */
  let underWay = Promise.resolve();
  const exchange = (): Promise<void> => {
    underWay = underWay.then(tellAndLearn);
    return underWay;
  };

  const stopping = new AbortController();
  const exchanging = (async () => {
    while (!stopping.signal.aborted) {
      await exchange();
      await sleep(EVERY_MS, undefined, { ref: false, signal: stopping.signal }).catch(() => {});
    }
  })();

  return {
    note,
    exchange,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await exchanging;
    },
  };
}
