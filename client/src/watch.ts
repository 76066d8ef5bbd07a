// The events of a run as an async iterable that outlives its connections.
import { follow } from './follow.ts';
import type { Finetuning, FinetuningEvent } from './generated/router.ts';
import { type Connected, lastLook } from './last-look.ts';
import { DEFAULT_OUTAGE_MS } from './patience.ts';
import { milliseconds, startClock } from './timer.ts';

export type WatchOptions = {
  /** Only events after this one. Default 0: all from the first. */
  after?: number;
  /** How long to watch, in milliseconds; default: until the run has ended. What is thrown then may come 2 s later. */
  timeout?: number;
  /** How long goldtune may be out of reach, in milliseconds, before its connection error is thrown; default 5 minutes. */
  outage?: number;
  /** Ends the iteration with the signal's reason. */
  signal?: AbortSignal;
};

export async function* watch(
  connected: Connected,
  id: string,
  { after = 0, timeout = Number.POSITIVE_INFINITY, outage = DEFAULT_OUTAGE_MS, signal }: WatchOptions = {},
): AsyncGenerator<FinetuningEvent, void> {
  const clock = startClock(milliseconds(timeout, 'timeout'), signal);
  let seen: Finetuning | null = null;
  const see = (run: Finetuning) => {
    seen = run;
  };
  try {
    yield* follow(connected.trpc, id, { after, outage: milliseconds(outage, 'outage'), see, signal: clock.signal });
  } catch (error) {
    if (!clock.isUp()) throw error;
    throw await lastLook(connected, id, seen, signal);
  } finally {
    clock.stop();
  }
}
