// Random faults, crashes and acts on the real database with the real client: each run converges.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { type Cell, type Ground, layGround, startCell } from '../cell.ts';
import { atLevel } from '../level.ts';
import { breakOperations } from '../matrix/break-operations.ts';
import { type Asked, breakages, operations } from '../matrix/breakage.ts';
import { report } from '../report.ts';
import { chance, seedOf } from '../seed.ts';
import { sideBySide } from '../side-by-side.ts';
import { Sometimes } from '../sometimes.ts';
import { mortal } from '../steps.ts';

const RUNS = atLevel({ test: 300, deep: 5000 });
const AT_ONCE = 12;
const PROCESSES = 2;
/** A process takes about as many steps from creation to rest. */
const STEPS = 40;
const LOOKS_AT_REST = 5;

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
  );
  const total = { runs: 0, faults: 0, crashes: 0 };

  it('every run converges, whatever fails, crashes and is asked for meanwhile', { timeout: 3_600_000 }, async () => {
    const seed = seedOf('rows');
    const seeds = Array.from({ length: RUNS }, (_, index) => seed + index);
    expect(await sideBySide(seeds, AT_ONCE, converges)).toEqual([]);
    seen.expectEach();
  });

  afterAll(() => report('rows', { ...total, ...seen.counts }));

  async function converges(seed: number): Promise<void> {
    const { below, pick } = chance(seed);
    const asked = Object.keys(operations) as Asked[];
    const broken = Array.from({ length: 2 + below(8) }, () => ({
      operation: below(3) === 0 ? ('createJob' as const) : pick(asked),
      breakage: pick(Object.values(breakages)),
    }));
    const intents = ['cancel', 'cancel', 'delete'] as const;
    const acting = async () => {
      if (below(5) === 0) await cell.stop(pick(intents));
    };
    let faults = () => 0;
    await using cell = await startCell(ground, (deps, layer) => {
      const breaking = breakOperations(deps.provider, { faults: layer, broken, soon: below(2) === 0, act: acting });
      faults = () => broken.length - breaking.left();
      const { finetunings } = deps.store;
      const save: typeof finetunings.save = async (...given) => {
        const written = await finetunings.save(...given);
        if (written === null) seen.hit('compare-and-set lost');
        return written;
      };
      return { ...deps, provider: breaking.provider, store: { ...deps.store, finetunings: { ...finetunings, save } } };
    });
    await cell.create();
    const settled = await cell.keeping(`rows-${seed}`, async () => {
      {
        await using workers = new AsyncDisposableStack();
        for (let index = 0; index < PROCESSES; index++) {
          let life = 0;
          const boot = () => {
            if (life > 0) total.crashes += 1;
            life += 1;
            return mortal(cell.deps, life === 1 && below(2) === 0 ? 1 + below(STEPS) : Number.POSITIVE_INFINITY);
          };
          workers.use(cell.work(boot));
        }
        let looks = 0;
        await until(async () => {
          looks = (await cell.isAtRest()) ? looks + 1 : 0;
          return looks === LOOKS_AT_REST;
        }, 'it comes to rest');
        const { job_id } = (await cell.row()).state;
        if (job_id !== null && below(6) === 0) cell.sandbox.ledger.finishNow(job_id, 'succeeded');
        if (below(2) === 0) await cell.stop(pick(intents));
      }
      return cell.settle();
    });
    total.runs += 1;
    total.faults += faults();
    note(cell, settled);
  }

  function note({ faults }: Cell, { state, calls }: Awaited<ReturnType<Cell['settle']>>): void {
    if (faults.createsRefused > 0) seen.hit('late create refused by the fence');
    if (state.evidence === 'absent_at_provider') seen.hit('absent after the fence');
    if (state.intent !== 'run' && state.status === 'succeeded') seen.hit('too-late cancel');
    const found = (call: (typeof calls)[number]) =>
      call.kind === 'create' && call.state === 'done' && (call.replied_at === null || call.detail !== null);
    if (calls.some(found)) seen.hit('adopted by tag');
  }
});
