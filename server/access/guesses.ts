// Wrong keys from one address: after so many in a minute, what is not known to be a key is not looked up any more.
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Clock } from '../finetuning/dependencies.ts';
import { tooManyGuesses } from '../finetuning/limits.ts';
import { minuteOf, WINDOW_S } from './minute.ts';
import { take } from './take.ts';

/** More than somebody sends who has mistaken a key, and far fewer than it takes to guess one. */
export const MOST_GUESSES = 60;

export type Guesses = {
  /**
   * Looks up what may be a guess, and counts it where nothing is found.
   * @throws RateLimited without looking
   */
  lookUp<T>(from: string, find: () => Promise<T | null>): Promise<T | null>;
};

/** Each process for itself: what it spares is the process's own database connections. */
export function countGuesses(clock: Clock): Guesses {
  const limiter = new RateLimiterMemory({ points: MOST_GUESSES, duration: WINDOW_S });

  return {
    async lookUp(from, find) {
      const { minute, reset_s } = minuteOf(clock);
      const key = `${minute} ${from}`;
      // Before it is known to be one: of many at once none is to slip through.
      const { isOver } = await take(limiter, key, 1);
      if (isOver) {
        throw tooManyGuesses({ policy: 'guesses', most: MOST_GUESSES, left: 0, window_s: WINDOW_S, reset_s });
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
