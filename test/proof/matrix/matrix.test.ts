// Every operation of the provider broken in each of sixteen ways, whatever the user does at that moment: it converges.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { type Ground, layGround, startCell } from '../cell.ts';
import { level } from '../level.ts';
import { report } from '../report.ts';
import { sideBySide } from '../side-by-side.ts';
import { type Broken, breakOperations, type Moment } from './break-operations.ts';
import { type Asked, breakages, operations, preludes } from './breakage.ts';

const AT_ONCE = 16;
const acts: Record<string, { moment: Moment; intent: 'cancel' | 'delete' } | null> = {
  'nobody does anything': null,
  'the user cancels before': { moment: 'before', intent: 'cancel' },
  'the user cancels during': { moment: 'during', intent: 'cancel' },
  'the user cancels after': { moment: 'after', intent: 'cancel' },
  'the user deletes during': { moment: 'during', intent: 'delete' },
};
const asked = Object.keys(operations) as Asked[];

let ground: Ground;
beforeAll(async () => {
  ground = await layGround();
});
afterAll(() => ground[Symbol.asyncDispose]());

type Case = { named: string; broken: Broken[]; act: (typeof acts)[string]; soon: boolean };

/** How often a run in which the second fault is never met is looked at before it counts as being at rest. */
const LOOKS_AT_REST = 5;

async function converges({ named, broken, act = null, soon }: Case): Promise<void> {
  const [first] = broken;
  const prelude = first && preludes[first.operation];
  const wrong = [...(prelude ? [{ operation: prelude.operation, breakage: { fault: prelude.fault } }] : []), ...broken];
  const acting = async (moment: Moment, operation: Asked) => {
    if (act && moment === act.moment && operation === first?.operation) await cell.stop(act.intent);
  };
  let met = () => false;
  await using cell = await startCell(ground, (deps, faults) => {
    const breaking = breakOperations(deps.provider, { faults, broken: wrong, soon, act: acting });
    met = () => breaking.left() <= (broken.length === 1 ? 0 : 1);
    return { ...deps, provider: breaking.provider };
  });
  await cell.create();
  await cell.keeping(named, async () => {
    {
      await using _ = cell.work();
      if (broken.some(({ operation }) => operation === 'cancelJob')) {
        await until(async () => (await cell.row()).state.job_id !== null, 'there is a job to cancel');
        await cell.stop('cancel');
      }
      await until(() => met(), 'the fault is met');
      let looks = 0;
      if (broken.length > 1) {
        await until(async () => {
          looks = (await cell.isAtRest()) ? looks + 1 : 0;
          return looks === LOOKS_AT_REST;
        }, 'it comes to rest');
      }
    }
    await cell.settle();
  });
}

describe('a run converges', () => {
  let cells = 0;

  for (const operation of asked) {
    for (const [acting, act] of Object.entries(acts)) {
      it(`however ${operation} fails, and ${acting}`, async () => {
        const cases = Object.entries(breakages).map(
          ([named, breakage], index): Case => ({
            named: `${operation}, ${named}, ${acting}`,
            broken: [{ operation, breakage }],
            act,
            soon: index % 2 === 0,
          }),
        );
        expect(await sideBySide(cases, AT_ONCE, converges)).toEqual([]);
        cells += cases.length;
      });
    }
  }

  if (level === 'deep') {
    it('however two requests fail, one after the other', { timeout: 3_600_000 }, async () => {
      const single = asked.flatMap((operation) =>
        Object.entries(breakages).map(([named, breakage]) => ({
          named: `${operation}, ${named}`,
          operation,
          breakage,
        })),
      );
      const cases = single.flatMap((one, row) =>
        single.map((other, column): Case => {
          const [acting = '', act] = Object.entries(acts)[(row + column) % Object.keys(acts).length] ?? [];
          const named = `${one.named}; ${other.named}; ${acting}`;
          return { named, broken: [one, other], act: act ?? null, soon: column % 2 === 0 };
        }),
      );
      expect(await sideBySide(cases, AT_ONCE, converges)).toEqual([]);
      cells += cases.length;
    });
  }

  afterAll(() =>
    report('matrix', {
      operations: asked.length,
      faults: Object.keys(breakages).length,
      acts: Object.keys(acts).length,
      cells,
    }),
  );
});
