// Every operation of the provider broken in each of twenty-one ways, whatever the user does at that moment: it converges.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetting } from '../engine.ts';
import { type Ground, layGround } from '../ground.ts';
import { atLevel, LONGEST_MS, level } from '../level.ts';
import { progressOf } from '../progress.ts';
import { reportWhenPassed } from '../report.ts';
import { sideBySide } from '../side-by-side.ts';
import { type Asked, askedOfKeeping, breakages, forgettings } from './breakage.ts';
import { type Act, type Case, converges } from './converges.ts';

const AT_ONCE = 16;
/** Small, so many of the faults are tried at each act, other ones at the next: each operation meets a third of them. */
const ONE_IN = atLevel({ small: 15, proof: 1, deep: 1 });
/** Each of the ways to forget meets each operation and, at another of them, each act. */
const ONE_IN_FORGETTING = atLevel({ small: 3, proof: 1, deep: 1 });
const acts: Record<string, Act | null> = {
  'nobody does anything': null,
  'the user cancels before': { moment: 'before', intent: 'cancel' },
  'the user cancels during': { moment: 'during', intent: 'cancel' },
  'the user cancels after': { moment: 'after', intent: 'cancel' },
  'the user deletes during': { moment: 'during', intent: 'delete' },
};
/** Of an engine that can forget. It is full: what is released waits, so that a cancel meets it there. */
const forgettable: readonly { operation: Asked; full: boolean }[] = [
  ...(['uploadFile', 'createJob', 'getJob', 'releaseJob', 'cancelJob', 'deleteFile'] as const).flatMap((operation) => [
    { operation, full: false },
    { operation, full: true },
  ]),
  // Asked of a job that runs.
  { operation: 'getProgress', full: false },
];

let ground: Ground;
beforeAll(async () => {
  ground = await layGround();
});
afterAll(() => ground[Symbol.asyncDispose]());

describe('a run converges', () => {
  const done = { cells: 0, pairs: 0, pairs_of_which_both_failed: 0, at_a_forgetful_engine: 0 };

  async function allConverge(cases: readonly Case[]): Promise<void> {
    const step = progressOf('matrix', cases.length, 'cells');
    const failures = await sideBySide(cases, AT_ONCE, async (one) => {
      const failed = await converges(ground, one).finally(step);
      if (one.engine) done.at_a_forgetful_engine += 1;
      else if (one.broken.length === 1) done.cells += 1;
      else done.pairs += 1;
      if (failed > 1) done.pairs_of_which_both_failed += 1;
    });
    expect(failures).toEqual([]);
  }

  for (const [row, operation] of askedOfKeeping.entries()) {
    for (const [column, [acting, act]] of Object.entries(acts).entries()) {
      const tried = Object.entries(breakages).filter((_, index) => (index + row + column) % ONE_IN === 0);
      it(`however ${operation} fails, and ${acting}`, { timeout: LONGEST_MS }, () =>
        allConverge(
          tried.map(([named, breakage]) => ({
            named: `${operation}, ${named}, ${acting}`,
            broken: [{ operation, breakage }],
            act,
          })),
        ),
      );
    }
  }

  for (const [row, { operation, full }] of forgettable.entries()) {
    const where = full ? 'while its job waits its turn' : 'while there is room';
    for (const [column, [acting, act]] of Object.entries(acts).entries()) {
      const tried = Object.entries(forgettings).filter((_, index) => (index + row + column) % ONE_IN_FORGETTING === 0);
      it(`though the engine forgets after ${operation} ${where}, and ${acting}`, { timeout: LONGEST_MS }, () =>
        allConverge(
          tried.map(([named, breakage]) => ({
            named: `${operation} ${where}, ${named}, ${acting}`,
            broken: [{ operation, breakage }],
            act,
            engine: forgetting,
            full,
          })),
        ),
      );
    }
  }

  for (const [column, [acting, act]] of Object.entries(acts).entries()) {
    const tried = Object.entries(breakages).filter((_, index) => (index + column) % ONE_IN === 0);
    it(`however releaseJob fails, and ${acting}`, { timeout: LONGEST_MS }, () =>
      allConverge(
        tried.map(([named, breakage]) => ({
          named: `releaseJob, ${named}, ${acting}`,
          broken: [{ operation: 'releaseJob', breakage }],
          act,
          engine: forgetting,
        })),
      ),
    );
  }

  if (level === 'deep') {
    it('however two requests fail', { timeout: LONGEST_MS }, () => {
      const single = askedOfKeeping.flatMap((operation) =>
        Object.entries(breakages).map(([named, breakage]) => ({
          named: `${operation}, ${named}`,
          operation,
          breakage,
        })),
      );
      return allConverge(
        single.flatMap((one, row) =>
          single.map((other, column): Case => {
            const [acting = '', act = null] = Object.entries(acts)[(row + column) % Object.keys(acts).length] ?? [];
            return { named: `${one.named}; ${other.named}; ${acting}`, broken: [one, { ...other }], act };
          }),
        ),
      );
    });
  }

  reportWhenPassed('matrix', () => ({
    operations: askedOfKeeping.length,
    faults: Object.keys(breakages).length,
    acts: Object.keys(acts).length,
    ...done,
  }));
});
