// Tries to sign in: so many may fail in a minute from one address, fewer of them with one e-mail; then none is looked at.
import { atMost } from '../../finetuning/at-most.ts';
import type { Clock } from '../../finetuning/dependencies.ts';
import { tooManySignIns } from '../../finetuning/limits.ts';
import { countGuesses, MOST_GUESSES } from '../guesses.ts';

/** Of one e-mail, from one address. */
export const MOST_TRIES = 10;
/** To check a password takes 50 ms of a thread that others wait for, and 16 MB. */
const MOST_CHECKS = 2;

export type Tries = {
  /** @throws RateLimited without looking */
  ofPassword<T>(email: string, from: string, check: () => Promise<T | null>): Promise<T | null>;
  /** Of what is too long to be guessed. */
  ofLink<T>(from: string, find: () => Promise<T | null>): Promise<T | null>;
  /** Each counts: it leaves a row until it is over. @throws RateLimited */
  begun(from: string): Promise<void>;
};

export function countTries(clock: Clock): Tries {
  const byAddress = countGuesses(clock, MOST_GUESSES, tooManySignIns);
  const byEmail = countGuesses(clock, MOST_TRIES, tooManySignIns);
  // Any page can have its visitor's browser open links; that must not keep anybody from a password.
  const byLink = countGuesses(clock, MOST_GUESSES, tooManySignIns);
  const begun = countGuesses(clock, MOST_GUESSES, tooManySignIns);
  const inTurn = atMost(MOST_CHECKS);
  return {
    ofPassword: (email, from, check) =>
      byAddress.lookUp(from, false, () => byEmail.lookUp(`${from} ${email}`, false, () => inTurn(check))),
    ofLink: (from, find) => byLink.lookUp(from, false, find),
    async begun(from) {
      await begun.lookUp(from, false, async () => null);
    },
  };
}
