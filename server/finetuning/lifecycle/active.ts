// A job that goes on, as a look at it shows: how it stands, what it was asked for in vain, and when to look again.
import { isDeepStrictEqual } from 'node:util';
import type { ProviderJob } from '../provider.ts';
import { type Call, later, type Run, type State, type Terms, wantsStop } from './state.ts';
import { backoff, type Event, move, resumed, type Transition } from './transition.ts';
import { waitingFor } from './waiting.ts';

type Seen = { calls: readonly Call[]; seen: Partial<State>; progress: State['progress'] };

export function goesOn(run: Run, job: ProviderJob, now: string, terms: Terms, look: Seen): Transition {
  const state: Partial<State> = {
    ...look.seen,
    status: job.shown_status ?? run.state.status,
    progress: look.progress,
    job_stage: job.held ? 'held' : null,
  };
  // It is asked to stop, or to begin: at once, and then less and less often.
  const asking = wantsStop(run.state.intent) ? 'cancel' : job.held ? 'release' : null;
  const unheard = asking === null ? null : unheardOf(run, asking, job.provider_status);
  const failures = unheard === null ? 0 : run.failures + 1;
  const wait = asking === null ? terms.poll_interval_ms : unheard ? backoff(failures, terms.poll_interval_ms) : 0;
  const next = { calls: look.calls, due_at: later(now, wait), failures };
  const waitsFor = unheard ?? (asking === null && job.note ? queuedBehind(job.note) : null);
  const isFound = run.state.gone_since !== null;
  const event = isFound ? foundAgain : (unheard ?? newsOf(run, state, look.calls, waitsFor));
  if (event === null) return { event: null, run: { ...run, due_at: next.due_at, failures } };
  return move(run, event, { ...next, state: { ...state, waiting: waitsFor && waitingFor(run, waitsFor, now) } });
}

const foundAgain: Event = { type: 'job_found_again', message: 'The provider shows the job again.' };

/** Nothing is wrong; it says why nothing goes on. */
const queuedBehind = (note: string): Event => ({
  type: 'queued_behind',
  message: `The provider has not begun it: ${note}.`,
});

/** What it was asked for and still has not done; null where it was not asked. */
function unheardOf({ calls }: Run, kind: 'cancel' | 'release', provider_status: string): Event | null {
  const asked = calls.findLast((call) => call.kind === kind);
  if (asked?.state !== 'open' && asked?.state !== 'refused') return null;
  const answer = calls.findLast((call) => call.kind === kind && call.detail !== null)?.detail;
  const what = answer == null ? '' : `; its answer to the ${kind}: ${answer}`;
  return { type: `${kind}_pending`, message: `The provider still shows ${provider_status}${what}.` };
}

function newsOf(
  { state, calls }: Run,
  next: Partial<State>,
  closed: readonly Call[],
  waitsFor: Event | null,
): Event | null {
  if (waitsFor !== null && state.waiting?.for !== waitsFor.message) return waitsFor;
  if (waitsFor === null && state.waiting !== null) return resumed;
  const isSame = (key: 'status' | 'provider_status' | 'job_stage') => next[key] === state[key];
  const isAnswered = closed.some((call, index) => call !== calls[index]);
  if (isAnswered || !isSame('status') || !isSame('provider_status') || !isSame('job_stage')) {
    return { type: 'status_changed', message: `The provider shows ${next.provider_status}.` };
  }
  return isDeepStrictEqual(next.progress, state.progress)
    ? null
    : { type: 'progressed', message: progressMessage(next.progress) };
}

const progressMessage = (progress: State['progress'] | undefined) =>
  progress?.step != null ? `Step ${progress.step} of ${progress.total_steps ?? '?'}.` : 'Progress changed.';
