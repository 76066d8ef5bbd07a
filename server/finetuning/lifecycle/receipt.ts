// The receipt of a cancel: what is known about it, and no more than the row proves (I10).
import { type Evidence, isTerminal, type State, wantsStop } from './state.ts';

export type Cancellation = {
  state: 'requested' | 'confirmed' | 'too_late';
  requested_at: string;
  requested_by: string;
  requester: State['cancel_requester'];
  reason: string | null;
  confirmed_at: string | null;
  evidence: Evidence | null;
  provider_status: string | null;
  trained_tokens: number | null;
};

/** Null while nobody has asked for a stop and nobody has stopped it. */
export function receiptOf(state: State): Cancellation | null {
  const requested_at = state.cancel_requested_at ?? state.cancel_confirmed_at;
  if (requested_at === null || (!wantsStop(state.intent) && state.status !== 'cancelled')) return null;
  return {
    state: state.status === 'cancelled' ? 'confirmed' : isTerminal(state.status) ? 'too_late' : 'requested',
    requested_at,
    // Stopped at the provider itself: nobody asked here.
    requested_by: state.cancel_requested_by ?? 'provider',
    requester: state.cancel_requester,
    reason: state.cancel_reason,
    confirmed_at: state.cancel_confirmed_at,
    evidence: state.evidence,
    provider_status: state.provider_status,
    trained_tokens: state.trained_tokens,
  };
}
