// Runs and calls to put before the pure functions.
import type { CallOf, Run, State } from '../../server/finetuning/lifecycle/state.ts';

export const NOW = '2026-11-20T12:00:00.000Z';
export const timing = { settle_window_ms: 120_000, poll_interval_ms: 15_000 };

const state: State = {
  status: 'queued',
  intent: 'run',
  alias: null,
  metadata: null,
  attempt: 1,
  file_id: null,
  job_id: null,
  model_id: null,
  error: null,
  provider_status: null,
  trained_tokens: null,
  progress: null,
  cancel_requested_at: null,
  cancel_requested_by: null,
  cancel_reason: null,
  cancel_confirmed_at: null,
  evidence: null,
  gone_since: null,
  deleted_at: null,
};

export const run = ({
  state: changed,
  ...rest
}: Partial<Omit<Run, 'state'>> & { state?: Partial<State> } = {}): Run => ({
  id: 'a'.repeat(24),
  calls: [],
  due_at: NOW,
  failures: 0,
  ...rest,
  state: { ...state, ...changed },
});

const call = {
  id: 'c1',
  attempt: 1,
  state: 'open',
  opened_at: NOW,
  lease_until: NOW,
  replied_at: null,
  detail: null,
} as const;

export const uploadCall = (changed: Partial<CallOf<'upload'>> = {}): CallOf<'upload'> => ({
  ...call,
  kind: 'upload',
  file_id: null,
  ...changed,
});

export const createCall = (changed: Partial<CallOf<'create'>> = {}): CallOf<'create'> => ({
  ...call,
  kind: 'create',
  file_id: 'file-1',
  looked_up_at: null,
  fenced_at: null,
  ...changed,
});
