// What each protection is for: with one of them switched off, the same search finds the way to a violation.
import { describe, expect, it } from 'vitest';
import { reportWhenPassed } from '../report.ts';
import { Sometimes } from '../sometimes.ts';
import { explore } from './explore.ts';
import { type Protection, protocol } from './protocol.ts';
import { noMishaps } from './world.ts';

/** One of each mishap that a counterexample may need. With all protections on, nothing goes wrong under it. */
const budget = { ...noMishaps, timeout: 1, lag: 1, lie: 1, clock: 1 };
const search = (without: Protection | null, ignoring: string[] = []) =>
  explore({ protocol: protocol(without), budget, workers: 2, seen: new Sometimes(), ignoring });

const breaks: Record<Protection, { invariant: RegExp; ignoring?: string[] }> = {
  fence: { invariant: /^I3: cancelled, and a job goes on/ },
  'look-up': { invariant: /^I3: cancelled, and a job goes on/ },
  'compare-and-set': { invariant: /^I5: / },
  'settle window': { invariant: /^I[34]: / },
  'GET after cancel': { invariant: /^I3: cancelled, and a job goes on/ },
  'own clock': { invariant: /^I[34]: / },
  // I2 is broken by definition; what it leads to is what counts.
  'write-ahead': { invariant: /^I3: cancelled, and a job goes on/, ignoring: ['I2'] },
};
const protections = Object.keys(breaks) as Protection[];

describe('the search', () => {
  const ways: Record<string, number> = {};

  it('finds nothing wrong while every protection is on', () => {
    expect(search(null).violation).toBeNull();
  });

  for (const without of protections) {
    it(`finds the way to a violation without: ${without}`, () => {
      const { violation } = search(without, breaks[without].ignoring);
      expect(violation?.what[0]).toMatch(breaks[without].invariant);
      ways[`without ${without}`] = violation?.way.length ?? 0;
    });
  }

  reportWhenPassed('weakened', () => ({ counterexamples: Object.keys(ways).length, of: protections.length, ...ways }));
});
