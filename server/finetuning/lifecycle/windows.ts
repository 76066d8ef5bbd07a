// How long something of a run has been so, as the looking process has seen it. Wall clocks differ and step; a window that
// is a proof passes by the one clock that does neither, the monotonic one of the process that looks, from its first look.
import { type Call, type CallOf, later, type Run, type Timing } from './state.ts';

/** For how many milliseconds the looking process has seen a mark of the run. 0: it sees it for the first time. */
export type SeenFor = (mark: string) => number;

export const markOf = {
  /** Somebody is presumed to work on it. */
  lease: (call: Call) => `lease ${call.id}`,
  /** The provider has not made the file of this upload ready yet. */
  importing: (call: CallOf<'upload'>) => `importing ${call.id}`,
  /** Its job has been searched for, and its file is still there. */
  searched: (call: CallOf<'create'>) => `searched ${call.id}`,
  /** Its file is gone. */
  fenced: (call: CallOf<'create'>) => `fenced ${call.id}`,
  /** The provider does not know the run's job. */
  gone: (since: string) => `gone ${since}`,
};

/** All that a process has to remember of a run. */
export function marksOf({ calls, state }: Run): string[] {
  const marks = state.gone_since === null ? [] : [markOf.gone(state.gone_since)];
  for (const call of calls) {
    if (call.state !== 'open') continue;
    if (call.replied_at === null) marks.push(markOf.lease(call));
    if (call.kind === 'upload' && call.file_id !== null) marks.push(markOf.importing(call));
    if (call.kind !== 'create') continue;
    if (call.fenced_at !== null) marks.push(markOf.fenced(call));
    else if (call.looked_up_at !== null) marks.push(markOf.searched(call));
  }
  return marks;
}

/** For how many poll intervals a file that is not ready is waited for, before a create may say what is wrong: ten minutes as a rule. */
const LONGEST_IMPORT = 40;

/** Whether what a create has done shows by now, or whether a job that is missing is gone. */
export const isOver = (mark: string, seenFor: SeenFor, timing: Timing) => seenFor(mark) >= timing.settle_window_ms;

export const isImportOver = (call: CallOf<'upload'>, seenFor: SeenFor, timing: Timing) =>
  seenFor(markOf.importing(call)) >= LONGEST_IMPORT * timing.poll_interval_ms;

/**
 * How long the process that opened the call is still presumed to work on it. Ends by whichever clock ends it first: no
 * safety rests on it, and a clock that was set back must not make it last.
 */
export function leaseLeft(call: Call, now: string, seenFor: SeenFor): number {
  if (call.state !== 'open' || call.replied_at !== null) return 0;
  const granted = Date.parse(call.lease_until) - Date.parse(call.opened_at);
  const left = Math.min(Date.parse(call.lease_until) - Date.parse(now), granted - seenFor(markOf.lease(call)));
  return Math.max(0, left);
}

/** Longer than any wait that is ever set: an upload of the largest file, a provider that asks for patience. */
export const longestWait = ({ poll_interval_ms }: Timing) => 2 * 3_600_000 + 4 * poll_interval_ms;

/** What is due later than anything was ever put off was stamped by a clock that has been set back since. */
export const isDue = (due_at: string, now: string, timing: Timing) =>
  due_at <= now || due_at > later(now, longestWait(timing));
