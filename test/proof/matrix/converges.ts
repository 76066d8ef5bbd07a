// One cell of the matrix: a run of which given requests go wrong while its user does something, and what must come of it.
import { tidyProvider } from '../../../server/finetuning/janitor.ts';
import { isTerminal } from '../../../server/finetuning/lifecycle/state.ts';
import type { TrackedFinetuning } from '../../../server/finetuning/record.ts';
import { ownedOf } from '../../picture.ts';
import { until } from '../../until.ts';
import { type Cell, startCell } from '../cell.ts';
import { trainingOn } from '../foreign.ts';
import type { Ground } from '../ground.ts';
import { type Broken, breakOperations, type Moment } from './break-operations.ts';
import { type Asked, isDefiniteRefusal, preludes } from './breakage.ts';

export type Act = { moment: Moment; intent: 'cancel' | 'delete' };
export type Case = { named: string; broken: readonly [Broken, ...Broken[]]; act: Act | null };

/** @throws where it does not */
export async function converges(ground: Ground, { named, broken, act }: Case): Promise<void> {
  const [first] = broken;
  const prelude = preludes[first.operation];
  const asksFor = (operation: Asked) => broken.some((one) => one.operation === operation);
  let met = () => false;
  await using cell = await startCell(ground, (deps, faults) => {
    const acting = async (moment: Moment, one: Broken) => {
      if (moment === act?.moment && one === first) await cell.stop(act.intent);
    };
    const breaking = breakOperations(deps.provider, {
      faults,
      broken: prelude ? [prelude, ...broken] : broken,
      act: acting,
    });
    // Of two the second may never be asked for.
    met = () => breaking.left() <= broken.length - 1;
    return { ...deps, provider: breaking.provider };
  });
  await cell.keeping(named, async () => {
    await cell.create();
    let stray: string | null = null;
    {
      await using _ = cell.work();
      if (asksFor('cancelJob') || asksFor('listJobs')) {
        await until(async () => (await cell.row()).state.job_id !== null, 'there is a job');
      }
      if (asksFor('cancelJob')) await cell.stop('cancel');
      if (asksFor('listJobs')) stray = plantStray(cell, await cell.row());
      await until(async () => {
        if (stray) await tidyProvider(cell.deps);
        return met();
      }, 'the fault is met');
      if (broken.length > 1) await cell.comesToRest();
    }
    const row = await cell.settle(stray ? [stray] : []);
    if (stray && cell.sandbox.ledger.jobs().find(({ id }) => id === stray)?.status !== 'cancelled') {
      throw new Error('the janitor has not stopped the stray job');
    }
    const wanted = act?.intent === 'delete' ? 'delete' : asksFor('cancelJob') ? 'cancel' : (act?.intent ?? null);
    const refused = broken.some(
      ({ operation, breakage }) =>
        (operation === 'uploadFile' || operation === 'createJob') && isDefiniteRefusal(breakage),
    );
    if (!isAsWished(cell, row, wanted) && !(refused && row.state.status === 'failed' && wanted !== 'delete')) {
      throw new Error(`it has come to ${JSON.stringify(row.state)}, wished was ${wanted}`);
    }
  });
}

/** What its user must see in the end: a fault that passes changes nothing about it. */
function isAsWished({ sandbox: { ledger } }: Cell, { id, state }: TrackedFinetuning, wanted: Act['intent'] | null) {
  if (wanted === 'delete') return state.deleted_at !== null;
  if (wanted === 'cancel') return state.status === 'cancelled';
  const { jobs } = ownedOf({ jobs: ledger.jobs(), files: [] });
  const trains = jobs.some((job) => job.owner === id && job.id === state.job_id && job.phase === 'active');
  return trains && !isTerminal(state.status);
}

/** A second job of the run, as a create that was delivered twice leaves it. Only the janitor finds it. */
function plantStray({ sandbox: { ledger } }: Cell, { id, state }: TrackedFinetuning): string {
  const { file_id, attempt } = state;
  if (file_id === null) throw new Error('there is no file to train on');
  const metadata = {
    goldtune_finetuning: id,
    goldtune_attempt: String(attempt),
    goldtune_deployment: 'proof',
    made_by_test: 'yes',
  };
  return ledger.addJob(() => trainingOn(ledger, file_id, metadata)).id;
}
