// A user's cancel or delete as a pure step: the intent is raised, and where nothing was ever submitted it is also done.
import { isDeepStrictEqual } from 'node:util';
import type { Actor } from './actor.ts';
import { merged } from './metadata.ts';
import { CANCELLED_BY_USER } from './observe.ts';
import { evidenceOfNone, type Intent, isTerminal, mayHaveJob, type Run, raise, type State } from './state.ts';
import { type Event, move, type Transition } from './transition.ts';

export type StopRequest = {
  intent: Exclude<Intent, 'run'>;
  by: Actor;
  /** The first that is given is kept, also where it comes with a later cancel. */
  reason: string | null;
  /** Merged over the run's own, key by key; left out where the run would have too many then. */
  metadata: Record<string, string> | null;
};

/** Null: nothing changes, this was asked before (I8). */
export function requestStop(run: Run, request: StopRequest, now: string): Transition | null {
  const { state } = run;
  const { by } = request;
  const first = state.cancel_requested_at === null && state.status !== 'cancelled';
  const intent = raise(state.intent, request.intent);
  const ended = isTerminal(state.status);
  // A finished run is not changed by a cancel that came too late, but for the record of the request itself.
  const metadata =
    request.metadata && !(ended && request.intent === 'cancel')
      ? (merged(state.metadata, request.metadata) ?? state.metadata)
      : state.metadata;
  const sameMetadata = isDeepStrictEqual(metadata, state.metadata);
  const lateReason =
    state.cancel_requested_at !== null && state.cancel_reason === null && request.reason ? request.reason : null;
  if (!first && intent === state.intent && sameMetadata && lateReason === null) return null;

  const asked: Partial<State> = {
    intent,
    metadata,
    // To be asked for something ends no wait.
    waiting: state.waiting,
    ...(first && (!ended || request.intent === 'cancel')
      ? {
          cancel_requested_at: now,
          cancel_requested_by: by.name,
          cancel_requester: { who: by.who, id: by.id },
          cancel_reason: request.reason,
        }
      : {}),
    ...(lateReason === null ? {} : { cancel_reason: lateReason }),
  };
  const again = !first && intent === state.intent;
  const updated: Event = {
    type: 'updated',
    message: sameMetadata ? 'Reason of the cancel added.' : 'Metadata changed.',
  };
  const asking = (event: Event, state: Partial<State>) => ({ ...move(run, event, { state, due_at: now }), by });
  if (ended) return asking(again ? updated : endedEvent(request, state), asked);
  if (!mayHaveJob(run)) return asking(stoppedEvent, { ...asked, ...neverRan(run, now) });
  const event: Event =
    request.intent === 'delete'
      ? { type: 'delete_requested', message: 'Deletion requested; stopping the run first.' }
      : {
          type: 'cancel_requested',
          message: request.reason
            ? `Cancellation requested; the reason given: ${request.reason}`
            : 'Cancellation requested.',
        };
  return asking(again ? updated : event, asked);
}

const stoppedEvent: Event = { type: 'cancelled', message: 'Cancelled before anything was submitted.' };

const endedEvent = (request: StopRequest, state: State): Event =>
  request.intent === 'delete'
    ? { type: 'delete_requested', message: 'Deletion requested; removing the files first.' }
    : state.status === 'cancelled'
      ? { type: 'updated', message: 'Cancellation requested, which the provider had carried out before.' }
      : { type: 'cancel_too_late', message: `Cancellation requested, but the run has already ${state.status}.` };

/** No provider job can exist: the stop is proven by our own record, in this very write (I3, I7). */
const neverRan = (run: Run, now: string): Partial<State> => ({
  status: 'cancelled',
  waiting: null,
  error: CANCELLED_BY_USER,
  cancel_confirmed_at: now,
  evidence: evidenceOfNone(run.calls),
});
