// A crash at every step of six scenarios, by an exception and by kill -9 of a real process: what is left converges.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cell, startCell } from '../cell.ts';
import { type Engine, forgetting, keeping } from '../engine.ts';
import { type Ground, layGround } from '../ground.ts';
import { atLevel, LONGEST_MS, level } from '../level.ts';
import { progressOf } from '../progress.ts';
import { reportWhenPassed } from '../report.ts';
import { chance } from '../seed.ts';
import { sideBySide } from '../side-by-side.ts';
import { mortal } from '../steps.ts';
import { type Children, prepareChildren, taskOf } from './run-child.ts';
import { type Scenario, scenarios } from './scenarios.ts';

/** Every scenario has more steps than these. */
const FEWEST_STEPS = 6;
/** Small, every twelfth of the steps is tried, or every thirty-second: other ones in each scenario. */
const EVERY = { exception: atLevel({ small: 12, proof: 1, deep: 1 }), kill: atLevel({ small: 32, proof: 1, deep: 1 }) };
/** Few where few are tried: those after the last step are tried in vain. */
const AT_ONCE = {
  exception: atLevel({ small: 2, proof: 16, deep: 16 }),
  kill: atLevel({ small: 1, proof: 4, deep: 4 }),
};
/** Each with an engine that comes back too. */
const EVERY_FORGOTTEN = {
  exception: atLevel({ small: 12, proof: 1, deep: 1 }),
  kill: atLevel({ small: 32, proof: 2, deep: 1 }),
};

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
  const total = {
    scenarios: Object.keys(scenarios).length,
    exceptions: 0,
    kills: 0,
    at_a_forgetful_engine: 0,
    pairs: 0,
  };
  const sweeps = total.scenarios * atLevel({ small: 4, proof: 4, deep: 5 });
  afterEach(progressOf('crash', sweeps, 'sweeps'));

  /** What was done in a cell of its own, followed by what every caller does who got no answer. */
  async function survives(
    name: string,
    scenario: Scenario,
    crash: (cell: Cell) => Promise<boolean>,
    { engine, full }: { engine: Engine; full: boolean } = { engine: keeping, full: false },
  ) {
    await using cell = await startCell(ground, { engine });
    if (cell.forgetful) cell.forgetful.isFull = full;
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
    const everywhere = async (how: 'exception' | 'kill', crashAt: CrashAt) => {
      const every = EVERY[how];
      const { points, failures } = await crashEverywhere(AT_ONCE[how], { first: 1 + (index % every), every }, (step) =>
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
      total.exceptions += await everywhere('exception', byException);
    });

    it(`${named}, by kill -9`, { timeout: LONGEST_MS }, async () => {
      total.kills += await everywhere('kill', byKill);
    });

    /** The engine comes back too, as it was before its last write or as far back as it can. */
    const everywhereForgotten = async (how: 'exception' | 'kill', crashAt: CrashAt) => {
      const every = EVERY_FORGOTTEN[how];
      const { points, failures } = await crashEverywhere(
        AT_ONCE[how],
        { first: 1 + (index % every), every },
        (step) => {
          const { below, pick } = chance(step);
          const [back, full, isGivenAway] = [pick([1, 2, Number.POSITIVE_INFINITY]), below(2) === 0, below(2) === 0];
          const crash = async (cell: Cell) => {
            const untouched = await crashAt(cell, named, scenario, step);
            cell.forgetful?.comeBack(back);
            if (isGivenAway) cell.forgetful?.intrude();
            await askAgain(cell);
            return untouched;
          };
          const name = `${named}, by ${how} at step ${step}, and the engine comes back by ${back}`;
          return survives(name, scenario, crash, { engine: forgetting, full });
        },
      );
      expect(failures).toEqual([]);
      expect(points).toBeGreaterThanOrEqual(FEWEST_STEPS / every);
      total.at_a_forgetful_engine += points;
    };

    // Small, an engine that forgets meets every other scenario.
    if (level === 'small' && index % 2 > 0) continue;

    it(`${named}, by an exception, and the engine forgets too`, { timeout: LONGEST_MS }, () =>
      everywhereForgotten('exception', byException),
    );

    it(`${named}, by kill -9, and the engine forgets too`, { timeout: LONGEST_MS }, () =>
      everywhereForgotten('kill', byKill),
    );

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
