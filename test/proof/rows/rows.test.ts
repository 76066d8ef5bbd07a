// Random faults, crashes and acts on the real database with the real client: each run converges.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dependencies } from '../../../server/finetuning/dependencies.ts';
import { createSightings } from '../../../server/finetuning/sightings.ts';
import { registryOf } from '../../../server/provider/registry.ts';
import { type Cell, startCell, type Wrap } from '../cell.ts';
import { forgetting, keeping } from '../engine.ts';
import { type Ground, layGround } from '../ground.ts';
import { toldBy, toldInHistory } from '../happenings.ts';
import { atLevel, LONGEST_MS } from '../level.ts';
import { breakOperations } from '../matrix/break-operations.ts';
import { progressOf } from '../progress.ts';
import { reportWhenPassed } from '../report.ts';
import { chance, seedOf } from '../seed.ts';
import { sideBySide } from '../side-by-side.ts';
import { Sometimes } from '../sometimes.ts';
import { mortal } from '../steps.ts';
import { drawPlan, type Plan, steered } from './plan.ts';

const RUNS = atLevel({ small: 8, proof: 300, deep: 5000 });
const AT_ONCE = 12;

let ground: Ground;
beforeAll(async () => {
  ground = await layGround();
});
afterAll(() => ground[Symbol.asyncDispose]());

describe('on the real database', () => {
  const seen = new Sometimes(
    'adopted by tag',
    'absent after the fence',
    'late create refused by the fence',
    'too-late cancel',
    'compare-and-set lost',
    'released again',
    'forgotten before it began',
    'end that waited for its fence',
  );
  const total = { runs: 0, at_a_forgetful_engine: 0, faults: 0, crashes: 0, steps_of_clocks: 0 };

  it('every run converges, whatever fails, crashes and is asked for meanwhile', { timeout: LONGEST_MS }, async () => {
    const seed = seedOf('rows');
    const drawn = Array.from({ length: RUNS }, (_, index): [string, Plan] => {
      return [`rows-${seed + index}`, drawPlan(chance(seed + index))];
    });
    const plans = [...Object.entries(steered), ...drawn];
    const step = progressOf('rows', plans.length, 'runs');
    const one = ([named, plan]: [string, Plan]) => converges(named, plan).finally(step);
    expect(await sideBySide(plans, AT_ONCE, one)).toEqual([]);
    seen.expectEach();
  });

  reportWhenPassed('rows', () => ({ ...total, ...seen.counts }));

  /** A process whose wall clock is not that of the others. */
  function withClock(cell: Cell, plan: Plan['clocks'][number] | undefined): Dependencies {
    const { ahead_ms = 0, step_ms = 0, after = 0 } = plan ?? {};
    const clocks = cell.clocks();
    clocks.ahead_ms = ahead_ms;
    let looks = 0;
    const clock = () => {
      looks += 1;
      if (looks === after && step_ms !== 0) {
        clocks.ahead_ms += step_ms;
        total.steps_of_clocks += 1;
      }
      return clocks.wall();
    };
    return { ...cell.deps, clock, sightings: createSightings(clocks.monotonic) };
  }

  async function converges(named: string, plan: Plan): Promise<void> {
    const { mishaps, deaths, clocks, finishes, last, forgetful } = plan;
    const engine = forgetful ? forgetting : keeping;
    let faults = () => 0;
    const wrap: Wrap = (deps, around) => {
      const breaking = breakOperations(deps.providers.standard, {
        ...around,
        engine,
        deaf: ground.deaf(engine),
        broken: mishaps,
        async act(moment, { acts }) {
          const intent = acts[moment];
          if (intent) await cell.stop(intent);
        },
      });
      faults = () => mishaps.length - breaking.left();
      const { finetunings } = deps.store;
      const save: typeof finetunings.save = async (...given) => {
        const written = await finetunings.save(...given);
        if (written === null) seen.hit('compare-and-set lost');
        return written;
      };
      return {
        ...deps,
        providers: registryOf(breaking.provider),
        store: { ...deps.store, finetunings: { ...finetunings, save } },
      };
    };
    await using cell = await startCell(ground, { wrap, engine });
    if (cell.forgetful) cell.forgetful.isFull = forgetful?.full ?? false;
    await cell.keeping(named, async () => {
      await cell.create();
      {
        await using workers = new AsyncDisposableStack();
        for (const [index, death] of deaths.entries()) {
          let lives = 0;
          workers.use(
            cell.work(() => {
              if (lives > 0) total.crashes += 1;
              lives += 1;
              const own = withClock(cell, clocks[index]);
              return mortal(own, lives === 1 && death !== null ? death : Number.POSITIVE_INFINITY);
            }),
          );
        }
        await cell.comesToRest();
        const { job_id, file_id } = (await cell.row()).state;
        // The engine may have forgotten it, and given its id to somebody else's.
        const jobs = cell.sandbox.ledger.jobs();
        const own = jobs.find(({ id, training_file }) => id === job_id && training_file === file_id);
        if (own && finishes) cell.sandbox.ledger.finishNow(own.id, 'succeeded');
        if (own && forgetful?.outside) {
          cell.sandbox.ledger.cancelNow(own.id);
          await cell.comesToRest();
        }
        if (forgetful) {
          cell.forgetful?.comeBack(forgetful.back);
          await cell.comesToRest();
        }
        if (last) await cell.stop(last);
      }
      seen.hit(...toldBy(await cell.settle()), ...toldInHistory(await cell.history()));
    });
    if (cell.faults.createsRefused > 0) seen.hit('late create refused by the fence');
    total.runs += 1;
    if (forgetful) total.at_a_forgetful_engine += 1;
    total.faults += faults();
  }
});
