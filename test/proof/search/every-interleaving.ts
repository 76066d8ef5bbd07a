// Walks through every interleaving of users, workers, network, provider and time, within budgets of mishaps, around the
// real decisions: the same tests for each list of searches.
import { afterEach, describe, expect, it } from 'vitest';
import { LONGEST_MS } from '../level.ts';
import { progressOf } from '../progress.ts';
import { reportWhenPassed } from '../report.ts';
import { Sometimes } from '../sometimes.ts';
import { explore } from './explore.ts';
import type { Seen } from './moves.ts';
import { protocol } from './protocol.ts';
import type { Search } from './searches/search.ts';
import { noMishaps } from './world.ts';

type Promised = {
  searches: readonly Search[];
  /** What they must meet, or they have not tried it. */
  meets: readonly (keyof Seen['counts'])[];
  fewestStates: number;
};

/** @param suite the name of their figures */
export function everyInterleaving(suite: string, { searches, meets, fewestStates }: Promised): void {
  describe('in every interleaving of', () => {
    const seen = new Sometimes(
      'adopted by tag',
      'absent after the fence',
      'late create refused by the fence',
      'too-late cancel',
      'compare-and-set lost',
      'released again',
      'forgotten before it began',
      'end that waited for its fence',
      'ended itself, unknown to its engine',
      'late cancel took effect',
      'taken name doubted',
      'absent without a fence',
    );
    afterEach(progressOf(suite, searches.length, 'searches'));
    const total = { states: 0, transitions: 0, violations: 0, stuck: 0 };

    for (const { named, workers, mishaps, engine } of searches) {
      it(`${named}: every invariant holds, and an end can be reached from everywhere`, {
        timeout: LONGEST_MS,
      }, () => {
        const found = explore({
          protocol: protocol(null, engine),
          budget: { ...noMishaps, ...mishaps },
          workers,
          seen,
        });
        total.states += found.states;
        total.transitions += found.transitions;
        total.violations += found.violation ? 1 : 0;
        total.stuck += found.stuck.states;
        expect(found.violation, 'a way to a violation').toBeNull();
        expect(found.stuck, 'states without an end').toEqual({ states: 0, way: [] });
      });
    }

    it('the searches are as large as promised, and have met what they are for', () => {
      seen.expectEach(meets);
      expect(total.states).toBeGreaterThanOrEqual(fewestStates);
    });

    reportWhenPassed(suite, () => ({ searches: searches.length, ...total, ...seen.counts }));
  });
}
