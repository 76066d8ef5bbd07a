// Every move that the abstract world can make next: users, workers, network, provider, time.
import type { Happening } from '../../../server/finetuning/lifecycle/apply.ts';
import type { Action } from '../../../server/finetuning/lifecycle/decide.ts';
import { type Call, isTerminal, type Run } from '../../../server/finetuning/lifecycle/state.ts';
import { requestStop } from '../../../server/finetuning/lifecycle/stop.ts';
import type { Transition } from '../../../server/finetuning/lifecycle/transition.ts';
import { stepViolations } from '../../oracle.ts';
import type { Sometimes } from '../sometimes.ts';
import type { Protocol } from './protocol.ts';
import { answered, busy, execute, invalid, listFiles, listJobs, showJob, withJob } from './provider.ts';
import { type Budget, FUTURE, NOW, PAST, type Request, rowOf, simplify, type Worker, type World } from './world.ts';

export type Seen = Sometimes<
  | 'adopted by tag'
  | 'absent after the fence'
  | 'late create refused by the fence'
  | 'too-late cancel'
  | 'compare-and-set lost'
>;

export type Move = {
  label: string;
  world: World;
  /** `fault` and `user`: need not happen. `finish`: the provider ends a job. All others are bound to happen some day. */
  kind: 'bound' | 'fault' | 'user' | 'finish';
  violations?: string[];
};

const LEASE = FUTURE;
const unknown = { kind: 'unknown', reason: 'no answer' } as const;
const nothing: ReturnType<typeof listJobs> = { kind: 'done', value: [] };

export function movesOf(world: World, protocol: Protocol, seen: Seen): Move[] {
  return [
    ...userMoves(world),
    ...providerMoves(world),
    ...timeMoves(world, protocol),
    ...networkMoves(world, seen),
    ...world.workers.flatMap((worker, index) => workerMoves(world, worker, index, protocol, seen)),
  ].map((move) => ({ ...move, world: tidy(move.world, protocol, seen) }));
}

/** Writes a transition, as a compare-and-set that has won. */
function write(world: World, transition: Transition): { world: World; violations: string[] } {
  const after = {
    run: simplify(transition.run),
    version: transition.event ? world.version + 1 : world.version,
  };
  return {
    world: { ...world, ...after },
    violations: transition.event ? stepViolations(rowOf(world), { ...rowOf(after), calls: transition.run.calls }) : [],
  };
}

function userMoves(world: World): Move[] {
  if (world.run.state.deleted_at !== null) return [];
  const ask = (intent: 'cancel' | 'delete'): Move => {
    const asked: World = { ...world, ...(intent === 'cancel' ? { cancelAsked: true } : { deleteAsked: true }) };
    const request = { intent, requested_by: 'user', reason: null, metadata: null };
    const transition = requestStop(world.run, request, NOW);
    const label = `user asks for ${intent}`;
    return { label, kind: 'user', ...(transition ? write(asked, transition) : { world: asked }) };
  };
  return [...(world.cancelAsked ? [] : [ask('cancel')]), ...(world.deleteAsked ? [] : [ask('delete')])];
}

function providerMoves(world: World): Move[] {
  return world.jobs.flatMap((job, index): Move[] => {
    const to = (change: Parameters<typeof withJob>[2], label: string, kind: Move['kind']): Move => ({
      label: `job ${index} ${label}`,
      kind,
      world: withJob(world, index, change),
    });
    return [
      ...(job.phase === 'active'
        ? [to({ phase: 'succeeded' }, 'succeeds', 'finish'), to({ phase: 'failed' }, 'fails', 'finish')]
        : []),
      ...(job.visible ? [] : [to({ visible: true }, 'is shown from now on', 'bound')]),
      ...(job.phase === 'cancelled' && world.budget.forget > 0
        ? [
            {
              ...to({ phase: 'forgotten' }, 'is forgotten by the provider', 'fault'),
              world: withJob(spend(world, 'forget'), index, { phase: 'forgotten' }),
            },
          ]
        : []),
    ];
  });
}

const spend = (world: World, what: keyof Budget): World => ({
  ...world,
  budget: { ...world.budget, [what]: world.budget[what] - 1 },
});

/** Each relation to time ends on its own, in any order: no safety property may rest on a duration but the window's. */
function timeMoves(world: World, { without }: Protocol): Move[] {
  const { run } = world;
  const moves: Move[] = [];
  const pass = (label: string, changed: Partial<Run>, jobs = world.jobs) =>
    moves.push({ label, kind: 'bound', world: { ...world, jobs, run: { ...run, ...changed } } });

  if (run.due_at === FUTURE) pass('it becomes due', { due_at: NOW });
  for (const [at, call] of run.calls.entries()) {
    const changed = (change: Partial<Call>) => ({
      calls: run.calls.map((other, index): Call => (index === at ? Object.assign({}, other, change) : other)),
    });
    if (call.state === 'open' && call.lease_until > NOW) {
      const ended = changed({ lease_until: PAST });
      const label = `the lease of the ${call.kind} ends`;
      // A lease outlasts its request's time-out: it ends under its holder only where that one has been stopped.
      const held = world.workers.some((worker) => 'call' in worker && worker.call.id === call.id);
      if (!held) pass(label, ended);
      else if (world.budget.stall > 0) {
        const stalled = { ...spend(world, 'stall'), run: { ...run, ...ended } };
        moves.push({ label: `its holder stalls and ${label}`, kind: 'fault', world: stalled });
      }
    }
    if (call.kind === 'create' && call.state === 'open' && call.fenced_at === NOW && without !== 'settle window') {
      // The assumption about the provider: by then its list is complete.
      pass(
        'the settle window passes',
        changed({ ...call, fenced_at: PAST }),
        world.jobs.map((job) => ({ ...job, visible: true })),
      );
    }
  }
  if (run.state.gone_since === NOW && !isTerminal(run.state.status)) {
    const jobs = world.jobs.map((job) => ({ ...job, visible: true }));
    pass('the settle window of a missing job passes', { state: { ...run.state, gone_since: PAST } }, jobs);
  }
  if (run.failures === 1 && world.budget.refusal > 0) {
    moves.push({
      label: 'it goes on failing',
      kind: 'fault',
      world: { ...spend(world, 'refusal'), run: { ...run, failures: 25 } },
    });
  }
  return moves;
}

function networkMoves(world: World, seen: Seen): Move[] {
  return world.net.flatMap(({ request, sender }, at): Move[] => {
    const gone: World = { ...world, net: world.net.filter((_, index) => index !== at) };
    const reply = (to: World, outcome: Parameters<typeof answered>[1]): World => {
      if (sender === null) return to;
      const worker = to.workers[sender];
      if (worker?.at !== 'waiting') throw new Error('a reply for nobody');
      const { call, snapshot } = worker;
      return withWorker(to, sender, { at: 'answered', call, snapshot, happening: answered(call, outcome) });
    };
    const executions = execute(gone, request).map((execution): Move => {
      if (sender === null && execution.name === 'refuses the late create') seen.hit('late create refused by the fence');
      const outcome =
        'value' in execution.reply
          ? ({ kind: 'done', value: execution.reply.value } as const)
          : ({ kind: 'refused', refusal: execution.reply.refusal } as const);
      const after = reply(execution.world, outcome);
      return {
        label: `the provider ${execution.name} (${request.kind}${sender === null ? ', nobody waits' : ` of worker ${sender}`})`,
        kind: execution.fault ? 'fault' : 'bound',
        world: execution.fault ? spend(after, execution.fault) : after,
      };
    });
    // A create delivered twice is beyond the protocol: two jobs on one file; the janitor stops the second.
    if (world.budget.repeat > 0 && (request.kind === 'cancel' || request.kind === 'delete_file')) {
      for (const { label, world: after } of executions.slice()) {
        const again = { ...after, net: [...after.net, { request, sender: null }] };
        executions.push({ label: `${label}, and once more`, kind: 'fault', world: spend(again, 'repeat') });
      }
    }
    if (sender === null) return [...executions, { label: `a ${request.kind} vanishes`, kind: 'bound', world: gone }];
    if (world.budget.refusal === 0) return executions;
    const refusals = request.kind === 'create' || request.kind === 'upload' ? [busy, invalid] : [busy];
    return [
      ...executions,
      ...refusals.map(
        (refusal): Move => ({
          label: `the provider refuses the ${request.kind} of worker ${sender}: ${refusal.code}`,
          kind: 'fault',
          world: spend(reply(gone, { kind: 'refused', refusal }), 'refusal'),
        }),
      ),
    ];
  });
}

const withWorker = (world: World, index: number, worker: Worker): World => ({
  ...world,
  workers: world.workers.map((other, at) => (at === index ? worker : other)),
});

/** What a worker sent and no longer waits for stays on its way. */
const orphaned = (world: World, index: number): World => ({
  ...world,
  net: world.net.map((message) => (message.sender === index ? { ...message, sender: null } : message)),
});

function workerMoves(world: World, worker: Worker, index: number, protocol: Protocol, seen: Seen): Move[] {
  const become = (next: Worker, from = world) => withWorker(from, index, next);
  const idle: Worker = { at: 'idle' };
  const name = `worker ${index}`;
  const moves: Move[] = [];
  if (worker.at !== 'idle' && world.budget.crash > 0) {
    moves.push({ label: `${name} crashes`, kind: 'fault', world: spend(orphaned(become(idle), index), 'crash') });
  }
  switch (worker.at) {
    case 'idle': {
      const { run, version } = world;
      const action = protocol.decide(run, NOW, protocol.timing);
      if (action.kind === 'wait') {
        const until = action.until === null ? null : action.until > NOW ? FUTURE : NOW;
        if (until !== run.due_at)
          moves.push({
            label: `${name} reschedules`,
            kind: 'bound',
            world: { ...world, run: { ...run, due_at: until } },
          });
        return moves;
      }
      const next = become({ at: 'decided', version, snapshot: run, action });
      return [...moves, { label: `${name} decides to ${action.kind}`, kind: 'bound', world: next }];
    }
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
      const transition = protocol.apply(worker.snapshot, worker.happening, NOW, protocol.timing);
      const written = transition ? write(become(idle), transition) : { world: become(idle), violations: [] };
      note(worker.snapshot, worker.happening, transition, seen);
      return [...moves, { label: `${name} writes what it saw (${worker.happening.kind})`, kind: 'bound', ...written }];
    }
    case 'answered': {
      const blind = protocol.without === 'compare-and-set';
      const before = blind ? worker.snapshot : withCallOpen(world.run, worker.call, protocol);
      const transition = protocol.apply(before, worker.happening, NOW, protocol.timing);
      const written = transition ? write(become(idle), transition) : { world: become(idle), violations: [] };
      return [...moves, { label: `${name} writes the answer to its ${worker.call.kind}`, kind: 'bound', ...written }];
    }
    default:
      return worker satisfies never;
  }
}

/** Without write-ahead the call is written only now, with its answer. */
const withCallOpen = (run: Run, call: Call, { without }: Protocol): Run =>
  without === 'write-ahead' ? { ...run, calls: [...run.calls, call] } : run;

function note(before: Run, happening: Happening, after: Transition | null, seen: Seen): void {
  if (!after) return;
  const { status, intent, evidence, job_id } = after.run.state;
  if (happening.kind === 'job_searched' && before.state.job_id === null && job_id !== null) seen.hit('adopted by tag');
  if (before.state.evidence === null && evidence === 'absent_at_provider') seen.hit('absent after the fence');
  if (intent !== 'run' && !isTerminal(before.state.status) && (status === 'succeeded' || status === 'failed')) {
    seen.hit('too-late cancel');
  }
}

/** From the decision to the committed call, or to what a look shows. */
function carryOut(world: World, worker: Extract<Worker, { at: 'decided' }>, index: number, protocol: Protocol): Move[] {
  const { action, snapshot, version } = worker;
  const looked = (happening: Happening, from = world) =>
    withWorker(from, index, { at: 'looked', version, snapshot, happening });
  const look = (happening: (outcome: ReturnType<typeof listJobs>) => Happening, file_id: string | null): Move[] => {
    const shown = protocol.without === 'look-up' ? nothing : listJobs(world, file_id);
    return seeing(looked(happening(shown)), () => happening(unknown));
  };
  const seeing = (answer: World, lost: () => Happening): Move[] => [
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
  ];

  switch (action.kind) {
    case 'wait':
      return [];
    case 'upload':
    case 'create':
    case 'cancel':
    case 'delete_file':
      return [send(world, worker, index, action, protocol)];
    case 'poll': {
      const polled = (outcome: ReturnType<typeof showJob>): Happening => ({
        kind: 'polled',
        job_id: action.job_id,
        outcome,
      });
      return seeing(looked(polled(showJob(world, action.job_id))), () => polled(unknown));
    }
    case 'confirm_gone':
      return look((outcome) => ({ kind: 'gone_searched', outcome }), snapshot.state.file_id);
    case 'find_job': {
      const { call, conclusive } = action;
      return look(
        (outcome) => ({ kind: 'job_searched', call_id: call.id, outcome, started_at: NOW, conclusive }),
        call.file_id,
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
  action: Extract<Action, { kind: 'upload' | 'create' | 'cancel' | 'delete_file' }>,
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
          call: { ...common, kind: 'create', file_id, looked_up_at: null, fenced_at: null },
          request: { kind: 'create', attempt, file_id },
        };
      }
      case 'cancel':
        return { call: { ...common, ...action }, request: action };
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
  const transition = protocol.apply(snapshot, { kind: 'call_opened', call }, NOW, protocol.timing);
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

/** What cannot have any effect any more is taken away, so that worlds which differ in it only are one. */
function tidy(world: World, { without }: Protocol, seen: Seen): World {
  const kept = new Set<string>();
  const net = world.net.filter(({ request, sender }) => {
    if (sender !== null || request.kind === 'create' || request.kind === 'upload') return true;
    // Cancelling or removing twice is doing it once.
    const key = JSON.stringify(request);
    if (kept.has(key)) return false;
    kept.add(key);
    return true;
  });
  if (without === 'compare-and-set') return { ...world, net };
  const workers = world.workers.map((worker): Worker => {
    const stale = (worker.at === 'decided' || worker.at === 'looked') && worker.version !== world.version;
    if (!stale) return worker;
    // Its write will find another version and change nothing.
    seen.hit('compare-and-set lost');
    return { at: 'idle' };
  });
  return { ...world, net, workers };
}
