// What each principal has asked for in this minute, counted in this process; other processes are told, and tell, behind the requests.
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Clock, Log } from '../finetuning/dependencies.ts';
import type { Lane, Limits } from '../finetuning/limits.ts';
import { identityOf } from '../finetuning/principal.ts';
import type { CountStore } from './count-store.ts';
import { minuteOf, WINDOW_S } from './minute.ts';
import { shareCounts } from './shared-counts.ts';
import { take } from './take.ts';

export type OpenLimits = Limits &
  AsyncDisposable & {
    /** Tells the other processes at once what was counted here, and learns what they have. */
    exchange(): Promise<void>;
  };

export type LimitOptions = {
  clock: Clock;
  log: Log;
  /** A minute; 0: no limit. */
  most: Readonly<Record<Lane, number>>;
  /** Null: there is no other process. */
  store: CountStore | null;
};

export function openLimits({ clock, log, most, store }: LimitOptions): OpenLimits {
  const limiters = new Map<string, RateLimiterMemory>(
    Object.entries(most).flatMap(([lane, points]) =>
      points === 0 ? [] : [[lane, new RateLimiterMemory({ points, duration: WINDOW_S })]],
    ),
  );
  // The library counts from the first call on, by a clock of its own: a name for each minute makes it ours.
  const within = (minute: number, counted: string) => `${minute} ${counted}`;

  const shared =
    store &&
    shareCounts(store, log, (minute, counted, calls) => {
      const [lane = ''] = counted.split(' ', 1);
      void limiters.get(lane)?.penalty(within(minute, counted), calls);
    });

  return {
    async take(principal, lane, calls) {
      const limiter = limiters.get(lane);
      if (!limiter) return null;
      const { minute, reset_s } = minuteOf(clock);
      const counted = `${lane} ${identityOf(principal)}`;
      const { left, isOver } = await take(limiter, within(minute, counted), calls);
      if (!isOver) shared?.note(minute, counted, calls);
      return { standing: { policy: lane, most: limiter.points, left, window_s: WINDOW_S, reset_s }, isOver };
    },
    exchange: async () => shared?.exchange(),
    async [Symbol.asyncDispose]() {
      await shared?.[Symbol.asyncDispose]();
    },
  };
}
