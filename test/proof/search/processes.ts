// What runs on the nodes of an engine that forgets, apart from what that engine knows of it: it takes its file, says that
// it is alive, and ends itself once the file that it has taken is removed. What it says of itself lies on the share.
import type { ProviderJob } from '../../../server/finetuning/provider.ts';
import type { Move } from './change.ts';
import type { Seen } from './moves.ts';
import { type Job, type Process, processOf, saves, type World } from './world.ts';

/** The job's record, where the engine has one that says that it runs. */
const knownAs = ({ jobs }: World, { incarnation }: Process): number =>
  jobs.findIndex((job) => job.incarnation === incarnation && job.phase === 'active' && !job.waiting);

const ended = (world: World, process: Process, at: Process['at'], phase: Job['phase']): World => {
  const record = knownAs(world, process);
  const after = { ...world, processes: changed(world, process, { at }) };
  if (record < 0) return after;
  const jobs = world.jobs.map((job, index) => (index === record ? { ...job, phase } : job));
  return saves({ ...after, jobs });
};

const changed = ({ processes }: World, process: Process, change: Partial<Process>) =>
  processes.map((other) => (other === process ? { ...other, ...change } : other));

/** Of a job that its engine has let begin: it takes its file, or refuses to begin. */
export function begun(world: World, index: number, job: Job): Move {
  const { file_id, incarnation } = job;
  const before = processOf(world, incarnation);
  if (!world.files.includes(file_id)) {
    const processes = before
      ? changed(world, before, { refused: true })
      : [
          ...world.processes,
          { index, incarnation, file_id, attempt: job.attempt, at: 'refused' as const, refused: true },
        ];
    const jobs = world.jobs.map((other) =>
      other === job ? { ...other, phase: 'failed' as const, waiting: false } : other,
    );
    const label = `job ${index} refuses to begin without its file`;
    return { label, kind: 'bound', world: saves({ ...world, processes, jobs }) };
  }
  const process: Process = { index, incarnation, file_id, attempt: job.attempt, at: 'trains', refused: false };
  const after: World = {
    ...world,
    files: world.engine.copies ? world.files : world.files.filter((file) => file !== file_id),
    taken: [...world.taken, file_id],
    processes: [...world.processes, process],
    jobs: world.jobs.map((other) => (other === job ? { ...other, waiting: false } : other)),
  };
  return { label: `job ${index} takes its file and begins`, kind: 'bound', world: after };
}

/** The engine ends what it knows that it runs. */
export const killed = (world: World, { incarnation }: Job): World => {
  const process = processOf(world, incarnation);
  return process?.at === 'trains' ? { ...world, processes: changed(world, process, { at: 'stopped' }) } : world;
};

export function processMoves(world: World, seen: Seen): Move[] {
  return world.processes.flatMap((process): Move[] => {
    const named = `the process of job ${process.index}`;
    if (process.at === 'killed') {
      const processes = changed(world, process, { at: 'silent' });
      return [
        { label: `${named} has been silent for as long as it is given`, kind: 'bound', world: { ...world, processes } },
      ];
    }
    if (process.at !== 'trains') return [];
    const isKnown = knownAs(world, process) >= 0;
    const moves: Move[] = [
      { label: `${named} succeeds`, kind: 'finish', world: ended(world, process, 'succeeded', 'succeeded') },
      { label: `${named} fails`, kind: 'finish', world: ended(world, process, 'failed', 'failed') },
    ];
    // Where its engine comes back, a node may end what that does not know, or may not.
    if (!isKnown)
      moves.push({
        label: `${named} is killed by its node`,
        kind: 'fault',
        world: ended(world, process, 'killed', 'failed'),
      });
    if (!world.taken.includes(process.file_id) && !world.engine.deaf) {
      if (!isKnown) seen.hit('ended itself, unknown to its engine');
      moves.push({
        label: `${named} ends itself, since its file was removed`,
        kind: 'bound',
        world: ended(world, process, 'stopped', 'failed'),
      });
    }
    return moves;
  });
}

/** Killed, it cannot say so, and counts as alive until it has been silent for long enough. */
const isAlive = ({ engine }: World, { at }: Process) => !engine.mute && (at === 'trains' || at === 'killed');

const stillRunning = { phase: 'active', shown_status: 'running', held: false, error: null } as const;
const result = (at: 'succeeded' | 'failed') =>
  ({
    phase: at,
    shown_status: null,
    held: false,
    provider_status: `exit code of one that ${at}`,
    model_id: at === 'succeeded' ? 'model' : null,
    error: at === 'failed' ? 'it failed' : null,
  }) as const;

/** What the engine shows of a job, with what only the job itself knows, as the adapter puts the two together. */
export function corrected(world: World, { incarnation }: Job, shown: ProviderJob): ProviderJob {
  const process = processOf(world, incarnation);
  if (!process) return shown;
  const known = { ...shown, never_trained: process.at === 'refused' };
  if (shown.phase === 'active' && shown.shown_status === 'running') return known;
  if (isAlive(world, process))
    return { ...known, ...stillRunning, provider_status: `${shown.provider_status}, and still running` };
  if (shown.phase === 'failed' && process.at === 'stopped' && !process.refused) {
    return { ...known, phase: 'cancelled', provider_status: 'failed, as its file was removed', error: null };
  }
  return process.at === 'succeeded' || process.at === 'failed' ? { ...known, ...result(process.at) } : known;
}

/** What the share alone shows of it; null where that is nothing. @param shown of the job, as its engine would */
export function fromShare(world: World, process: Process, shown: ProviderJob): ProviderJob | null {
  const known = { ...shown, never_trained: process.at === 'refused' };
  if (isAlive(world, process)) return { ...known, ...stillRunning, provider_status: 'unknown, and still running' };
  switch (process.at) {
    case 'succeeded':
    case 'failed':
      return { ...known, ...result(process.at) };
    case 'stopped':
      return null;
    case 'refused':
    case 'killed':
    case 'silent':
    case 'trains':
      return { ...known, ...result('failed'), provider_status: 'unknown, and silent' };
    default:
      return process.at satisfies never;
  }
}
