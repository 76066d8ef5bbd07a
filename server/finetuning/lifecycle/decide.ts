// The one decision: given what the row says, what is the one next thing to do? Pure; reconcile.ts carries it out.
import type { JobRef } from '../provider.ts';
import { leftoverOf } from './leftover.ts';
import {
  type Call,
  type CallOf,
  isTerminal,
  jobOf,
  later,
  openCall,
  type Run,
  remainingFiles,
  type Terms,
  wantsStop,
} from './state.ts';
import { isDue, isImportOver, isOver, leaseLeft, markOf, type SeenFor } from './windows.ts';

export type Action =
  | { kind: 'wait'; until: string | null }
  | { kind: 'upload' }
  /** The outcome of an upload or of a removal is unknown: look whether its file is there. */
  | { kind: 'find_file'; call: CallOf<'upload'> | CallOf<'delete_file'> }
  /** The file is there: look whether the provider can use it yet. `last`: it has been waited for long enough. */
  | { kind: 'check_file'; call: CallOf<'upload'>; file_id: string; last: boolean }
  | { kind: 'create'; file_id: string }
  /** The answer to a create named a job: look whether it is this run's. */
  | { kind: 'verify_job'; call: CallOf<'create'>; job_id: string }
  /** A create's outcome is unknown: look for its job. Only a conclusive look that finds nothing proves absence. */
  | { kind: 'find_job'; call: CallOf<'create'>; conclusive: boolean }
  | { kind: 'delete_file'; file_id: string }
  /** The job is held, and the run still wanted: let it begin. */
  | { kind: 'release'; job: JobRef }
  | { kind: 'poll'; job: JobRef }
  /** The known job has been answered with 404 for a settle window: one last look by tag. */
  | { kind: 'confirm_gone'; job: JobRef }
  | { kind: 'cancel'; job: JobRef }
  /** A stop is wanted and nothing can be running. */
  | { kind: 'conclude_cancelled' }
  | { kind: 'forget' };

/** @param seenFor how long the deciding process has seen what the run shows */
export function decide(run: Run, now: string, terms: Terms, seenFor: SeenFor): Action {
  if (run.due_at === null || !isDue(run.due_at, now, terms)) return { kind: 'wait', until: run.due_at };

  const leased = Math.max(0, ...run.calls.map((call) => leaseLeft(call, now, seenFor)));
  if (leased > 0) return { kind: 'wait', until: later(now, leased) };
  const { state } = run;
  const unresolved = openCall(run.calls.filter((call) => !canWait(call, run)));
  if (unresolved) return resolve(unresolved, run, terms, seenFor);
  if (isTerminal(state.status)) return leftoverOf(run) ?? { kind: 'wait', until: null };
  const job = jobOf(state);
  if (job !== null) return pursue(job, run, terms, seenFor);
  if (wantsStop(state.intent)) return { kind: 'conclude_cancelled' };

  const superseded = remainingFiles(run.calls).find((file) => file !== state.file_id);
  if (superseded !== undefined) return { kind: 'delete_file', file_id: superseded };
  return state.file_id === null ? { kind: 'upload' } : { kind: 'create', file_id: state.file_id };
}

/** Whether a file is gone holds up neither a stop nor, more than every other time, the look at a job. */
const canWait = (call: Call, { state, failures }: Run) =>
  call.kind === 'delete_file' &&
  state.job_id !== null &&
  !isTerminal(state.status) &&
  (wantsStop(state.intent) || failures % 2 === 1);

/** An open call nobody is working on any more: its outcome is unknown and is never guessed (DESIGN 3.4). */
function resolve(call: Call, run: Run, terms: Terms, seenFor: SeenFor): Action {
  switch (call.kind) {
    case 'upload':
      return call.file_id === null
        ? { kind: 'find_file', call }
        : { kind: 'check_file', call, file_id: call.file_id, last: isImportOver(call, seenFor, terms) };
    case 'delete_file':
      return { kind: 'find_file', call };
    case 'create':
      return call.job_id === null
        ? settle(call, run, terms, seenFor)
        : { kind: 'verify_job', call, job_id: call.job_id };
    case 'release':
    case 'cancel':
      // What became of it is concluded from a GET that follows it, never from its own reply (DESIGN 3.6).
      return { kind: 'poll', job: { id: call.job_id, name: call.job_name, incarnation: call.job_incarnation } };
    default:
      return call satisfies never;
  }
}

/**
 * The file is the fencing token of a create: once it is gone and the window has passed, absence is final (DESIGN 3.5).
 * A run that its user wants is searched for a whole window before that: the fence would fail a job that is only late.
 */
function settle(call: CallOf<'create'>, run: Run, terms: Terms, seenFor: SeenFor): Action {
  if (call.fenced_at !== null) {
    return { kind: 'find_job', call, conclusive: isOver(markOf.fenced(call), seenFor, terms) };
  }
  const isSearched = call.looked_up_at !== null && isOver(markOf.searched(call), seenFor, terms);
  // Without a fence nothing but time makes absence final.
  if (terms.fence === 'none') return { kind: 'find_job', call, conclusive: isSearched };
  const search = { kind: 'find_job', call, conclusive: false } as const;
  return wantsStop(run.state.intent) || isSearched ? (fence(call.file_id, run) ?? search) : search;
}

/** Null: where the fence cannot be had, the job is seen to every other time. Found, or cancelled, it may need no fence. */
function fence(file_id: string, run: Run): Action | null {
  const isRemoval = (call: Call): call is CallOf<'delete_file'> =>
    call.kind === 'delete_file' && call.file_id === file_id;
  const removal = run.calls.findLast(isRemoval);
  if (removal && run.failures % 2 === 1) return null;
  return removal?.state === 'open' ? { kind: 'find_file', call: removal } : { kind: 'delete_file', file_id };
}

function pursue(job: JobRef, run: Run, terms: Terms, seenFor: SeenFor): Action {
  const { gone_since, intent, job_stage } = run.state;
  const isEnding = wantsStop(intent) || job_stage === 'over';
  // An engine that forgets a cancel begins the job again: without its file it cannot.
  const file = terms.stop === 'fence_then_cancel' && isEnding ? remainingFiles(run.calls)[0] : undefined;
  const fencing = file === undefined ? null : fence(file, run);
  if (fencing !== null) return fencing;
  if (gone_since !== null) {
    return { kind: isOver(markOf.gone(gone_since), seenFor, terms) ? 'confirm_gone' : 'poll', job };
  }
  if (job_stage === 'over') return { kind: 'poll', job };
  if (wantsStop(intent)) return { kind: 'cancel', job };
  return { kind: job_stage === 'held' ? 'release' : 'poll', job };
}
