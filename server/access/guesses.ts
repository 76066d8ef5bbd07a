// Wrong keys from one address: after so many in a minute, what is not known to be a key is not looked up any more.
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { atMost } from '../finetuning/at-most.ts';
import type { Clock } from '../finetuning/dependencies.ts';
import { tooManyGuesses } from '../finetuning/limits.ts';
import { minuteOf, WINDOW_S } from './minute.ts';
import { take } from './take.ts';

/** More than somebody sends who has mistaken a key, and far fewer than it takes to guess one. */
export const MOST_GUESSES = 60;
/** Beyond that, of what may be keys, so many wait to be looked up one after the other. */
const MOST_WAITING = 50;

export type Guesses = {
  /**
   * Looks up what may be a guess, and counts it where nothing is found.
   * @param mayBeKey to be looked up beyond the limit too, in its turn: who guesses has the address of others, behind a proxy
   * @throws RateLimited without looking
   */
  lookUp<T>(from: string, mayBeKey: boolean, find: () => Promise<T | null>): Promise<T | null>;
};

/** Each process for itself: what it spares is the process's own database connections. */
export function countGuesses(clock: Clock, most = MOST_GUESSES, refusal = tooManyGuesses): Guesses {
  const limiter = new RateLimiterMemory({ points: most, duration: WINDOW_S });

  const oneAtATime = atMost(1);
  let waiting = 0;
  const inTurn = async <T>(find: () => Promise<T>): Promise<T> => {
    waiting += 1;
    try {
      return await oneAtATime(find);
    } finally {
      waiting -= 1;
    }
  };

  return {
    async lookUp(from, mayBeKey, find) {
      const { minute, reset_s } = minuteOf(clock);
      const key = `${minute} ${from}`;
      // Before it is known to be one: of many at once none is to slip through.
      const { isOver } = await take(limiter, key, 1);
      if (isOver) {
        if (mayBeKey && waiting < MOST_WAITING) return inTurn(find);
        throw refusal({ policy: 'guesses', most, left: 0, window_s: WINDOW_S, reset_s });
      }
      let isGuess = false;
      try {
        const found = await find();
        isGuess = found === null;
        return found;
      } finally {
        if (!isGuess) await limiter.reward(key, 1);
      }
    },
  };
}
