// The abstract world that the search walks through: one row, the provider, the network and the workers, without clocks.
// Time is a set of relations (due or not, leased or not, window over or not), so that every order of expiries is tried.

import type { Protocol as Guaranteed, Guarantees } from '../../../server/finetuning/guarantees.ts';
import type { Happening } from '../../../server/finetuning/lifecycle/apply.ts';
import type { Action } from '../../../server/finetuning/lifecycle/decide.ts';
import { type Call, initialState, type Run } from '../../../server/finetuning/lifecycle/state.ts';
import type { JobRef } from '../../../server/finetuning/provider.ts';
import type { Picture, PicturedJob, PicturedRow } from '../../oracle.ts';

/**
 * `bare`: jobs are known by their ids alone, as they must not be where ids are given out again. `mute`: what runs does not
 * say that it is alive. `deaf`: it goes on though the file that it has taken is removed. `copies`: it does not take its
 * file, but leaves it there for others. `endless`: without a fence, a request is under way for longer than a window.
 * `named`: we name the jobs, and the network may deliver a create twice; `renames`: there is another job then; `refuses`:
 * that its name is taken counts as a refusal. `cancels`: left out, a cancel takes effect at once. `shows`: left out, a job's tag
 * and its file.
 */
export type Engine = Guaranteed & {
  bare?: boolean;
  mute?: boolean;
  deaf?: boolean;
  copies?: boolean;
  endless?: boolean;
  named?: boolean;
  renames?: boolean;
  refuses?: boolean;
  cancels?: Pick<Guarantees['cancel'], 'asynchronous' | 'may_finish_anyway'>;
  shows?: 'tag' | 'file' | 'nothing';
};

/** Now never moves; what lies before and after it is one of these. */
export const PAST = '2026-01-01T00:00:00.000Z';
export const NOW = '2026-01-02T00:00:00.000Z';
export const FUTURE = '2026-01-03T00:00:00.000Z';

export type Request =
  | { kind: 'upload'; attempt: number }
  | { kind: 'create'; attempt: number; file_id: string }
  | { kind: 'release' | 'cancel'; job: JobRef }
  | { kind: 'delete_file'; file_id: string };

/** `sender` is null once its sender has stopped waiting: it may still be executed, or vanish. */
export type InFlight = { request: Request; sender: number | null };

export type Worker =
  | { at: 'idle' }
  /** As the janitor it has listed this and held it for a stray; the row is read again before anything is done. */
  | { at: 'swept'; action: Extract<Action, { kind: 'cancel' | 'delete_file' }> }
  /** It has read the row and decided; nothing is written or asked yet. */
  | { at: 'decided'; version: number; snapshot: Run; action: Action }
  /** Its call is committed (unless write-ahead is switched off) and its request is on the way. */
  | { at: 'waiting'; call: Call; snapshot: Run }
  /** It has looked at the provider; what it saw counts for the version it read. */
  | { at: 'looked'; version: number; snapshot: Run; happening: Happening }
  /** Its mutation was answered, or is given up on; that is written whatever the row has become. */
  | { at: 'answered'; call: Call; snapshot: Run; happening: Happening };

export type Job = {
  file_id: string;
  attempt: number;
  phase: PicturedJob['phase'] | 'forgotten';
  visible: boolean;
  /** It still needs its file: without it, it fails before it trains. */
  validating: boolean;
  /** It has trained. Of what an engine may have forgotten its process tells. */
  trained: boolean;
  /** Which of those that have had its id. */
  incarnation: number;
  /** That is not shown. */
  bare: boolean;
  /** It waits for its release. */
  held: boolean;
  /** It has not begun: it takes its file when it does, and refuses to begin without. */
  waiting: boolean;
  /** Its cancel is accepted, and has not taken effect. */
  stopping: boolean;
  /** Somebody else's. */
  foreign: boolean;
};

/** What a job has started on a node of an engine that forgets; it goes on whatever the engine remembers. */
export type Process = {
  /** Whose it is: under which id, and which of those that have had it. */
  index: number;
  incarnation: number;
  file_id: string;
  attempt: number;
  /** `killed`: it could not say so, and is heard of for a while; `silent`: for no longer. `stopped`: it has said so. */
  at: 'refused' | 'trains' | 'killed' | 'silent' | 'stopped' | 'succeeded' | 'failed';
  /** A start of the job, this one or a later one, has found no file. */
  refused: boolean;
};

/** How often each of these may still happen. */
export type Budget = {
  crash: number;
  /** A sender that stops waiting: its request may have been, may yet be, or may never be executed. */
  timeout: number;
  unreadable: number;
  /** A worker that is stopped for so long that its lease ends before it goes on. */
  stall: number;
  refusal: number;
  /** A new job that the provider does not show at first. */
  lag: number;
  /** A cancel that is answered as done and was not. */
  lie: number;
  /** A cancel or a removal that the network delivers twice; where we name the jobs, a create too. */
  repeat: number;
  /** A cancelled job that the provider forgets. */
  forget: number;
  /** "No such thing" said of a job or a file that is there. */
  denial: number;
  /** A job that somebody cancels at the provider itself. */
  outside: number;
  /** A round of the janitor. */
  sweep: number;
  /** The wall clocks step: what was stamped looks old, and leases end under their holders. */
  clock: number;
  /** A create that is answered with an id under which the provider shows nothing. */
  alias: number;
  /** A file that is imported, or a job that is validated, for longer than anything else takes. */
  slow: number;
  /** A list that shows less than there is, and says so. */
  cut: number;
  /** The engine saves its state, which it does not do at each write. */
  save: number;
  /** The engine comes back as it was when it last saved: what it has acknowledged since is forgotten, its ids are free. */
  rollback: number;
  /** Somebody else submits a job, and is given the next id. */
  stranger: number;
};

export const noMishaps: Budget = {
  crash: 0,
  timeout: 0,
  unreadable: 0,
  stall: 0,
  refusal: 0,
  lag: 0,
  lie: 0,
  repeat: 0,
  forget: 0,
  denial: 0,
  outside: 0,
  sweep: 0,
  clock: 0,
  alias: 0,
  slow: 0,
  cut: 0,
  save: 0,
  rollback: 0,
  stranger: 0,
};

export type World = {
  run: Run;
  version: number;
  /** What the provider guarantees; the same in a whole search. */
  engine: Engine;
  /** By id. */
  jobs: readonly Job[];
  /** What the engine comes back to. */
  saved: readonly Job[];
  /** Of those that it has forgotten. */
  forgotten: readonly Job[];
  /** How many it has ever made. */
  made: number;
  /** What runs or has run at an engine that forgets. */
  processes: readonly Process[];
  files: readonly string[];
  /** Those that a process has taken, and that nobody has removed. */
  taken: readonly string[];
  /** Those of the files that cannot be used yet. */
  importing: readonly string[];
  net: readonly InFlight[];
  workers: readonly Worker[];
  /** Whether the wall clocks have stepped. */
  stepped: boolean;
  budget: Budget;
  cancelAsked: boolean;
  deleteAsked: boolean;
};

export const RUN_ID = 'a'.repeat(24);
export const fileOf = (attempt: number) => `file-${attempt}`;
export const jobName = (index: number) => `job-${index}`;
/** Of no job where the id is none that the provider shows. */
export const jobIndex = (id: string) => (id.startsWith('job-') ? Number(id.slice('job-'.length)) : -1);

export const refOf = (index: number, { incarnation, bare }: Pick<Job, 'incarnation' | 'bare'>): JobRef => ({
  id: jobName(index),
  name: null,
  incarnation: bare ? null : String(incarnation),
});

export function start(budget: Budget, workers: number, engine: Engine): World {
  return {
    run: { id: RUN_ID, state: initialState, calls: [], due_at: NOW, failures: 0 },
    version: 1,
    engine,
    jobs: [],
    saved: [],
    forgotten: [],
    made: 0,
    processes: [],
    files: [],
    taken: [],
    importing: [],
    net: [],
    workers: Array.from({ length: workers }, () => ({ at: 'idle' }) as const),
    stepped: false,
    budget,
    cancelAsked: false,
    deleteAsked: false,
  };
}

export const rowOf = ({ run, version }: Pick<World, 'run' | 'version'>): PicturedRow => ({ ...run, version });

export const picture = (world: World): Picture => {
  // What a user asks for is stored and acknowledged in one move.
  const wanted = world.deleteAsked ? 'delete' : world.cancelAsked ? 'cancel' : 'run';
  return {
    rows: [{ ...rowOf(world), acknowledged: wanted, asked: wanted }],
    jobs: [
      ...world.jobs.flatMap((job, index) => (job.foreign ? [] : [picturedJob(world, job, index)])),
      ...world.forgotten.map((job) => picturedJob(world, { ...job, phase: 'forgotten' }, -1)),
    ],
    foreign: {
      jobs: world.jobs.flatMap(({ foreign, phase }, index) =>
        foreign && phase !== 'forgotten' ? [{ id: jobName(index), phase }] : [],
      ),
    },
    files: [],
  };
};

function picturedJob(world: World, job: Job, index: number): PicturedJob {
  const process = processOf(world, job.incarnation);
  const trained = hasTrained(world, job);
  return {
    id: index < 0 ? `forgotten-${job.incarnation}` : jobName(index),
    ...(takesFile(world.engine) && !job.bare ? { incarnation: String(job.incarnation) } : {}),
    owner: RUN_ID,
    file_id: job.file_id,
    trained,
    // It would refuse to begin, or has.
    inert:
      process?.at !== 'trains' &&
      (job.waiting ? !world.files.includes(job.file_id) : takesFile(world.engine) && !trained),
    phase: phaseOf(job, process),
    forgotten: job.phase === 'forgotten',
  };
}

/** What has come of it, whatever the engine knows of that. */
function phaseOf({ phase }: Job, process: Process | undefined): PicturedJob['phase'] {
  if (process?.at === 'trains') return 'active';
  if (process?.at === 'succeeded' || process?.at === 'failed') return process.at;
  // Of those that it keeps, the provider forgets cancelled ones only; and what never began it has not made.
  if (phase === 'forgotten') return 'cancelled';
  return phase === 'failed' && process?.at === 'stopped' && !process.refused ? 'cancelled' : phase;
}

export const processOf = ({ processes }: World, incarnation: number) =>
  processes.find((process) => process.incarnation === incarnation);

export function hasTrained(world: World, { trained, incarnation }: Job): boolean {
  const process = processOf(world, incarnation);
  return trained || (process !== undefined && process.at !== 'refused');
}

/** The end of what has begun is saved at once by an engine that forgets; all else when it happens to be. */
export const saves = (world: World): World => (forgets(world.engine) ? { ...world, saved: world.jobs } : world);

/** Whether it can come back as it was. What runs on its nodes does not come back with it. */
export const forgets = ({ stop }: Engine) => stop === 'fence_then_cancel';

/** Whether a job begins some time after its create, and takes its file then; otherwise with the create. */
export const takesFile = ({ start, stop }: Engine) => start === 'held' || stop === 'fence_then_cancel';

const late = (time: string | null) => (time === null ? null : time > NOW ? FUTURE : NOW);

/** Times become relations to now, and calls that no decision can depend on any more are left out. */
export function simplify(run: Run): Run {
  const removed = new Set(
    run.calls.flatMap((call) => (call.kind === 'delete_file' && call.state === 'done' ? [call.file_id] : [])),
  );
  const lastRelease = run.calls.findLast((call) => call.kind === 'release' && call.attempt === run.state.attempt);
  const lastCreate = run.calls.findLast((call) => call.kind === 'create');
  const fenced = new Set(
    run.calls.flatMap((call) =>
      call.kind === 'create' && (call.state === 'open' || call === lastCreate) ? [call.file_id] : [],
    ),
  );
  const told = new Set<string>();
  const isFirst = (what: string) => !told.has(what) && told.add(what).has(what);
  const matters = (call: Call) => {
    if (call.state === 'open' || call.kind === 'create') return true;
    if (call.kind === 'upload') return call.file_id !== null && !removed.has(call.file_id);
    // Whether the job was ever let begin counts.
    if (call === lastRelease) return true;
    if (call.kind === 'release')
      return call.attempt === run.state.attempt && call.state !== 'refused' && isFirst('release');
    // That we have tried to remove an open create's file counts, not how often.
    return call.kind === 'delete_file' && fenced.has(call.file_id) && isFirst(call.file_id);
  };
  const { state } = run;
  return {
    id: run.id,
    state: {
      ...state,
      error: state.error === null ? null : 'said',
      waiting: null,
      progress: null,
      gone_since: state.gone_since,
      cancel_confirmed_at: state.cancel_confirmed_at && NOW,
    },
    calls: run.calls
      .filter(matters)
      .map((call) => ({ ...call, lease_until: call.lease_until > NOW ? FUTURE : PAST, detail: null })),
    due_at: late(run.due_at),
    // Between few failures and many nothing differs but the waiting; what is done every other time goes by their parity.
    failures: run.failures <= 2 ? run.failures : 2 - (run.failures % 2),
  };
}
