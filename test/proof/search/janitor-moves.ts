// The janitor of the abstract world: it lists what the provider has, reads the row, and acts on behalf of its owner.

import { isStray } from '../../../server/finetuning/lifecycle/observe.ts';
import { type Call, isTerminal } from '../../../server/finetuning/lifecycle/state.ts';
import type { JobRef, ProviderJob } from '../../../server/finetuning/provider.ts';
import { type Move, spend, withWorker } from './change.ts';
import { filesOf, listAll } from './provider.ts';
import { RUN_ID, type Worker, type World } from './world.ts';

export function janitorMoves(world: World, worker: Worker, index: number): Move[] {
  if (worker.at === 'swept') return [act(world, worker, index)];
  if (worker.at !== 'idle' || world.budget.sweep === 0) return [];
  const listed: Extract<Worker, { at: 'swept' }>['action'][] = [
    ...listAll(world).flatMap((job) =>
      job.phase === 'active' && job.tag.goldtune_finetuning === RUN_ID
        ? [{ kind: 'cancel' as const, job: refOf(job) }]
        : [],
    ),
    ...filesOf(world).map((file_id) => ({ kind: 'delete_file' as const, file_id })),
  ];
  return listed.map((action) => ({
    label: `worker ${index} sweeps and lists what it would ${action.kind}`,
    kind: 'fault',
    world: withWorker(spend(world, 'sweep'), index, { at: 'swept', action }),
  }));
}

const refOf = ({ id, name, incarnation }: ProviderJob): JobRef => ({ id, name, incarnation });

/** Between the list and the row anything may have happened. As janitor.ts decides it, on the row as it is now. */
function act(world: World, { action }: Extract<Worker, { at: 'swept' }>, index: number): Move {
  const { calls } = world.run;
  const isUnwanted = action.kind === 'cancel' ? isStray(world.run, action.job) : !isNeeded(world, action.file_id);
  const isSame = (call: Call) =>
    action.kind === 'cancel'
      ? call.kind === 'cancel' && call.job_id === action.job.id
      : call.kind === 'delete_file' && call.file_id === action.file_id;
  const isBusy = calls.some(
    (call) => call.state === 'open' && (call.kind === 'upload' || call.kind === 'create' || isSame(call)),
  );
  const next: Worker =
    isUnwanted && !isBusy ? { at: 'decided', version: world.version, snapshot: world.run, action } : { at: 'idle' };
  return { label: `worker ${index} reads the owner`, kind: 'bound', world: withWorker(world, index, next) };
}

function isNeeded({ run: { state } }: World, file_id: string): boolean {
  if (state.deleted_at !== null) return false;
  if (file_id === state.file_id) return true;
  return !isTerminal(state.status) && Number(file_id.slice('file-'.length)) >= state.attempt;
}
