// Two worlds that nothing can tell apart have one key.
import type { Happening } from '../../../server/finetuning/lifecycle/apply.ts';
import type { Action } from '../../../server/finetuning/lifecycle/decide.ts';
import type { Call, Run } from '../../../server/finetuning/lifecycle/state.ts';
import { NOW, type Request, type Worker, type World } from './world.ts';

const due = (run: Run) => (run.due_at === null ? '-' : run.due_at > NOW ? 'f' : 'n');
const past = (time: string | null) => (time === null ? '-' : time < NOW ? 'p' : 'n');

/** Calls are told apart by their place in the row; a call that the row no longer has open is one like any other. */
const place = (call: Call, calls: readonly Call[]) => calls.findIndex((known) => known.id === call.id);

function callKey(call: Call): string {
  const common = `${call.attempt}${call.state[0]}${past(call.lease_until)}${call.replied_at === null ? '' : 'r'}`;
  switch (call.kind) {
    case 'upload':
      return `U${common}${call.file_id ?? ''}`;
    case 'create':
      return `C${common}${call.file_id}${past(call.looked_up_at)}${past(call.fenced_at)}`;
    case 'cancel':
      return `X${common}${call.job_id}`;
    case 'delete_file':
      return `D${common}${call.file_id}`;
    default:
      return call satisfies never;
  }
}

const requestKey = (request: Request) =>
  'file_id' in request
    ? request.kind + request.file_id
    : 'job_id' in request
      ? request.kind + request.job_id
      : `${request.kind}${request.attempt}`;

const actionKey = (action: Action) =>
  action.kind +
  ('file_id' in action ? action.file_id : '') +
  ('job_id' in action ? action.job_id : '') +
  ('conclusive' in action ? action.conclusive : '');

const happeningKey = (happening: Happening) =>
  happening.kind + ('outcome' in happening ? JSON.stringify(happening.outcome) : '');

function workerKey(worker: Worker, world: World): string {
  switch (worker.at) {
    case 'idle':
      return 'i';
    case 'decided':
      return `d${worker.version === world.version ? '' : 's'}${actionKey(worker.action)}${due(worker.snapshot)}${worker.snapshot.failures}`;
    case 'waiting':
      return `w${place(worker.call, world.run.calls)}`;
    case 'looked':
      return `l${worker.version === world.version ? '' : 's'}${happeningKey(worker.happening)}${due(worker.snapshot)}${worker.snapshot.failures}`;
    case 'answered':
      return `a${place(worker.call, world.run.calls)}${happeningKey(worker.happening)}`;
    default:
      return worker satisfies never;
  }
}

/** `whole`: snapshots matter beyond their version, because compare-and-set is switched off. */
export function keyOf(world: World, whole: boolean): string {
  const { run, jobs, files, net, workers, budget } = world;
  const { state } = run;
  const inFlight = net.map(({ request, sender }) => requestKey(request) + (sender ?? '')).sort();
  // Workers are alike: the order does not matter, but their requests follow them.
  const snapshots = whole ? workers.map((worker) => ('snapshot' in worker ? JSON.stringify(worker.snapshot) : '')) : [];
  return [
    `${state.status}${state.intent}${state.attempt}${state.file_id ?? ''}${state.job_id ?? ''}${state.evidence ?? ''}`,
    `${state.provider_status ?? ''}${past(state.gone_since)}${state.deleted_at ? 'x' : ''}${state.cancel_requested_at ? 'q' : ''}${state.error ? 'e' : ''}`,
    `${due(run)}${run.failures}`,
    run.calls.map(callKey).join(),
    jobs.map((job) => `${job.file_id}${job.phase}${job.visible ? 'v' : ''}`).join(),
    files.join(),
    inFlight.join(),
    workers.map((worker) => workerKey(worker, world)).join('/'),
    snapshots.join('/'),
    Object.values(budget).join(''),
    `${world.cancelAsked ? 'c' : ''}${world.deleteAsked ? 'd' : ''}`,
  ].join('|');
}
