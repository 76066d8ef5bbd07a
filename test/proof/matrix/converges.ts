// One cell of the matrix: a run of which given requests go wrong while its user does something, and what must come of it.
import { tidyProvider } from '../../../server/finetuning/janitor.ts';
import { type Intent, isTerminal, raise } from '../../../server/finetuning/lifecycle/state.ts';
import type { TrackedFinetuning } from '../../../server/finetuning/record.ts';
import { ownedOf } from '../../picture.ts';
import { until } from '../../until.ts';
import { type Cell, startCell } from '../cell.ts';
import { trainingOn } from '../foreign.ts';
import type { Ground } from '../ground.ts';
import { type Broken, breakOperations, type Moment } from './break-operations.ts';
import { type Asked, isDefiniteRefusal, preludes } from './breakage.ts';

export type Act = { moment: Moment; intent: 'cancel' | 'delete' };
/** Of two that go wrong, whichever is asked for first is the one at which the user acts. */
export type Case = { named: string; broken: readonly [Broken] | readonly [Broken, Broken]; act: Act | null };

/**
 * @returns how many of the requests have gone wrong: of two, one may make sure that the other is never asked for.
 * @throws where it does not converge
 */
export async function converges(ground: Ground, { named, broken, act }: Case): Promise<number> {
  const asksFor = (operation: Asked) => broken.some((one) => one.operation === operation);
  const met: Broken[] = [];
  const over: Broken[] = [];
  let wanted: Intent = 'run';
  const stop = (intent: Act['intent']) => {
    wanted = raise(wanted, intent);
    return cell.stop(intent);
  };
  await using cell = await startCell(ground, (deps, faults) => ({
    ...deps,
    provider: breakOperations(deps.provider, {
      faults,
      deaf: ground.deaf,
      broken: [...preludesOf(broken), ...broken],
      async act(moment, one) {
        if (!broken.includes(one)) return;
        if (moment === 'before') met.push(one);
        if (moment === act?.moment && one === met[0]) await stop(act.intent);
        if (moment === 'after') over.push(one);
      },
    }).provider,
  }));
  return await cell.keeping(named, async () => {
    await cell.create();
    let stray: string | null = null;
    {
      await using _ = cell.work();
      if (broken.length > 1) await cell.comesToRest();
      else if (asksFor('cancelJob') || asksFor('listJobs')) {
        await until(async () => (await cell.row()).state.job_id !== null, 'there is a job');
      }
      if (asksFor('cancelJob')) await stop('cancel');
      if (asksFor('listJobs')) {
        stray = plantStray(cell, await cell.row());
        const sweeps = broken.filter(({ operation }) => operation === 'listJobs');
        await until(async () => {
          await tidyProvider(cell.deps);
          return sweeps.every((one) => over.includes(one));
        }, 'the janitor has met its faults');
      }
      if (broken.length > 1) await cell.comesToRest();
      else await until(() => over.length > 0, 'the fault is met');
    }
    const row = await cell.settle(stray ? [stray] : []);
    if (stray && cell.sandbox.ledger.jobs().find(({ id }) => id === stray)?.status !== 'cancelled') {
      throw new Error('the janitor has not stopped the stray job');
    }
    const refused = broken.some(
      ({ operation, breakage }) =>
        (operation === 'uploadFile' || operation === 'createJob') && isDefiniteRefusal(breakage),
    );
    if (!isAsWished(cell, row, wanted) && !(refused && row.state.status === 'failed' && wanted !== 'delete')) {
      throw new Error(`it has come to ${JSON.stringify(row.state)}, wished was ${wanted}`);
    }
    return over.length;
  });
}

/** What must go wrong before, so that these are asked for; nothing where one of them is that already. */
function preludesOf(broken: readonly Broken[]): Broken[] {
  const needed = broken.flatMap(({ operation }) => preludes[operation] ?? []);
  const isBroken = (prelude: Broken) => broken.some(({ operation }) => operation === prelude.operation);
  return [...new Map(needed.map((prelude) => [prelude.operation, prelude])).values()].filter((one) => !isBroken(one));
}

/** What its user must see in the end: a fault that passes changes nothing about it. */
function isAsWished({ sandbox: { ledger } }: Cell, { id, state }: TrackedFinetuning, wanted: Intent) {
  if (wanted === 'delete') return state.deleted_at !== null;
  if (wanted === 'cancel') return state.status === 'cancelled';
  const { jobs } = ownedOf({ jobs: ledger.jobs(), files: [] });
  const trains = jobs.some((job) => job.owner === id && job.id === state.job_id && job.phase === 'active');
  return trains && !isTerminal(state.status);
}

/** A second job of the run, as a create that was delivered twice leaves it: only the janitor finds it. Null where nothing was uploaded. */
function plantStray({ sandbox: { ledger } }: Cell, { id, state }: TrackedFinetuning): string | null {
  const { file_id, attempt } = state;
  if (file_id === null) return null;
  const metadata = {
    goldtune_finetuning: id,
    goldtune_attempt: String(attempt),
    goldtune_deployment: 'proof',
    made_by_test: 'yes',
  };
  const { id: stray } = ledger.addJob([], () => trainingOn(ledger, file_id, metadata));
  // It has read its file: that the file is removed does not stop it any more.
  ledger.startRunningNow(stray);
  return stray;
}
