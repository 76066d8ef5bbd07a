// Two worlds that nothing can tell apart have one key.
import type { Happening } from '../../../server/finetuning/lifecycle/apply.ts';
import type { Action } from '../../../server/finetuning/lifecycle/decide.ts';
import type { Call, Run } from '../../../server/finetuning/lifecycle/state.ts';
import { type Job, NOW, type Process, type Request, type Worker, type World } from './world.ts';

const due = (run: Run) => (run.due_at === null ? '-' : run.due_at > NOW ? 'f' : 'n');
const past = (time: string | null) => (time === null ? '-' : time < NOW ? 'p' : 'n');

/** Calls are told apart by their place in the row; a call that the row no longer has open is one like any other. */
const place = (id: string, calls: readonly Call[]) => calls.findIndex((known) => known.id === id);

function callKey(call: Call): string {
  const common = `${call.attempt}${call.state[0]}${past(call.lease_until)}${call.replied_at === null ? '' : 'r'}`;
  switch (call.kind) {
    case 'upload':
      return `U${common}${call.file_id ?? ''}`;
    case 'create':
      return `C${common}${call.file_id}${call.job_id ?? ''}${past(call.looked_up_at)}${past(call.fenced_at)}`;
    case 'release':
    case 'cancel':
      return `${call.kind === 'cancel' ? 'X' : 'R'}${common}${call.job_id}${call.job_incarnation}`;
    case 'delete_file':
      return `D${common}${call.file_id}`;
    default:
      return call satisfies never;
  }
}

/** Long keys that come again and again are told by their number: the maps of the search stay small. */
const numbers = new Map<string, string>();
function short(key: string): string {
  const known = numbers.get(key) ?? numbers.size.toString(36);
  numbers.set(key, known);
  return known;
}

const runKeys = new WeakMap<Run, string>();
/** All that decide and apply read of a run, which is never changed once it is made. */
function runKey(run: Run): string {
  const key = runKeys.get(run) ?? short(longKey(run));
  runKeys.set(run, key);
  return key;
}

function longKey(run: Run): string {
  const { state } = run;
  return [
    `${state.status}${state.intent}${state.attempt}${state.file_id ?? ''}${state.job_id ?? ''}${state.job_incarnation ?? ''}${state.job_stage ?? ''}${state.evidence ?? ''}`,
    `${state.provider_status ?? ''}${past(state.gone_since)}${state.deleted_at ? 'x' : ''}${state.cancel_requested_at ? 'q' : ''}${state.error ? 'e' : ''}`,
    `${due(run)}${run.failures}`,
    run.calls.map(callKey).join(),
  ].join('|');
}

const requestKey = (request: Request) =>
  'file_id' in request
    ? request.kind + request.file_id
    : 'job' in request
      ? `${request.kind}${request.job.id}${request.job.incarnation}`
      : `${request.kind}${request.attempt}`;

/** A decision's call is one of its snapshot's. */
const actionKey = (action: Action, { calls }: Run) =>
  short(JSON.stringify('call' in action ? { ...action, call: place(action.call.id, calls) } : action));

/** All of it, so that nothing which apply reads is missed; only a call's id is told by its place. */
const happeningKey = (happening: Happening, calls: readonly Call[]) =>
  short(
    JSON.stringify('call_id' in happening ? { ...happening, call_id: place(happening.call_id, calls) } : happening),
  );

const jobKey = (job: Job) =>
  `${job.file_id}${job.attempt}${job.phase}${job.incarnation}${[job.visible, job.validating, job.trained, job.held, job.waiting, job.stopping, job.foreign].map(Number).join('')}`;

const processKey = ({ incarnation, at, refused }: Process) => `${incarnation}${at}${refused ? 'r' : ''}`;

export function keyOf(world: World, whole: boolean): string {
  const { run, jobs, files, net, workers, budget } = world;
  const current = runKey(run);
  /** What a worker has read. Time may have gone on since, though the version is the same. */
  const snapshotKey = ({ snapshot, version }: { snapshot: Run; version?: number }) => {
    const read = snapshot === run ? current : runKey(snapshot);
    return `${version === world.version ? '' : 's'}${read === current ? '=' : read}`;
  };
  const workerKey = (worker: Worker): string => {
    switch (worker.at) {
      case 'idle':
        return 'i';
      case 'swept':
        return `j${short(JSON.stringify(worker.action))}`;
      case 'decided':
        return `d${actionKey(worker.action, worker.snapshot)}${snapshotKey(worker)}`;
      case 'waiting':
        return `w${place(worker.call.id, run.calls)}${whole ? snapshotKey(worker) : ''}`;
      case 'looked':
        return `l${happeningKey(worker.happening, worker.snapshot.calls)}${snapshotKey(worker)}`;
      case 'answered':
        // It is written onto the row as it will be then, unless compare-and-set is switched off.
        return `a${happeningKey(worker.happening, run.calls)}${whole ? snapshotKey(worker) : ''}`;
      default:
        return worker satisfies never;
    }
  };
  // Workers are alike: which of them does what makes no difference, but their requests go with them.
  const requestsOf = (sender: number | null) =>
    net.flatMap((one) => (one.sender === sender ? [requestKey(one.request)] : [])).sort();
  const atWork = workers.map((worker, index) => `${workerKey(worker)}>${requestsOf(index).join()}`).sort();
  const atProvider = [
    jobs.map(jobKey).join(),
    world.saved.map(jobKey).join(),
    world.forgotten.map(jobKey).join(),
    world.made,
    world.processes.map(processKey).join(),
    files.join(),
    world.taken.join(),
    world.importing.join(),
    requestsOf(null).join(),
    `${Object.values(budget).join('')}${world.stepped ? 's' : ''}${world.cancelAsked ? 'c' : ''}${world.deleteAsked ? 'd' : ''}`,
  ];
  return `${current}|${short(atProvider.join('|'))}|${short(atWork.join('/'))}`;
}
