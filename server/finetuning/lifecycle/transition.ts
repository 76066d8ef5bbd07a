// What a decision or an outcome makes of a run: the run as it is to be written, and the event that tells of it.
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
  | 'provider_unavailable'
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

/** The provider could not be asked: try again later, and say so once it lasts. */
export function retryLater(run: Run, now: string, reason: string, ceiling?: number): Transition {
  const failures = run.failures + 1;
  const due_at = later(now, backoff(failures, ceiling));
  const event: Event | null =
    failures === 3 ? { type: 'provider_unavailable', message: `The provider cannot be reached: ${reason}` } : null;
  return { event, run: { ...run, due_at, failures } };
}

/** The calls with one of them changed. */
export const withCall = (calls: readonly Call[], changed: Call): readonly Call[] =>
  calls.map((call) => (call.id === changed.id ? changed : call));
