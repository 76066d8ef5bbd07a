// Runs and calls to put before the pure functions.

import { type CallOf, calledJob, initialState, type Run, type State } from '../../server/finetuning/lifecycle/state.ts';
import { bareRef } from '../../server/finetuning/provider.ts';

export const NOW = '2026-11-20T12:00:00.000Z';
/** As a process decides that has seen what the run shows for so long, by its own clock. */
export const seenFor = (ms: number) => () => ms;
export const timing = {
  settle_window_ms: 120_000,
  poll_interval_ms: 15_000,
  start: 'at_create',
  stop: 'cancel',
  fence: 'file',
} as const;

/** The job that the tests speak of. */
export const JOB = bareRef('job-1');

export const run = ({
  state: changed,
  ...rest
}: Partial<Omit<Run, 'state'>> & { state?: Partial<State> } = {}): Run => ({
  id: 'a'.repeat(24),
  calls: [],
  due_at: NOW,
  failures: 0,
  ...rest,
  state: { ...initialState, ...changed },
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
  job_id: null,
  looked_up_at: null,
  fenced_at: null,
  ...changed,
});

export const cancelCall = (changed: Partial<CallOf<'cancel'>> = {}): CallOf<'cancel'> => ({
  ...call,
  kind: 'cancel',
  ...calledJob(JOB),
  ...changed,
});

export const deleteFileCall = (changed: Partial<CallOf<'delete_file'>> = {}): CallOf<'delete_file'> => ({
  ...call,
  kind: 'delete_file',
  file_id: 'file-1',
  ...changed,
});
