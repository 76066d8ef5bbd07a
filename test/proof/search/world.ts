// The abstract world that the search walks through: one row, the provider, the network and the workers, without clocks.
// Time is a set of relations (due or not, leased or not, window over or not), so that every order of expiries is tried.

import type { Happening } from '../../../server/finetuning/lifecycle/apply.ts';
import type { Action } from '../../../server/finetuning/lifecycle/decide.ts';
import { type Call, initialState, type Run } from '../../../server/finetuning/lifecycle/state.ts';
import type { Picture, PicturedJob, PicturedRow } from '../../oracle.ts';

/** Now never moves; what lies before and after it is one of these. */
export const PAST = '2026-01-01T00:00:00.000Z';
export const NOW = '2026-01-02T00:00:00.000Z';
export const FUTURE = '2026-01-03T00:00:00.000Z';

export type Request =
  | { kind: 'upload'; attempt: number }
  | { kind: 'create'; attempt: number; file_id: string }
  | { kind: 'cancel'; job_id: string }
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
  trained: boolean;
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
  /** A cancel or a removal that the network delivers twice. */
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
};

export type World = {
  run: Run;
  version: number;
  jobs: readonly Job[];
  files: readonly string[];
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

export function start(budget: Budget, workers: number): World {
  return {
    run: { id: RUN_ID, state: initialState, calls: [], due_at: NOW, failures: 0 },
    version: 1,
    jobs: [],
    files: [],
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
    jobs: world.jobs.map(({ file_id, phase, trained }, index) => ({
      id: jobName(index),
      owner: RUN_ID,
      file_id,
      trained,
      // Only cancelled jobs are forgotten.
      ...(phase === 'forgotten' ? { phase: 'cancelled' as const, forgotten: true } : { phase }),
    })),
    files: [],
  };
};

const late = (time: string | null) => (time === null ? null : time > NOW ? FUTURE : NOW);

/** Times become relations to now, and calls that no decision can depend on any more are left out. */
export function simplify(run: Run): Run {
  const removed = new Set(
    run.calls.flatMap((call) => (call.kind === 'delete_file' && call.state === 'done' ? [call.file_id] : [])),
  );
  const lastCreate = run.calls.findLast((call) => call.kind === 'create');
  const fenced = new Set(
    run.calls.flatMap((call) =>
      call.kind === 'create' && (call.state === 'open' || call === lastCreate) ? [call.file_id] : [],
    ),
  );
  const told = new Set<string>();
  const matters = (call: Call) => {
    if (call.state === 'open' || call.kind === 'create') return true;
    if (call.kind === 'upload') return call.file_id !== null && !removed.has(call.file_id);
    // That we have tried to remove an open create's file counts, not how often.
    if (call.kind !== 'delete_file' || !fenced.has(call.file_id) || told.has(call.file_id)) return false;
    told.add(call.file_id);
    return true;
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
