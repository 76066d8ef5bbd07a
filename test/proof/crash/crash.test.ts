// A crash at every step of six scenarios, by an exception and by kill -9 of a real process: what is left converges.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cell, startCell } from '../cell.ts';
import { type Ground, layGround } from '../ground.ts';
import { atLevel, LONGEST_MS, level } from '../level.ts';
import { progressOf } from '../progress.ts';
import { reportWhenPassed } from '../report.ts';
import { sideBySide } from '../side-by-side.ts';
import { mortal } from '../steps.ts';
import { type Children, prepareChildren, taskOf } from './run-child.ts';
import { type Scenario, scenarios } from './scenarios.ts';

/** Every scenario has more steps than these. */
const FEWEST_STEPS = 6;
/** Small, every eighth of the steps is tried, or every sixteenth: other ones in each scenario. */
const EVERY = { exception: atLevel({ small: 8, proof: 1, deep: 1 }), kill: atLevel({ small: 16, proof: 1, deep: 1 }) };

let ground: Ground;
let children: Children;
const resources = new AsyncDisposableStack();
beforeAll(async () => {
  ground = resources.use(await layGround());
  children = resources.use(await prepareChildren(ground));
});
afterAll(() => resources.disposeAsync());

/** Crashes at this step. True: there was no such step, and the scenario passed untouched. */
type CrashAt = (cell: Cell, named: string, scenario: Scenario, lastStep: number) => Promise<boolean>;

const byException: CrashAt = async (cell, _named, { act }, lastStep) => {
  const { deps, died, isDead } = mortal(cell.deps, lastStep);
  const acted = (async () => act(deps, cell.time, await taskOf(cell), cell.acknowledge))().catch((error: unknown) => {
    if (!isDead()) throw error;
  });
  await Promise.race([acted, died]);
  return !isDead();
};

const byKill: CrashAt = async (cell, scenario, _scenario, lastStep) => {
  const { ended } = await children.run(cell, { scenario, end: { killAt: lastStep } });
  return (await ended) === 'untouched';
};

/** Crashes at every step there is from the first on, or at every so many, some at once. @returns at how many */
async function crashEverywhere(
  atOnce: number,
  { first, every }: { first: number; every: number },
  crashAt: (step: number) => Promise<boolean>,
): Promise<{ points: number; failures: string[] }> {
  let untouched = false;
  let points = 0;
  const failures: string[] = [];
  for (let step = first; !untouched; step += atOnce * every) {
    const steps = Array.from({ length: atOnce }, (_, index) => step + index * every);
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
  const sweeps = total.scenarios * atLevel({ small: 2, proof: 2, deep: 3 });
  afterEach(progressOf('crash', sweeps, 'sweeps'));

  /** What was done in a cell of its own, followed by what every caller does who got no answer. */
  async function survives(name: string, scenario: Scenario, crash: (cell: Cell) => Promise<boolean>) {
    await using cell = await startCell(ground);
    return await cell.keeping(`crash, ${name}`, async () => {
      await scenario.prepare(cell);
      cell.asks(scenario.asks);
      const untouched = await crash(cell);
      // What is on its way arrives while nobody is there; what the row says by now must stay true.
      if ((await cell.faults.executeLate()) > 0) await cell.row();
      await cell.settle();
      return untouched;
    });
  }
  /** A caller who got no answer asks again, with the same key. */
  const askAgain = async (cell: Cell) => {
    if (!cell.hasFinetuning()) await cell.create();
  };

  for (const [index, [named, scenario]] of Object.entries(scenarios).entries()) {
    const everywhere = async (how: 'exception' | 'kill', atOnce: number, crashAt: CrashAt) => {
      const every = EVERY[how];
      const { points, failures } = await crashEverywhere(atOnce, { first: 1 + (index % every), every }, (step) =>
        survives(`${named}, by ${how} at step ${step}`, scenario, async (cell) => {
          const untouched = await crashAt(cell, named, scenario, step);
          await askAgain(cell);
          return untouched;
        }),
      );
      expect(failures).toEqual([]);
      expect(points).toBeGreaterThanOrEqual(FEWEST_STEPS / every);
      return points;
    };

    it(`${named}, by an exception`, { timeout: LONGEST_MS }, async () => {
      total.exceptions += await everywhere('exception', atLevel({ small: 4, proof: 16, deep: 16 }), byException);
    });

    it(`${named}, by kill -9`, { timeout: LONGEST_MS }, async () => {
      total.kills += await everywhere('kill', 4, byKill);
    });

    if (level === 'deep') {
      it(`${named}, twice: the process that takes over crashes too`, { timeout: LONGEST_MS }, async () => {
        let first = 0;
        for (let passed = false; !passed; ) {
          first += 1;
          const { points, failures } = await crashEverywhere(16, { first: 1, every: 1 }, (second) =>
            survives(`${named}, at steps ${first} and ${second}`, scenario, async (cell) => {
              passed = await byException(cell, named, scenario, first);
              await askAgain(cell);
              const life = mortal(cell.deps, second);
              let booted = false;
              await using _ = cell.work(() => {
                const next = booted ? { deps: cell.deps, isDead: () => false } : life;
                booted = true;
                return next;
              });
              await cell.comesToRest(life.isDead);
              return !life.isDead();
            }),
          );
          expect(failures).toEqual([]);
          total.pairs += points;
        }
      });
    }
  }

  reportWhenPassed('crash', () => total);
});
