// What each protection is for: with one of them switched off, the same search finds the way to a violation.
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { reportWhenPassed } from '../report.ts';
import { Sometimes } from '../sometimes.ts';
import { explore } from './explore.ts';
import { forgetful, type Protection, plain, protocol } from './protocol.ts';
import { ofEngines } from './searches/engines.ts';
import { ofGuarantees } from './searches/guarantees.ts';
import { ofLists } from './searches/lists.ts';
import { ofRequests } from './searches/requests.ts';
import type { Search } from './searches/search.ts';
import { type Budget, type Engine, noMishaps } from './world.ts';

const search = (
  without: Protection,
  mishaps: Partial<Budget>,
  workers: number,
  { ignoring = [], engine = plain }: { ignoring?: string[]; engine?: Engine } = {},
) =>
  explore({
    protocol: protocol(without, engine),
    budget: { ...noMishaps, ...mishaps },
    workers,
    seen: new Sometimes(),
    ignoring,
  });

/** With the mishaps that its counterexample needs. With all protections on nothing goes wrong under them: see below. */
type Break = { mishaps: Partial<Budget>; invariant: RegExp; ignoring?: string[]; engine?: Engine; workers?: number };
const breaks: Record<Protection, Break> = {
  fence: { mishaps: { timeout: 1 }, invariant: /^I3: cancelled, and a job goes on/ },
  'look-up': { mishaps: { timeout: 1 }, invariant: /^I3: cancelled, and a job goes on/ },
  'compare-and-set': { mishaps: { timeout: 1 }, invariant: /^I5: / },
  'settle window': { mishaps: { timeout: 1, lag: 1 }, invariant: /^I[34]: / },
  'GET after cancel': { mishaps: { lie: 1 }, invariant: /^I3: cancelled, and a job goes on/ },
  // I2 is broken by definition; what it leads to is what counts.
  'write-ahead': { mishaps: { timeout: 1 }, invariant: /^I3: cancelled, and a job goes on/, ignoring: ['I2'] },
  'own clock': { mishaps: { timeout: 1, lag: 1, clock: 1 }, invariant: /^I[34]: / },
  'fence before the cancel': {
    mishaps: { save: 1, rollback: 1 },
    invariant: /^I3: cancelled, and a job goes on/,
    engine: forgetful,
  },
  // A job that begins by itself has trained, and nobody knows of it any more.
  release: { mishaps: { rollback: 1 }, invariant: /^I10?: /, engine: forgetful },
  reference: { mishaps: { rollback: 1, stranger: 1 }, invariant: /^I11: /, engine: forgetful },
  // An engine that has forgotten what it let begin says that it is held, or cancelled, while it trains.
  heartbeat: { mishaps: { rollback: 1 }, invariant: /^I[34]: .*, and a job goes on/, engine: forgetful, workers: 1 },
  // What its engine does not know, nobody else ends.
  'end without its file': { mishaps: { rollback: 1 }, invariant: /^L1: /, engine: forgetful, workers: 1 },
  'taking of the file': { mishaps: { save: 1, rollback: 1 }, invariant: /^I1: two processes/, engine: forgetful },
  // What a stop rests on where nothing makes a late create harmless.
  'end of all requests': {
    mishaps: { timeout: 1 },
    invariant: /^I3: cancelled, and a job goes on/,
    engine: { ...plain, fence: 'none' },
  },
  'name that is given once': {
    mishaps: { repeat: 1 },
    invariant: /^I1: more than one/,
    engine: { ...plain, named: true },
  },
  'doubt of a taken name': {
    mishaps: { repeat: 1 },
    invariant: /^I[34]: /,
    engine: { ...plain, named: true },
  },
  'tag or file': { mishaps: { timeout: 1 }, invariant: /^I3: cancelled, and a job goes on/ },
};
const protections = Object.keys(breaks) as Protection[];
const searched = [ofRequests, ofLists, ofEngines, ofGuarantees];

/** A search of at least its mishaps, at its engine: what goes wrong under fewer goes wrong there too. */
function isControl({ mishaps, engine = plain }: Break, search: Search): boolean {
  const times = new Map(Object.entries(search.mishaps));
  return (
    isDeepStrictEqual(search.engine ?? plain, engine) &&
    Object.entries(mishaps).every(([mishap, needed]) => (times.get(mishap) ?? 0) >= needed)
  );
}

describe('the search', () => {
  const ways: Record<string, number> = {};

  it.each(['proof', 'deep'] as const)(
    'is made under as many mishaps with every protection on too, at level %s, and then finds nothing',
    (level) => {
      const controls = searched.flatMap((searches) => searches[level]);
      const without = protections.filter((named) => !controls.some((search) => isControl(breaks[named], search)));
      expect(without).toEqual([]);
    },
  );

  for (const without of protections) {
    it(`finds the way to a violation without: ${without}`, () => {
      const { mishaps, workers = 2, ...given } = breaks[without];
      const { violation, stuck } = search(without, mishaps, workers, given);
      const found = violation ?? { what: stuck.states > 0 ? ['L1: no end can be reached'] : [], way: stuck.way };
      expect(found.what[0]).toMatch(breaks[without].invariant);
      ways[`without ${without}`] = found.way.length;
    });
  }

  it('needs no mishap at all to find it without the GET, where a cancel is answered before it takes effect', () => {
    const engine = { ...plain, cancels: { asynchronous: true, may_finish_anyway: false } };
    const { violation } = search('GET after cancel', {}, 1, { engine });
    expect(violation?.what[0]).toMatch(breaks['GET after cancel'].invariant);
  });

  reportWhenPassed('weakened', () => ({ counterexamples: Object.keys(ways).length, of: protections.length, ...ways }));
});
