// The one decision: given what the row says, what is the one next thing to do? Pure; reconcile.ts carries it out.
import {
  type Call,
  type CallOf,
  isTerminal,
  later,
  openCall,
  type Run,
  remainingFiles,
  type Timing,
  wantsStop,
} from './state.ts';

export type Action =
  | { kind: 'wait'; until: string | null }
  | { kind: 'upload' }
  /** The outcome of an upload or of a removal is unknown: look whether its file is there. */
  | { kind: 'find_file'; call: CallOf<'upload'> | CallOf<'delete_file'> }
  | { kind: 'create'; file_id: string }
  /** A create's outcome is unknown: look for its job. Only a conclusive look that finds nothing proves absence. */
  | { kind: 'find_job'; call: CallOf<'create'>; conclusive: boolean }
  | { kind: 'delete_file'; file_id: string }
  | { kind: 'poll'; job_id: string }
  /** The known job has been answered with 404 for a settle window: one last look by tag. */
  | { kind: 'confirm_gone'; job_id: string }
  | { kind: 'cancel'; job_id: string }
  /** A stop is wanted and nothing can be running. */
  | { kind: 'conclude_cancelled' }
  | { kind: 'forget' };

export function decide(run: Run, now: string, timing: Timing): Action {
  if (run.due_at === null || now < run.due_at) return { kind: 'wait', until: run.due_at };

  const leased = run.calls.find((call) => call.state === 'open' && call.replied_at === null && now < call.lease_until);
  if (leased) return { kind: 'wait', until: leased.lease_until };
  const unresolved = openCall(run.calls);
  if (unresolved) return resolve(unresolved, run, now, timing);

  const { state } = run;
  if (isTerminal(state.status)) return tidy(run);
  if (state.job_id !== null) return pursue(state.job_id, run, now, timing);
  if (wantsStop(state.intent)) return { kind: 'conclude_cancelled' };

  const superseded = remainingFiles(run.calls).find((file) => file !== state.file_id);
  if (superseded !== undefined) return { kind: 'delete_file', file_id: superseded };
  return state.file_id === null ? { kind: 'upload' } : { kind: 'create', file_id: state.file_id };
}

/** An open call nobody is working on any more: its outcome is unknown and is never guessed (DESIGN 3.4). */
function resolve(call: Call, run: Run, now: string, timing: Timing): Action {
  switch (call.kind) {
    case 'upload':
    case 'delete_file':
      return { kind: 'find_file', call };
    case 'create':
      return settle(call, run, now, timing);
    case 'cancel':
      // A cancel is concluded from a GET that follows it, never from its own reply (DESIGN 3.6).
      return { kind: 'poll', job_id: call.job_id };
    default:
      return call satisfies never;
  }
}

/** The file is the fencing token of a create: once it is gone and the window has passed, absence is final (DESIGN 3.5). */
function settle(call: CallOf<'create'>, run: Run, now: string, timing: Timing): Action {
  if (!wantsStop(run.state.intent) && call.looked_up_at === null && call.fenced_at === null) {
    return { kind: 'find_job', call, conclusive: false };
  }
  if (call.fenced_at === null) return fence(call, run);
  const conclusive = now >= later(call.fenced_at, timing.settle_window_ms);
  return { kind: 'find_job', call, conclusive };
}

function fence({ file_id }: CallOf<'create'>, run: Run): Action {
  const isRemoval = (call: Call): call is CallOf<'delete_file'> =>
    call.kind === 'delete_file' && call.state === 'open' && call.file_id === file_id;
  const removal = run.calls.find(isRemoval);
  return removal ? { kind: 'find_file', call: removal } : { kind: 'delete_file', file_id };
}

function pursue(job_id: string, run: Run, now: string, timing: Timing): Action {
  const { gone_since, intent } = run.state;
  if (gone_since !== null && now >= later(gone_since, timing.settle_window_ms)) return { kind: 'confirm_gone', job_id };
  if (gone_since !== null) return { kind: 'poll', job_id };
  return wantsStop(intent) ? { kind: 'cancel', job_id } : { kind: 'poll', job_id };
}

/** After the end: remove files that nothing needs any more, then, if asked to, forget. */
function tidy(run: Run): Action {
  const { state } = run;
  const unneeded = remainingFiles(run.calls).find((file) => state.intent === 'delete' || file !== state.file_id);
  if (unneeded !== undefined) return { kind: 'delete_file', file_id: unneeded };
  if (state.intent === 'delete' && state.deleted_at === null) return { kind: 'forget' };
  return { kind: 'wait', until: null };
}
