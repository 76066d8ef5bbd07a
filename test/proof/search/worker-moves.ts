// What a worker can do next: decide, commit its call and send it, look, write what it saw or was told.
import { isDeepStrictEqual } from 'node:util';
import type { Happening } from '../../../server/finetuning/lifecycle/apply.ts';
import type { Action } from '../../../server/finetuning/lifecycle/decide.ts';
import { searchOf, searchOfAll } from '../../../server/finetuning/lifecycle/job-search.ts';
import { type Call, calledJob, isTerminal, type Run } from '../../../server/finetuning/lifecycle/state.ts';
import type { Transition } from '../../../server/finetuning/lifecycle/transition.ts';
import type { SeenFor } from '../../../server/finetuning/lifecycle/windows.ts';
import { bareRef, type JobSearch } from '../../../server/finetuning/provider.ts';
import { type Move, orphaned, spend, withWorker, write } from './change.ts';
import type { Seen } from './moves.ts';
import type { Protocol } from './protocol.ts';
import { answered, listFiles, listJobs, missing, NAME_TAKEN, progressOf, showFile, showJob } from './provider.ts';
import { FUTURE, NOW, type Request, type Worker, type World } from './world.ts';

const LEASE = FUTURE;
const unknown = { kind: 'unknown', reason: 'no answer' } as const;
const nothing: ReturnType<typeof listJobs> = { kind: 'done', value: { found: [], incomplete: null } };
const cutShort: ReturnType<typeof listJobs> = { kind: 'done', value: { found: [], incomplete: 'cut short' } };

export function workerMoves(world: World, worker: Worker, index: number, protocol: Protocol, seen: Seen): Move[] {
  const become = (next: Worker, from = world) => withWorker(from, index, next);
  const idle: Worker = { at: 'idle' };
  const name = `worker ${index}`;
  const moves: Move[] = [];
  if (worker.at !== 'idle' && world.budget.crash > 0) {
    moves.push({
      label: `${name} crashes`,
      kind: 'fault',
      world: spend(orphaned(become(idle), index), 'crash'),
    });
  }
  switch (worker.at) {
    case 'idle':
      return [...moves, ...decisions(world, index, protocol)];
    case 'swept':
      // What the janitor does next is one of its own moves.
      return moves;
    case 'decided':
      return [...moves, ...carryOut(world, worker, index, protocol)];
    case 'waiting':
      if (world.budget.timeout > 0) {
        const happening = answered(worker.call, unknown);
        const next = become(
          { at: 'answered', call: worker.call, snapshot: worker.snapshot, happening },
          orphaned(world, index),
        );
        moves.push({
          label: `${name} gives up waiting for its ${worker.call.kind}`,
          kind: 'fault',
          world: spend(next, 'timeout'),
        });
      }
      return moves;
    case 'looked': {
      const transition = protocol.apply(worker.snapshot, worker.happening, NOW, protocol.terms);
      const written = transition ? write(become(idle), transition) : { world: become(idle), violations: [] };
      note(world, worker.snapshot, worker.happening, transition, seen);
      return [...moves, { label: `${name} writes what it saw (${worker.happening.kind})`, kind: 'bound', ...written }];
    }
    case 'answered': {
      const blind = protocol.without === 'compare-and-set';
      const before = blind ? worker.snapshot : withCallOpen(world.run, worker.call, protocol);
      const transition = protocol.apply(before, worker.happening, NOW, protocol.terms);
      const written = transition ? write(become(idle), transition) : { world: become(idle), violations: [] };
      noteAnswer(worker.happening, transition, seen);
      return [...moves, { label: `${name} writes the answer to its ${worker.call.kind}`, kind: 'bound', ...written }];
    }
    default:
      return worker satisfies never;
  }
}

const notYet: SeenFor = () => 0;
/** But for leases, which end on their own. */
const longAgo: SeenFor = (mark) => (mark.startsWith('lease') ? 0 : Number.POSITIVE_INFINITY);

/**
 * Of a worker that has seen what the row shows for a moment, and of one that has seen it for a window, by its own clock.
 * The assumption about the provider: its list is complete once a window has really passed.
 */
function decisions(world: World, index: number, { decide, terms, without }: Protocol): Move[] {
  const { run } = world;
  const decided = (action: Action, from: World, when: string): Move[] => {
    if (action.kind !== 'wait') {
      const next = withWorker(from, index, { at: 'decided', version: world.version, snapshot: run, action });
      return [{ label: `worker ${index} decides to ${action.kind}${when}`, kind: 'bound', world: next }];
    }
    const until = action.until === null ? null : action.until > NOW ? FUTURE : NOW;
    if (until === run.due_at) return [];
    return [
      { label: `worker ${index} reschedules`, kind: 'bound', world: { ...world, run: { ...run, due_at: until } } },
    ];
  };

  const early = decide(run, NOW, terms, notYet);
  const late = decide(run, NOW, terms, longAgo);
  if (isDeepStrictEqual(early, late)) return decided(early, world, '');
  const isSettled = run.state.gone_since !== null || run.calls.some((call) => call.kind === 'create' && call.fenced_at);
  const shown = isSettled ? { ...world, jobs: world.jobs.map((job) => ({ ...job, visible: true })) } : settled(world);
  return [
    ...decided(early, world, ''),
    ...decided(late, shown, ', a window having passed'),
    // By a wall clock a window has passed that has not.
    ...(without === 'own clock' && world.stepped ? decided(late, world, ', its wall clock having stepped') : []),
  ];
}

/** Without a fence it has to be assumed of a create, too, that a window shows what has become of it. */
function settled(world: World): World {
  const { engine, run, net, jobs } = world;
  const isSearched = run.calls.some((call) => call.kind === 'create' && call.state === 'open' && call.looked_up_at);
  if (engine.fence !== 'none' || engine.endless || !isSearched) return world;
  const underWay = net.filter(({ request, sender }) => request.kind !== 'create' || sender !== null);
  return { ...world, net: underWay, jobs: jobs.map((job) => ({ ...job, visible: true })) };
}

/** Without write-ahead the call is written only now, with its answer. */
const withCallOpen = (run: Run, call: Call, { without }: Protocol): Run =>
  without === 'write-ahead' ? { ...run, calls: [...run.calls, call] } : run;

function note({ engine }: World, before: Run, happening: Happening, after: Transition | null, seen: Seen): void {
  if (!after) return;
  const { status, intent, evidence, job_id, job_stage } = after.run.state;
  if (happening.kind === 'polled' && job_stage === 'held' && before.state.job_stage !== 'held')
    seen.hit('released again');
  if (happening.kind === 'gone_searched' && before.state.job_id !== null && job_id === null) {
    seen.hit('forgotten before it began');
  }
  if (before.state.job_stage === 'over' && isTerminal(status)) seen.hit('end that waited for its fence');
  if (happening.kind === 'job_searched' && before.state.job_id === null && job_id !== null) seen.hit('adopted by tag');
  if (before.state.evidence === null && evidence === 'absent_at_provider')
    seen.hit(engine.fence === 'none' ? 'absent without a fence' : 'absent after the fence');
  if (intent !== 'run' && !isTerminal(before.state.status) && (status === 'succeeded' || status === 'failed')) {
    seen.hit('too-late cancel');
  }
}

/** Doubted: whose it is, is still open, and is searched for. */
function noteAnswer(happening: Happening, after: Transition | null, seen: Seen): void {
  if (happening.kind !== 'create_answered' || happening.outcome.kind !== 'unknown') return;
  const { call_id, outcome } = happening;
  const isOpen = after?.run.calls.some(({ id, state }) => id === call_id && state === 'open');
  if (isOpen && outcome.reason === NAME_TAKEN) seen.hit('taken name doubted');
}

/** From the decision to the committed call, or to what a look shows. */
function carryOut(world: World, worker: Extract<Worker, { at: 'decided' }>, index: number, protocol: Protocol): Move[] {
  const { action, snapshot, version } = worker;
  const looked = (happening: Happening, from = world) =>
    withWorker(from, index, { at: 'looked', version, snapshot, happening });
  const look = (happening: (outcome: ReturnType<typeof listJobs>) => Happening, wanted: JobSearch): Move[] => {
    const shown = protocol.without === 'look-up' ? nothing : listJobs(world, wanted);
    return [
      ...seeing(looked(happening(shown)), () => happening(unknown)),
      ...(world.budget.cut > 0
        ? [
            {
              label: `worker ${index} is shown a part of the list (${action.kind})`,
              kind: 'fault' as const,
              world: spend(looked(happening(cutShort)), 'cut'),
            },
          ]
        : []),
    ];
  };
  const seeing = (answer: World, lost: () => Happening, denied?: Happening): Move[] => [
    { label: `worker ${index} looks (${action.kind})`, kind: 'bound', world: answer },
    ...(world.budget.unreadable > 0
      ? [
          {
            label: `worker ${index} cannot read the answer (${action.kind})`,
            kind: 'fault' as const,
            world: spend(looked(lost()), 'unreadable'),
          },
        ]
      : []),
    ...(denied && world.budget.denial > 0
      ? [
          {
            label: `worker ${index} is told that there is no such thing (${action.kind})`,
            kind: 'fault' as const,
            world: spend(looked(denied), 'denial'),
          },
        ]
      : []),
  ];

  switch (action.kind) {
    case 'wait':
      return [];
    case 'upload':
    case 'create':
    case 'release':
    case 'cancel':
    case 'delete_file':
      return [send(world, worker, index, action, protocol)];
    case 'poll': {
      const polled = (outcome: ReturnType<typeof showJob>): Happening => ({
        kind: 'polled',
        job: action.job,
        outcome,
        ...(outcome.kind === 'done' && outcome.value.phase === 'failed'
          ? { progress: progressOf(world, action.job.id) }
          : {}),
      });
      const shown = looked(polled(showJob(world, action.job)));
      return seeing(shown, () => polled(unknown), polled({ kind: 'refused', refusal: missing }));
    }
    case 'confirm_gone':
      return look((outcome) => {
        const failed = outcome.kind === 'done' && outcome.value.found.find((job) => job.phase === 'failed');
        return { kind: 'gone_searched', outcome, ...(failed ? { progress: progressOf(world, failed.id) } : {}) };
      }, searchOfAll(snapshot));
    case 'verify_job': {
      const verified = (outcome: ReturnType<typeof showJob>): Happening => ({
        kind: 'job_verified',
        call_id: action.call.id,
        outcome,
      });
      const shown = looked(verified(showJob(world, bareRef(action.job_id))));
      return seeing(shown, () => verified(unknown), verified({ kind: 'refused', refusal: missing }));
    }
    case 'check_file': {
      const checked = (outcome: ReturnType<typeof showFile>): Happening => ({
        kind: 'file_checked',
        call_id: action.call.id,
        outcome,
        last: action.last,
      });
      return seeing(looked(checked(showFile(world, action.file_id))), () => checked(unknown));
    }
    case 'find_job': {
      const { call, conclusive } = action;
      return look(
        (outcome) => ({ kind: 'job_searched', call_id: call.id, outcome, conclusive }),
        searchOf(snapshot, call),
      );
    }
    case 'find_file': {
      const searched = (outcome: ReturnType<typeof listFiles> | typeof unknown): Happening => ({
        kind: 'file_searched',
        call_id: action.call.id,
        outcome,
      });
      return seeing(looked(searched(listFiles(world))), () => searched(unknown));
    }
    case 'conclude_cancelled':
      return [{ label: `worker ${index} concludes`, kind: 'bound', world: looked({ kind: 'concluded' }) }];
    case 'forget':
      return [{ label: `worker ${index} forgets`, kind: 'bound', world: looked({ kind: 'forgotten' }) }];
    default:
      return action satisfies never;
  }
}

/** I2: commits the call, then lets the request go. */
function send(
  world: World,
  { snapshot }: Extract<Worker, { at: 'decided' }>,
  index: number,
  action: Extract<Action, { kind: 'upload' | 'create' | 'release' | 'cancel' | 'delete_file' }>,
  protocol: Protocol,
): Move {
  const { attempt } = snapshot.state;
  const common = {
    id: `call-${world.version}-${index}`,
    attempt,
    state: 'open',
    opened_at: NOW,
    lease_until: LEASE,
    replied_at: null,
    detail: null,
  } as const;
  const made = ((): { call: Call; request: Request } => {
    switch (action.kind) {
      case 'upload':
        return { call: { ...common, kind: 'upload', file_id: null }, request: { kind: 'upload', attempt } };
      case 'create': {
        const { file_id } = action;
        return {
          call: { ...common, kind: 'create', file_id, job_id: null, looked_up_at: null, fenced_at: null },
          request: { kind: 'create', attempt, file_id },
        };
      }
      case 'release':
      case 'cancel':
        return { call: { ...common, kind: action.kind, ...calledJob(action.job) }, request: action };
      case 'delete_file':
        return { call: { ...common, ...action }, request: action };
      default:
        return action satisfies never;
    }
  })();
  const { call, request } = made;
  const label = `worker ${index} commits its ${action.kind} and sends it`;
  const fencing = snapshot.calls.some(
    (other) =>
      other.kind === 'create' &&
      other.state === 'open' &&
      action.kind === 'delete_file' &&
      other.file_id === action.file_id,
  );
  if (protocol.without === 'write-ahead') {
    const waiting = withWorker(world, index, { at: 'waiting', call, snapshot });
    return { label, kind: 'bound', world: { ...waiting, net: [...world.net, { request, sender: index }] } };
  }
  const transition = protocol.apply(snapshot, { kind: 'call_opened', call }, NOW, protocol.terms);
  if (!transition)
    return { label: `${label}: too late`, kind: 'bound', world: withWorker(world, index, { at: 'idle' }) };
  const written = write(world, transition);
  if (protocol.without === 'fence' && fencing) {
    // The file is said to be gone, and is not.
    const happening = answered(call, { kind: 'done', value: { id: call.kind === 'delete_file' ? call.file_id : '' } });
    return {
      label,
      kind: 'bound',
      ...written,
      world: withWorker(written.world, index, { at: 'answered', call, snapshot: written.world.run, happening }),
    };
  }
  const waiting = withWorker(written.world, index, { at: 'waiting', call, snapshot: written.world.run });
  return { label, kind: 'bound', ...written, world: { ...waiting, net: [...waiting.net, { request, sender: index }] } };
}
