// A crash at every step of six scenarios, by an exception and by kill -9 of a real process: what is left converges.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { type Cell, type Ground, layGround, startCell } from '../cell.ts';
import { atLevel, level } from '../level.ts';
import { report } from '../report.ts';
import { sideBySide } from '../side-by-side.ts';
import { mortal } from '../steps.ts';
import { runChild, taskOf } from './run-child.ts';
import { type Scenario, scenarios } from './scenarios.ts';

const HOUR = 3_600_000;
const FEWEST_POINTS = 6;
const LOOKS_AT_REST = 3;

let ground: Ground;
beforeAll(async () => {
  ground = await layGround();
});
afterAll(() => ground[Symbol.asyncDispose]());

/** Crashes at this step. True: there was no such step, and the scenario passed untouched. */
type CrashAt = (cell: Cell, named: string, scenario: Scenario, lastStep: number) => Promise<boolean>;

const byException: CrashAt = async (cell, _named, { act }, lastStep) => {
  const { deps, died, isDead } = mortal(cell.deps, lastStep);
  const acted = act(deps, await taskOf(cell, ground), cell.acknowledge).catch((error: unknown) => {
    if (!isDead()) throw error;
  });
  await Promise.race([acted, died]);
  return !isDead();
};

const byKill: CrashAt = async (cell, scenario, _scenario, lastStep) => {
  const { ended } = await runChild(ground, cell, { scenario, end: { killAt: lastStep } });
  return (await ended) === 'untouched';
};

/** Crashes at every step there is, some at once. @returns how many there are */
async function crashEverywhere(
  atOnce: number,
  crashAt: (step: number) => Promise<boolean>,
): Promise<{ points: number; failures: string[] }> {
  let untouched = false;
  let points = 0;
  const failures: string[] = [];
  for (let step = 1; !untouched; step += atOnce) {
    const steps = Array.from({ length: atOnce }, (_, index) => step + index);
    const found = await sideBySide(steps, atOnce, async (at) => {
      if (await crashAt(at)) untouched = true;
      else points += 1;
    });
    failures.push(...found);
    if (failures.length > 0) break;
  }
  return { points, failures };
}

describe('a crash at any step leaves a world that converges:', () => {
  const total = { scenarios: Object.keys(scenarios).length, exceptions: 0, kills: 0, pairs: 0 };

  const crash = (named: string, scenario: Scenario, how: string, crashAt: CrashAt) => async (step: number) => {
    await using cell = await startCell(ground);
    return await cell.keeping(`crash, ${named}, by ${how} at step ${step}`, async () => {
      await scenario.prepare(cell);
      const untouched = await crashAt(cell, named, scenario, step);
      // A caller who got no answer asks again, with the same key.
      if (!cell.hasFinetuning()) await cell.create();
      await cell.settle();
      return untouched;
    });
  };

  for (const [named, scenario] of Object.entries(scenarios)) {
    it(`${named}, by an exception`, { timeout: HOUR }, async () => {
      const { points, failures } = await crashEverywhere(16, crash(named, scenario, 'exception', byException));
      expect(failures).toEqual([]);
      expect(points).toBeGreaterThanOrEqual(FEWEST_POINTS);
      total.exceptions += points;
    });

    it(`${named}, by kill -9`, { timeout: HOUR }, async () => {
      const { points, failures } = await crashEverywhere(4, crash(named, scenario, 'kill', byKill));
      expect(failures).toEqual([]);
      expect(points).toBeGreaterThanOrEqual(FEWEST_POINTS);
      total.kills += points;
    });

    if (level === 'deep') {
      it(`${named}, twice: the process that takes over crashes too`, { timeout: HOUR }, async () => {
        let first = 0;
        for (let passed = false; !passed; ) {
          first += 1;
          const { points, failures } = await crashEverywhere(16, async (second) => {
            await using cell = await startCell(ground);
            await scenario.prepare(cell);
            passed = await byException(cell, named, scenario, first);
            if (!cell.hasFinetuning()) await cell.create();
            const life = mortal(cell.deps, second);
            {
              let booted = false;
              await using _ = cell.work(() => {
                const next = booted ? { deps: cell.deps, isDead: () => false } : life;
                booted = true;
                return next;
              });
              let looks = 0;
              await until(async () => {
                looks = (await cell.isAtRest()) ? looks + 1 : 0;
                return life.isDead() || looks === LOOKS_AT_REST;
              }, 'it is taken over');
            }
            await cell.keeping(`crash, ${named}, at steps ${first} and ${second}`, () => cell.settle());
            return !life.isDead();
          });
          expect(failures).toEqual([]);
          total.pairs += points;
        }
      });
    }
  }

  afterAll(() => report('crash', atLevel({ test: { ...total, pairs: 0 }, deep: total })));
});
