// One cell of the matrix: a run of which given requests go wrong while its user does something, and what must come of it.

import { tidyProviders } from '../../../server/finetuning/janitor.ts';
import { type Intent, isTerminal, raise } from '../../../server/finetuning/lifecycle/state.ts';
import type { TrackedFinetuning } from '../../../server/finetuning/record.ts';
import { registryOf } from '../../../server/provider/registry.ts';
import { ownedOf } from '../../picture.ts';
import { until } from '../../until.ts';
import { type Cell, startCell, type Wrap } from '../cell.ts';
import { type Engine, keeping } from '../engine.ts';
import { trainingOn } from '../foreign.ts';
import { STARTED_BEFORE } from '../forgetful/job.ts';
import type { Ground } from '../ground.ts';
import { type Broken, breakOperations, type Moment } from './break-operations.ts';
import { type Asked, isDefiniteRefusal, preludes } from './breakage.ts';

export type Act = { moment: Moment; intent: 'cancel' | 'delete' };
/** Of two that go wrong, whichever is asked for first is the one at which the user acts. */
export type Case = {
  named: string;
  broken: readonly [Broken] | readonly [Broken, Broken];
  act: Act | null;
  /** Left out: one that keeps what it has acknowledged. */
  engine?: Engine;
  /** At an engine that holds its jobs: those that are released wait until all is at rest. */
  full?: boolean;
};

/**
 * @returns how many of the requests have gone wrong: of two, one may make sure that the other is never asked for.
 * @throws where it does not converge
 */
export async function converges(ground: Ground, one: Case): Promise<number> {
  const { named, broken, act, engine = keeping, full = false } = one;
  const asksFor = (operation: Asked) => broken.some((one) => one.operation === operation);
  const met: Broken[] = [];
  const over: Broken[] = [];
  let wanted: Intent = 'run';
  const stop = (intent: Act['intent']) => {
    wanted = raise(wanted, intent);
    return cell.stop(intent);
  };
  const wrap: Wrap = (deps, { faults, forgetful }) => ({
    ...deps,
    providers: registryOf(
      breakOperations(deps.providers.standard, {
        faults,
        forgetful,
        engine,
        deaf: ground.deaf(engine),
        broken: [...preludesOf(broken), ...broken],
        async act(moment, one) {
          if (!broken.includes(one)) return;
          if (moment === 'before') met.push(one);
          if (moment === act?.moment && one === met[0]) await stop(act.intent);
          if (moment === 'after') over.push(one);
        },
      }).provider,
    ),
  });
  await using cell = await startCell(ground, { wrap, engine });
  if (cell.forgetful) cell.forgetful.isFull = full;
  return await cell.keeping(named, async () => {
    await cell.create();
    let stray: string | null = null;
    {
      await using _ = cell.work();
      if (broken.length > 1) await cell.comesToRest();
      else if (asksFor('cancelJob') || asksFor('listJobs') || isOfAStop(one)) {
        await until(async () => hasBegun(await cell.row()), 'there is a job, and it is let begin');
      }
      if (asksFor('cancelJob') || isOfAStop(one)) await stop('cancel');
      if (asksFor('listJobs')) {
        stray = plantStray(cell, await cell.row());
        const sweeps = broken.filter(({ operation }) => operation === 'listJobs');
        await until(async () => {
          await tidyProviders(cell.deps);
          return sweeps.every((one) => over.includes(one));
        }, 'the janitor has met its faults');
      }
      if (broken.length > 1) await cell.comesToRest();
      else await until(() => over.length > 0, 'the fault is met');
      if (cell.forgetful) await cell.comesToRest();
    }
    const row = await cell.settle(stray ? [stray] : []);
    if (stray && cell.sandbox.ledger.jobs().find(({ id }) => id === stray)?.status !== 'cancelled') {
      throw new Error('the janitor has not stopped the stray job');
    }
    const refused = broken.some(
      ({ operation, breakage }) =>
        (operation === 'uploadFile' || operation === 'createJob') && isDefiniteRefusal(breakage),
    );
    // The engine has forgotten that it had begun, and began it again, which its job refused: that is how it shows its end.
    const isBegunTwice = row.state.error?.includes(STARTED_BEFORE) ?? false;
    const isExcused =
      ((refused || isBegunTwice) && wanted !== 'delete') || (wanted === 'run' && hasLostItsJob(cell, row));
    if (!isAsWished(cell, row, wanted) && !(isExcused && row.state.status === 'failed')) {
      throw new Error(`it has come to ${JSON.stringify(row.state)}, wished was ${wanted}`);
    }
    return over.length;
  });
}

/** What must go wrong before, so that these are asked for; nothing where one of them is that already. */
function preludesOf(broken: readonly Broken[]): Broken[] {
  if (broken.some(({ breakage }) => 'forgets' in breakage)) return [];
  const needed = broken.flatMap(({ operation }) => preludes[operation] ?? []);
  const isBroken = (prelude: Broken) => broken.some(({ operation }) => operation === prelude.operation);
  return [...new Map(needed.map((prelude) => [prelude.operation, prelude])).values()].filter((one) => !isBroken(one));
}

/** Where a file goes before the cancel, only a stop removes it while nothing else is wrong. */
const isOfAStop = ({ broken: [{ operation, breakage }] }: Case) => operation === 'deleteFile' && 'forgets' in breakage;

const hasBegun = ({ state }: TrackedFinetuning) => state.job_id !== null && state.job_stage === null;

/** The engine has come back without a job that it had let begin: it may have trained, and none is begun in its place. */
const hasLostItsJob = ({ forgetful }: Cell, { state, calls }: TrackedFinetuning) =>
  forgetful?.forgotten.some(({ training_file }) => training_file === state.job_incarnation) &&
  calls.some((call) => call.kind === 'release' && call.attempt === state.attempt && call.state !== 'refused');

/** What its user must see in the end: a fault that passes changes nothing about it. */
function isAsWished({ sandbox: { ledger }, forgetful }: Cell, { id, state }: TrackedFinetuning, wanted: Intent) {
  if (wanted === 'delete') return state.deleted_at !== null;
  if (wanted === 'cancel') return state.status === 'cancelled';
  const jobs = forgetful?.pictured() ?? ownedOf({ jobs: ledger.jobs(), files: [] }).jobs;
  const trains = jobs.some(
    (job) => job.owner === id && job.id === state.job_id && job.phase === 'active' && job.trained !== false,
  );
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
