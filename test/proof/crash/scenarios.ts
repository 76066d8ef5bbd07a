// Six things that a process is at when it crashes: what has happened before, and what it does until all is at rest.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies } from '../../../server/finetuning/dependencies.ts';
import { receiptOf } from '../../../server/finetuning/lifecycle/receipt.ts';
import type { Intent } from '../../../server/finetuning/lifecycle/state.ts';
import { createPursuit } from '../../../server/finetuning/pursue.ts';
import { reconcile } from '../../../server/finetuning/reconcile.ts';
import type { TrackedFinetuning } from '../../../server/finetuning/record.ts';
import type { Told } from '../../oracle.ts';
import { until } from '../../until.ts';
import type { Cell } from '../cell.ts';
import type { Home } from '../ground.ts';
import { isAtRest, serviceOf } from '../installation.ts';
import { PAUSE_MS, type Time } from '../time.ts';

/** What the process that will crash is given. */
export type Task = { id: string | null; home: Home; key: string };

/** Called where a caller would have been answered, with what it would have been told. */
export type Answered = (intent: Intent, told?: Omit<Told, 'id'>) => void;

export type Scenario = {
  /** By a process that does not crash. */
  prepare(cell: Cell): Promise<void>;
  /** The highest intent that its user asks for. */
  asks: Intent;
  act(deps: Dependencies, time: Time, task: Task, answered: Answered): Promise<void>;
};

/** Real milliseconds, which the scenario's own caller waits for proof. */
const WAIT_MS = 5000;

export const scenarios: Record<string, Scenario> = {
  'a run is created and submitted': {
    prepare: async () => {},
    asks: 'run',
    async act(deps, time, { home, key }, answered) {
      const created = { db_connection_id: home.connectionId };
      const { id } = await serviceOf(deps, home.organization).finetunings.create(created, key);
      answered('run');
      await finish(deps, time, id);
    },
  },
  'a training run is cancelled': {
    prepare: (cell) => bring(cell, hasBegun),
    asks: 'cancel',
    act: cancel,
  },
  'a run whose submission got no answer is cancelled': {
    async prepare(cell) {
      const held = cell.faults.holdExecution('jobs.create');
      held.reached.then(held.cut, () => {});
      await bring(cell, isUnanswered('create'));
    },
    asks: 'cancel',
    act: cancel,
  },
  'a submission that got no answer is found again': {
    async prepare(cell) {
      cell.faults.next('jobs.create', { kind: 'reset_after' });
      await bring(cell, isUnanswered('create'));
    },
    asks: 'run',
    act: goOn,
  },
  'an upload that got no answer is found again': {
    async prepare(cell) {
      cell.faults.next('files.create', { kind: 'reset_after' });
      await bring(cell, isUnanswered('upload'));
    },
    asks: 'run',
    act: goOn,
  },
  'a training run is deleted': {
    prepare: (cell) => bring(cell, hasBegun),
    asks: 'delete',
    async act(deps, time, { id, home }, answered) {
      if (id === null) throw new Error('there is nothing to delete');
      using _ = time.passing();
      const { forgotten } = await serviceOf(deps, home.organization).finetunings.delete(id, WAIT_MS);
      answered('delete', { forgotten });
      await finish(deps, time, id);
    },
  },
};

async function cancel(deps: Dependencies, time: Time, { id, home }: Task, answered: Answered): Promise<void> {
  if (id === null) throw new Error('there is nothing to cancel');
  using _ = time.passing();
  const { state } = await serviceOf(deps, home.organization).finetunings.cancel(id, { wait_ms: WAIT_MS });
  answered('cancel', { status: state.status, cancellation: receiptOf(state) });
  await finish(deps, time, id);
}

async function goOn(deps: Dependencies, time: Time, { id }: Task): Promise<void> {
  if (id === null) throw new Error('there is nothing to go on with');
  await finish(deps, time, id);
}

/** Until nothing is left to do; where a step fails because the process is dead, so does this. */
async function finish(deps: Dependencies, time: Time, id: string): Promise<void> {
  const pursuit = createPursuit(deps);
  for (;;) {
    await pursuit.advance(id);
    const row = await deps.store.finetunings.findAny(id);
    if (!row || isAtRest(row)) return;
    time.pass();
    await sleep(PAUSE_MS);
  }
}

/** Where jobs are held, it is released too. */
const hasBegun = ({ state }: TrackedFinetuning) => state.job_id !== null && state.job_stage === null;

const isUnanswered =
  (kind: 'create' | 'upload') =>
  ({ calls }: TrackedFinetuning) =>
    calls.some((call) => call.kind === kind && call.state === 'open' && call.replied_at !== null);

/** One step at a time, so that it stops exactly there. */
async function bring(cell: Cell, isThere: (row: TrackedFinetuning) => boolean): Promise<void> {
  const { id } = await cell.create();
  await until(async () => {
    const row = await reconcile(cell.deps, id);
    return row !== null && isThere(row);
  }, 'the scenario is prepared');
}
