// Every move that the abstract world can make next: users, provider, time, network, workers.
import type { Call, Run } from '../../../server/finetuning/lifecycle/state.ts';
import { requestStop } from '../../../server/finetuning/lifecycle/stop.ts';
import type { Sometimes } from '../sometimes.ts';
import { type Move, spend, write } from './change.ts';
import { janitorMoves } from './janitor-moves.ts';
import { networkMoves } from './network-moves.ts';
import { begun, processMoves } from './processes.ts';
import type { Protocol } from './protocol.ts';
import { cancelled, withJob } from './provider.ts';
import { workerMoves } from './worker-moves.ts';
import { FUTURE, forgets, type Job, NOW, PAST, type Worker, type World } from './world.ts';

export type Seen = Sometimes<
  | 'adopted by tag'
  | 'absent after the fence'
  | 'late create refused by the fence'
  | 'too-late cancel'
  | 'compare-and-set lost'
  | 'released again'
  | 'forgotten before it began'
  | 'end that waited for its fence'
  | 'ended itself, unknown to its engine'
  | 'late cancel took effect'
  | 'taken name doubted'
  | 'absent without a fence'
>;

/** `lost`: how many workers have lost their compare-and-set by it. */
type NextMove = Move & { lost: number };

export function movesOf(world: World, protocol: Protocol, seen: Seen): NextMove[] {
  return [
    ...userMoves(world),
    ...providerMoves(world, seen),
    ...processMoves(world, seen),
    ...engineMoves(world),
    ...timeMoves(world),
    ...networkMoves(world, seen),
    ...world.workers.flatMap((worker, index) => [
      ...workerMoves(world, worker, index, protocol, seen),
      ...janitorMoves(world, worker, index),
    ]),
  ].map((move) => ({ ...move, ...tidy(move.world, protocol) }));
}

function userMoves(world: World): Move[] {
  if (world.run.state.deleted_at !== null) return [];
  const ask = (intent: 'cancel' | 'delete'): Move => {
    const asked: World = { ...world, ...(intent === 'cancel' ? { cancelAsked: true } : { deleteAsked: true }) };
    const request = {
      intent,
      by: { who: 'local', id: 'local', name: 'user', from: null } as const,
      reason: null,
      metadata: null,
    };
    const transition = requestStop(world.run, request, NOW);
    const label = `user asks for ${intent}`;
    return { label, kind: 'user', ...(transition ? write(asked, transition) : { world: asked }) };
  };
  return [...(world.cancelAsked ? [] : [ask('cancel')]), ...(world.deleteAsked ? [] : [ask('delete')])];
}

function providerMoves(world: World, seen: Seen): Move[] {
  return world.jobs.flatMap((job, index): Move[] => {
    // What still validates does not succeed; that it may fail by itself is left out, as nothing tells it from our doing.
    if (job.foreign) return [];
    const isStopped = job.stopping && job.phase === 'active';
    if (isStopped) seen.hit('late cancel took effect');
    const isFree = !job.stopping || world.engine.cancels?.may_finish_anyway !== false;
    // Of an engine that forgets, its processes end, and it with them.
    const canEnd = job.phase === 'active' && !job.validating && !job.waiting && isFree && !forgets(world.engine);
    const to = (change: Parameters<typeof withJob>[2], label: string, kind: Move['kind']): Move => ({
      label: `job ${index} ${label}`,
      kind,
      world: withJob(world, index, change),
    });
    return [
      ...(canEnd ? [to({ phase: 'succeeded' }, 'succeeds', 'finish'), to({ phase: 'failed' }, 'fails', 'finish')] : []),
      ...(job.phase === 'active' && world.budget.outside > 0
        ? [
            {
              ...to({}, 'is cancelled by somebody at the provider', 'fault'),
              world: cancelled(spend(world, 'outside'), index, job),
            },
          ]
        : []),
      ...(isStopped ? [{ ...to({}, 'is stopped', 'bound'), world: cancelled(world, index, job) }] : []),
      ...(job.phase === 'active' && job.waiting && !job.held ? [begins(world, index, job)] : []),
      ...(job.visible ? [] : [to({ visible: true }, 'is shown from now on', 'bound')]),
      ...(job.validating ? [to({ validating: false }, 'is validated', 'bound')] : []),
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

/** It takes its file, or refuses to begin. */
function begins(world: World, index: number, job: Job): Move {
  if (forgets(world.engine)) return begun(world, index, job);
  const isThere = world.files.includes(job.file_id);
  const change = isThere ? { waiting: false, trained: true } : { waiting: false, phase: 'failed' as const };
  const label = `job ${index} ${isThere ? 'begins' : 'refuses to begin without its file'}`;
  return { label, kind: 'bound', world: withJob(world, index, change) };
}

/** What an engine does that does not save each of its writes. */
function engineMoves(world: World): Move[] {
  const { jobs, saved, forgotten, made, budget } = world;
  const moves: Move[] = [];
  if (budget.save > 0 && jobs !== saved) {
    moves.push({ label: 'the engine saves its state', kind: 'fault', world: { ...spend(world, 'save'), saved: jobs } });
  }
  if (budget.rollback > 0) {
    const isSaved = ({ incarnation }: Job) => saved.some((job) => job.incarnation === incarnation);
    const lost = jobs.filter((job) => !job.foreign && !isSaved(job));
    const after = { ...spend(world, 'rollback'), jobs: saved, forgotten: [...forgotten, ...lost] };
    moves.push({ label: 'the engine comes back as it was', kind: 'fault', world: after });
  }
  if (budget.stranger > 0) {
    const theirs: Job = {
      file_id: 'file-theirs',
      attempt: 0,
      phase: 'active',
      visible: true,
      validating: false,
      trained: true,
      incarnation: made,
      bare: world.engine.bare === true,
      held: false,
      waiting: false,
      stopping: false,
      foreign: true,
    };
    const after = { ...spend(world, 'stranger'), jobs: [...jobs, theirs], made: made + 1 };
    moves.push({ label: 'somebody else submits a job', kind: 'fault', world: after });
  }
  return moves;
}

/** Each relation to time ends on its own, in any order: no safety property may rest on a duration but the window's. */
function timeMoves(world: World): Move[] {
  const { run } = world;
  const moves: Move[] = [];
  const pass = (label: string, changed: Partial<Run>, jobs = world.jobs) =>
    moves.push({ label, kind: 'bound', world: { ...world, jobs, run: { ...run, ...changed } } });

  for (const file of world.importing) {
    const importing = world.importing.filter((other) => other !== file);
    moves.push({ label: `${file} is imported`, kind: 'bound', world: { ...world, importing } });
  }
  if (world.budget.clock > 0) moves.push(wallClocksStep(world));
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
  }
  return moves;
}

/** Whatever rests on a wall clock has now passed, though no time has. */
function wallClocksStep(world: World): Move {
  const { run } = world;
  const calls = run.calls.map((call): Call => ({ ...call, lease_until: PAST }));
  const due_at = run.due_at === null ? null : NOW;
  const stepped: World = { ...spend(world, 'clock'), stepped: true, run: { ...run, calls, due_at } };
  return { label: 'the wall clocks step', kind: 'fault', world: stepped };
}

/** What cannot have any effect any more is taken away, so that worlds which differ in it only are one. */
function tidy(world: World, { without }: Protocol): { world: World; lost: number } {
  const kept = new Set<string>();
  const net = world.net.filter(({ request, sender }) => {
    if (sender !== null || request.kind === 'create' || request.kind === 'upload') return true;
    // Cancelling, removing or releasing twice is doing it once.
    const key = JSON.stringify(request);
    if (kept.has(key)) return false;
    kept.add(key);
    return true;
  });
  if (without === 'compare-and-set') return { world: { ...world, net }, lost: 0 };
  let lost = 0;
  const workers = world.workers.map((worker): Worker => {
    const stale = (worker.at === 'decided' || worker.at === 'looked') && worker.version !== world.version;
    if (!stale) return worker;
    // Its write will find another version and change nothing.
    lost += 1;
    return { at: 'idle' };
  });
  return { world: { ...world, net, workers }, lost };
}
