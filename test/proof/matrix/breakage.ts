// The twenty-one ways in which a request to the provider goes wrong, done to real requests of the real client. One of them,
// the late execution, in two ways: as soon as its sender is gone, and once all is over.
import type { Provider } from '../../../server/finetuning/provider.ts';
import type { Operation } from '../../../server/provider/sandbox/server.ts';
import type { Fault } from '../../provider/faults.ts';

/** What the domain asks of a provider while it pursues a run or sweeps, and where that arrives. */
export const operations = {
  uploadFile: 'files.create',
  listFiles: 'files.list',
  deleteFile: 'files.delete',
  createJob: 'jobs.create',
  findJobs: 'jobs.list',
  getJob: 'jobs.retrieve',
  getProgress: 'jobs.events',
  releaseJob: 'jobs.resume',
  cancelJob: 'jobs.cancel',
  listJobs: 'jobs.list',
} as const satisfies Partial<Record<keyof Provider, Operation>>;
export type Asked = keyof typeof operations;

/** Those that an engine is asked for which begins a job with its create, and keeps what it has acknowledged. */
export const askedOfKeeping = (Object.keys(operations) as Asked[]).filter((name) => name !== 'releaseJob');

/**
 * Where the request leaves for another address, it never arrives; where nobody answers there, the client's own time-out
 * ends it. The connection of an `executed_late` one is cut after it has arrived, and it is held at the provider.
 */
export type Breakage =
  | { elsewhere: string }
  | { fault: Fault }
  | { executed_late: 'soon' | 'at rest' }
  /** It is acknowledged, and the engine then comes back as it was so many writes ago. `given_away`: the next id, to somebody else. */
  | { forgets: number; given_away: boolean };

export const breakages: Record<string, Breakage> = {
  'connection refused': { elsewhere: 'http://127.0.0.1:9/v1' },
  'no such host': { elsewhere: 'http://provider.invalid/v1' },
  'reset before': { fault: { kind: 'reset_before' } },
  'executed, then reset': { fault: { kind: 'reset_after' } },
  'cut off, executed soon after': { executed_late: 'soon' },
  'cut off, executed when all is at rest': { executed_late: 'at rest' },
  'timed out, never executed': { elsewhere: 'nobody answers' },
  '500 before': { fault: { kind: 'status', status: 500 } },
  '500 after': { fault: { kind: 'status_after', status: 500 } },
  '429 with Retry-After': { fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } } },
  '401': { fault: { kind: 'status', status: 401 } },
  '404': { fault: { kind: 'status', status: 404 } },
  '409': { fault: { kind: 'status', status: 409 } },
  'malformed JSON': { fault: { kind: 'body_after', body: '{"id": ftjob' } },
  'truncated body': { fault: { kind: 'truncated' } },
  'HTML with 200': { fault: { kind: 'body_after', body: '<html>Sign in</html>', type: 'text/html' } },
  'empty 204': { fault: { kind: 'empty_after' } },
  'executed, then a reply without end': { fault: { kind: 'endless_after', status: 200, begins: '{"id": "ftjob-1"}' } },
  'executed, then a refusal without end': {
    fault: { kind: 'endless_after', status: 400, begins: '{"error": {"message": "no"}}' },
  },
  'an id that names another place': { fault: { kind: 'changed_after', change: eachEntry({ id: '..' }) } },
  'an id of a hundred thousand characters': {
    fault: { kind: 'changed_after', change: eachEntry({ id: 'x'.repeat(100_000) }) },
  },
  'figures that cannot be': {
    fault: {
      kind: 'changed_after',
      change: eachEntry({
        trained_tokens: 1e30,
        estimated_finish: 1e300,
        error: { code: 1e308, message: [] },
        fine_tuned_model: 7,
        type: 'metrics',
        data: { step: 1e308, total_steps: -1, train_loss: 1e308, valid_loss: {} },
      }),
    },
  },
};

/** The answer, or each entry of a list that is answered, with other fields. */
function eachEntry(odd: Record<string, unknown>) {
  return (answer: Record<string, unknown>): unknown => {
    const { data } = answer;
    return Array.isArray(data)
      ? { ...answer, data: data.map((entry) => ({ ...entry, ...odd })) }
      : { ...answer, ...odd };
  };
}

/** How an engine forgets what it has acknowledged. */
export const forgettings: Record<string, Breakage> = {
  'forgets it': { forgets: 1, given_away: false },
  'forgets it and all before': { forgets: Number.POSITIVE_INFINITY, given_away: false },
  'forgets it and all before, and gives the id to another': { forgets: Number.POSITIVE_INFINITY, given_away: true },
};

/** What must go wrong first, so that the operation is needed at all. */
export const preludes: Partial<Record<Asked, { operation: Asked; breakage: Breakage }>> = {
  listFiles: { operation: 'uploadFile', breakage: { fault: { kind: 'reset_after' } } },
  findJobs: { operation: 'createJob', breakage: { fault: { kind: 'reset_after' } } },
  // The run goes on to fence, by removing the file; whether that holds is seen when the create arrives after all.
  deleteFile: { operation: 'createJob', breakage: { executed_late: 'at rest' } },
};

/** After these an upload or a create has been refused for good, and the run may fail. */
export const isDefiniteRefusal = (breakage: Breakage) =>
  'fault' in breakage && breakage.fault.kind === 'status' && [401, 404].includes(breakage.fault.status);
