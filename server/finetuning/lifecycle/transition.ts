// What a decision or an outcome makes of a run: the run as it is to be written, and the event that tells of it.

import type { Outcome } from '../provider.ts';
import type { Actor } from './actor.ts';
import type { Event } from './event.ts';
import { isDone } from './leftover.ts';
import { type Call, isTerminal, later, type Run, type State, type Timing, type Tried } from './state.ts';
import { outlasts, waitingFor } from './waiting.ts';

export type { Event } from './event.ts';

/** `event: null` means that only the schedule changed; the version stays as it is. */
export type Transition = {
  run: Run;
  event: Event | null;
  /** Whose request the event comes of; null or left out: nobody asked for it. */
  by?: Actor | null;
  /** What the provider was asked for it; null or left out: nothing. */
  tried?: Tried | null;
};

/** Of what is sent again, or can wait. */
export const LONGEST_BACKOFF_MS = 300_000;
/** Of the removal of a file that something waits for. */
export const LONGEST_FENCING_MS = 60_000;

/** 1 s, 2 s, 4 s … up to the given ceiling. */
export const backoff = (failures: number, ceiling = LONGEST_BACKOFF_MS) =>
  Math.min(1000 * 2 ** Math.max(0, failures - 1), ceiling);

/** Whatever failed, a run that has not ended is looked at again within an interval; what is left of one that has can wait. */
export const longestPause = ({ state }: Run, { poll_interval_ms }: Timing) =>
  isTerminal(state.status) ? LONGEST_BACKOFF_MS : Math.min(poll_interval_ms, LONGEST_BACKOFF_MS);

type Change = {
  state?: Partial<State>;
  calls?: readonly Call[];
  /** When to look again, unless nothing is left to do: then never. */
  due_at: string | null;
  failures?: number;
};

/** Whatever happens ends a wait, but for what says of itself that the run waits, or has nothing to do with it. */
export function move(run: Run, event: Event, change: Change): Transition {
  const state = {
    ...run.state,
    waiting: outlasts(run.state.waiting, event.type) ? run.state.waiting : null,
    ...change.state,
  };
  const calls = change.calls ?? run.calls;
  const due_at = isDone({ state, calls }) ? null : change.due_at;
  return { event, run: { ...run, state, calls, due_at, failures: change.failures ?? 0 } };
}

export const reschedule = (run: Run, due_at: string | null, failures = run.failures): Transition => ({
  event: null,
  run: { ...run, due_at, failures },
});

export const resumed: Event = { type: 'resumed', message: 'What it waited for is there again.' };

/** It was looked at, and there is no news: but for the end of a wait. `still` is what it goes on to wait for. */
export function noNews(run: Run, due_at: string, still?: { event: Event; now: string }): Transition {
  const { waiting } = run.state;
  if (waiting === null || waiting.type === still?.event.type) return reschedule(run, due_at, 0);
  if (!still) return move(run, resumed, { due_at });
  return move(run, still.event, { due_at, state: { waiting: waitingFor(run, still.event, still.now) } });
}

/** The run waits for what the trouble says; told once for each kind of trouble. */
export function waitFor(run: Run, trouble: Event, next: { due_at: string; failures: number }, now: string): Transition {
  if (run.state.waiting?.type === trouble.type) return reschedule(run, next.due_at, next.failures);
  return move(run, trouble, { ...next, state: { waiting: waitingFor(run, trouble, now) } });
}

/** Failures in a row that are no news yet. */
export const PASSING_FAILURES = 2;

/** It could not be done: try again later, and say so once it lasts. */
export function tryAgain(
  run: Run,
  now: string,
  trouble: Event,
  ceiling: number,
  { passing = PASSING_FAILURES, asked_ms = 0 }: { passing?: number; asked_ms?: number } = {},
): Transition {
  const failures = run.failures + 1;
  const due_at = later(now, Math.max(asked_ms, backoff(failures, ceiling)));
  if (failures <= passing) return reschedule(run, due_at, failures);
  return waitFor(run, trouble, { due_at, failures }, now);
}

type Failed = Exclude<Outcome<unknown>, { kind: 'done' }>;

/** What the provider asks to be given, in milliseconds: as long as we would wait by ourselves, and no longer. */
export const patienceFor = (outcome: Failed) =>
  Math.min(outcome.kind === 'refused' ? (outcome.refusal.retry_after_ms ?? 0) : 0, LONGEST_BACKOFF_MS);

/** The provider could not be asked. That it does not let us look says nothing about what it would show. */
export const askAgain = (run: Run, now: string, outcome: Failed, timing: Timing) =>
  tryAgain(
    run,
    now,
    {
      type: 'provider_unavailable',
      message: `The provider ${isLockedOut(outcome) ? 'refuses us' : 'cannot be reached'}: ${reasonOf(outcome)}`,
    },
    longestPause(run, timing),
    { asked_ms: patienceFor(outcome) },
  );

/** It was not in what the list showed, and that was not all of it. Absence needs the whole list. */
export const listAgain = (run: Run, now: string, incomplete: string, timing: Timing) =>
  tryAgain(
    run,
    now,
    {
      type: 'search_incomplete',
      message: `What is looked for was not in the provider's list, and that list is not whole: ${incomplete}. Nothing is concluded from it. Make the list page as OpenAI's does, or stop the job at the provider.`,
    },
    longestPause(run, timing),
    { passing: 0 },
  );

export const isLockedOut = (outcome: Outcome<unknown>) =>
  outcome.kind === 'refused' && (outcome.refusal.code === 'unauthorized' || outcome.refusal.code === 'forbidden');

export const reasonOf = (outcome: Failed) => (outcome.kind === 'refused' ? outcome.refusal.message : outcome.reason);

/** The calls with one of them changed. */
export const withCall = (calls: readonly Call[], changed: Call): readonly Call[] =>
  calls.map((call) => (call.id === changed.id ? changed : call));

/** No job came of the attempt: the next has a file of its own. */
export const submitAgain = (run: Run, calls: readonly Call[], now: string): Transition =>
  move(
    run,
    { type: 'submission_absent', message: 'No job was created; submitting again with a new file.' },
    { state: { attempt: run.state.attempt + 1, file_id: null }, calls, due_at: now },
  );
