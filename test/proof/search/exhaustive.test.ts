// Every interleaving of users, workers, network, provider and time, within budgets of mishaps, around the real decisions.
import { afterEach, describe, expect, it } from 'vitest';
import { atLevel, LONGEST_MS } from '../level.ts';
import { progressOf } from '../progress.ts';
import { reportWhenPassed } from '../report.ts';
import { Sometimes } from '../sometimes.ts';
import { explore } from './explore.ts';
import { protocol } from './protocol.ts';
import { type Budget, noMishaps } from './world.ts';

type Search = { named: string; workers: number; mishaps: Partial<Budget> };

const searches: Search[] = atLevel({
  small: [
    { named: 'a lie, no answer', workers: 1, mishaps: { lie: 1, timeout: 1 } },
    { named: 'refusal, garbage, oblivion', workers: 1, mishaps: { refusal: 1, unreadable: 1, forget: 1 } },
    { named: 'a cancel at the provider, a crash', workers: 1, mishaps: { outside: 1, crash: 1 } },
    { named: 'clocks that step, a lagging list', workers: 1, mishaps: { clock: 1, lag: 1 } },
    { named: 'a list cut short, an id of a gateway’s own', workers: 1, mishaps: { cut: 1, alias: 1 } },
    { named: 'a list cut short, no answer', workers: 1, mishaps: { cut: 1, timeout: 1 } },
    { named: 'a job that is long validated, no answer', workers: 1, mishaps: { slow: 1, timeout: 1 } },
    { named: 'a request without an answer', workers: 2, mishaps: { timeout: 1 } },
  ],
  proof: [
    { named: 'a request without an answer and a crash', workers: 2, mishaps: { timeout: 1, crash: 1 } },
    { named: 'a worker that stalls, a request without an answer', workers: 2, mishaps: { stall: 1, timeout: 1 } },
    { named: 'a lagging list, a stalled worker', workers: 2, mishaps: { stall: 1, lag: 1 } },
    { named: 'a stalled worker, a repeat', workers: 2, mishaps: { stall: 1, repeat: 1 } },
    { named: 'a lie, a lagging list, no answer', workers: 2, mishaps: { lie: 1, lag: 1, timeout: 1 } },
    { named: 'refusal, garbage, oblivion', workers: 2, mishaps: { refusal: 1, unreadable: 1, forget: 1 } },
    {
      named: 'a thing denied, no answer, a round of the janitor',
      workers: 2,
      mishaps: { denial: 1, timeout: 1, sweep: 1 },
    },
    {
      named: 'a cancel at the provider, a crash, a lagging list',
      workers: 2,
      mishaps: { outside: 1, crash: 1, lag: 1 },
    },
    { named: 'clocks that step, no answer', workers: 2, mishaps: { clock: 1, timeout: 1 } },
    { named: 'clocks that step, a lagging list', workers: 2, mishaps: { clock: 1, lag: 1 } },
    { named: 'clocks that step, a lagging list, no answer', workers: 1, mishaps: { clock: 1, lag: 1, timeout: 1 } },
    { named: 'a list cut short, an id of a gateway’s own', workers: 2, mishaps: { cut: 1, alias: 1, timeout: 1 } },
    {
      named: 'a job that is long validated, a lagging list, no answer',
      workers: 1,
      mishaps: { slow: 1, lag: 1, timeout: 1 },
    },
    { named: 'three workers and a request without an answer', workers: 3, mishaps: { timeout: 1 } },
  ],
  // Each request without an answer costs one attempt: two of them reach the third.
  deep: [
    { named: 'three workers, three attempts', workers: 3, mishaps: { timeout: 2 } },
    { named: 'three workers, three attempts, a lie, a repeat', workers: 3, mishaps: { timeout: 2, lie: 1, repeat: 1 } },
    { named: 'three workers, a crash, no answer, a lie', workers: 3, mishaps: { timeout: 1, crash: 1, lie: 1 } },
    { named: 'three workers, a stall, a lagging list', workers: 3, mishaps: { stall: 1, lag: 1, lie: 1 } },
    { named: 'all attempts, two workers, crash and stall', workers: 2, mishaps: { timeout: 1, crash: 1, stall: 1 } },
    { named: 'a stall, no answer, a lagging list', workers: 2, mishaps: { stall: 1, timeout: 1, lag: 1 } },
    { named: 'three workers, a thing denied, no answer', workers: 3, mishaps: { denial: 1, timeout: 1 } },
    {
      named: 'a thing denied, no answer, rounds of the janitor, a cancel at the provider',
      workers: 2,
      mishaps: { denial: 1, timeout: 1, sweep: 2, outside: 1 },
    },
    {
      named: 'two requests without an answer, a lagging list, a cancel at the provider',
      workers: 2,
      mishaps: { timeout: 2, lag: 1, outside: 1 },
    },
    { named: 'clocks that step, a lagging list, no answer', workers: 2, mishaps: { clock: 1, lag: 1, timeout: 1 } },
    { named: 'a lagging list, a stalled worker, a repeat', workers: 2, mishaps: { stall: 1, lag: 1, repeat: 1 } },
    {
      named: 'long imports and validations, a lagging list, no answer',
      workers: 2,
      mishaps: { slow: 1, lag: 1, timeout: 1 },
    },
    {
      named: 'a list cut short, ids of a gateway’s own, a lagging list',
      workers: 2,
      mishaps: { cut: 1, alias: 1, lag: 1, timeout: 1 },
    },
    {
      named: 'refusals, garbage, oblivion, no answer',
      workers: 2,
      mishaps: { refusal: 2, unreadable: 1, forget: 1, timeout: 1 },
    },
  ],
});

describe('in every interleaving of', () => {
  const seen = new Sometimes(
    'adopted by tag',
    'absent after the fence',
    'late create refused by the fence',
    'too-late cancel',
    'compare-and-set lost',
  );
  afterEach(progressOf('exhaustive', searches.length, 'searches'));
  const total = { states: 0, transitions: 0, violations: 0, stuck: 0 };

  for (const { named, workers, mishaps } of searches) {
    it(`${named}: every invariant holds, and an end can be reached from everywhere`, {
      timeout: LONGEST_MS,
    }, () => {
      const found = explore({ protocol: protocol(), budget: { ...noMishaps, ...mishaps }, workers, seen });
      total.states += found.states;
      total.transitions += found.transitions;
      total.violations += found.violation ? 1 : 0;
      total.stuck += found.stuck.states;
      expect(found.violation, 'a way to a violation').toBeNull();
      expect(found.stuck, 'states without an end').toEqual({ states: 0, way: [] });
    });
  }

  it('the searches are as large as promised, and have met what they are for', () => {
    seen.expectEach();
    expect(total.states).toBeGreaterThanOrEqual(atLevel({ small: 100_000, proof: 500_000, deep: 500_000 }));
  });

  reportWhenPassed('exhaustive', () => ({ searches: searches.length, ...total, ...seen.counts }));
});
