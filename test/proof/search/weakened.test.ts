// What each protection is for: with one of them switched off, the same search finds the way to a violation.
import { describe, expect, it } from 'vitest';
import { atLevel } from '../level.ts';
import { reportWhenPassed } from '../report.ts';
import { Sometimes } from '../sometimes.ts';
import { explore } from './explore.ts';
import { type Protection, protocol } from './protocol.ts';
import { type Budget, noMishaps } from './world.ts';

const search = (without: Protection | null, mishaps: Partial<Budget>, workers: number, ignoring: string[] = []) =>
  explore({
    protocol: protocol(without),
    budget: { ...noMishaps, ...mishaps },
    workers,
    seen: new Sometimes(),
    ignoring,
  });

/** With the mishaps that its counterexample needs. With all protections on, nothing goes wrong under them. */
const breaks: Record<Protection, { mishaps: Partial<Budget>; invariant: RegExp; ignoring?: string[] }> = {
  fence: { mishaps: { timeout: 1 }, invariant: /^I3: cancelled, and a job goes on/ },
  'look-up': { mishaps: { timeout: 1 }, invariant: /^I3: cancelled, and a job goes on/ },
  'compare-and-set': { mishaps: { timeout: 1 }, invariant: /^I5: / },
  'settle window': { mishaps: { timeout: 1, lag: 1 }, invariant: /^I[34]: / },
  'GET after cancel': { mishaps: { lie: 1 }, invariant: /^I3: cancelled, and a job goes on/ },
  // I2 is broken by definition; what it leads to is what counts.
  'write-ahead': { mishaps: { timeout: 1 }, invariant: /^I3: cancelled, and a job goes on/, ignoring: ['I2'] },
  'own clock': { mishaps: { timeout: 1, lag: 1, clock: 1 }, invariant: /^I[34]: / },
};
const protections = Object.keys(breaks) as Protection[];
/** Whose mishaps are searched with every protection on. A lagging list takes as long as all else here. */
const controls = atLevel<Protection[]>({
  small: ['GET after cancel'],
  proof: ['GET after cancel', 'settle window'],
  deep: ['GET after cancel', 'settle window'],
});

describe('the search', () => {
  const ways: Record<string, number> = {};

  it.each(controls.map((named) => breaks[named].mishaps))(
    'finds nothing wrong under %o while every protection is on',
    (mishaps) => {
      expect(search(null, mishaps, 1).violation).toBeNull();
    },
  );

  for (const without of protections) {
    it(`finds the way to a violation without: ${without}`, () => {
      const { mishaps, ignoring } = breaks[without];
      const { violation } = search(without, mishaps, 2, ignoring);
      expect(violation?.what[0]).toMatch(breaks[without].invariant);
      ways[`without ${without}`] = violation?.way.length ?? 0;
    });
  }

  reportWhenPassed('weakened', () => ({ counterexamples: Object.keys(ways).length, of: protections.length, ...ways }));
});
