// What a decision or an outcome makes of a run: the run as it is to be written, and the event that tells of it.
import type { Outcome } from '../provider.ts';
import type { Call, Run, State } from './state.ts';
import { later } from './state.ts';

export type EventType =
  | 'created'
  | 'updated'
  | 'upload_started'
  | 'uploaded'
  | 'upload_unknown'
  | 'upload_refused'
  | 'submission_started'
  | 'submitted'
  | 'submission_unknown'
  | 'submission_refused'
  | 'submission_absent'
  | 'submission_searched'
  | 'fenced'
  | 'status_changed'
  | 'progressed'
  | 'cancel_requested'
  | 'cancel_too_late'
  | 'cancel_sent'
  | 'cancel_answered'
  | 'cancel_pending'
  | 'delete_requested'
  | 'cancelled'
  | 'succeeded'
  | 'failed'
  | 'job_missing'
  | 'job_found_again'
  | 'file_delete_started'
  | 'file_deleted'
  | 'file_delete_failed'
  | 'file_delete_unclear'
  | 'provider_unavailable'
  | 'held_up'
  | 'stray_job_stopped'
  | 'forgotten';

export type Event = { type: EventType; message: string };

/** `event: null` means that only the schedule changed; the version stays as it is. */
export type Transition = { run: Run; event: Event | null };

const LONGEST_BACKOFF_MS = 300_000;

/** 1 s, 2 s, 4 s … up to the given ceiling. */
export const backoff = (failures: number, ceiling = LONGEST_BACKOFF_MS) =>
  Math.min(1000 * 2 ** Math.max(0, failures - 1), ceiling);

type Change = {
  state?: Partial<State>;
  calls?: readonly Call[];
  /** When to look again; null: nothing is left to do. */
  due_at: string | null;
  failures?: number;
};

export const move = (run: Run, event: Event, change: Change): Transition => ({
  event,
  run: {
    ...run,
    state: { ...run.state, ...change.state },
    calls: change.calls ?? run.calls,
    due_at: change.due_at,
    failures: change.failures ?? 0,
  },
});

export const reschedule = (run: Run, due_at: string | null): Transition => ({ event: null, run: { ...run, due_at } });

/** It could not be done: try again later, and say so once it lasts. */
export function tryAgain(run: Run, now: string, trouble: Event, ceiling?: number): Transition {
  const failures = run.failures + 1;
  const due_at = later(now, backoff(failures, ceiling));
  return { event: failures === 3 ? trouble : null, run: { ...run, due_at, failures } };
}

type Failed = Exclude<Outcome<unknown>, { kind: 'done' }>;

/** The provider could not be asked. That it does not let us look says nothing about what it would show. */
export const askAgain = (run: Run, now: string, outcome: Failed, ceiling?: number) =>
  tryAgain(
    run,
    now,
    {
      type: 'provider_unavailable',
      message: `The provider ${isLockedOut(outcome) ? 'refuses us' : 'cannot be reached'}: ${reasonOf(outcome)}`,
    },
    ceiling,
  );

export const isLockedOut = (outcome: Outcome<unknown>) =>
  outcome.kind === 'refused' && (outcome.refusal.code === 'unauthorized' || outcome.refusal.code === 'forbidden');

export const reasonOf = (outcome: Failed) => (outcome.kind === 'refused' ? outcome.refusal.message : outcome.reason);

/** The calls with one of them changed. */
export const withCall = (calls: readonly Call[], changed: Call): readonly Call[] =>
  calls.map((call) => (call.id === changed.id ? changed : call));
