// The sixteen ways in which a request to the provider goes wrong, done to real requests of the real client.
import type { Provider } from '../../../server/finetuning/provider.ts';
import type { Operation } from '../../../server/provider/sandbox/server.ts';
import type { Fault } from '../../provider/faults.ts';

/** What the domain asks of a provider while it pursues a run, and where that arrives. */
export const operations = {
  uploadFile: 'files.create',
  listFiles: 'files.list',
  deleteFile: 'files.delete',
  createJob: 'jobs.create',
  findJobs: 'jobs.list',
  getJob: 'jobs.retrieve',
  getProgress: 'jobs.events',
  cancelJob: 'jobs.cancel',
} as const satisfies Partial<Record<keyof Provider, Operation>>;
export type Asked = keyof typeof operations;

/** Where the request leaves for another address, it never arrives; an `executed_late` one is held at the provider. */
export type Breakage = { elsewhere: string } | { fault: Fault } | { executed_late: true };

export const breakages: Record<string, Breakage> = {
  'connection refused': { elsewhere: 'http://127.0.0.1:9/v1' },
  'no such host': { elsewhere: 'http://provider.invalid/v1' },
  'reset before': { fault: { kind: 'reset_before' } },
  'executed, then reset': { fault: { kind: 'reset_after' } },
  'timed out, executed late': { executed_late: true },
  'timed out, never executed': { fault: { kind: 'hang' } },
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
};

/** What must go wrong first, so that the operation is needed at all. */
export const preludes: Partial<Record<Asked, { operation: Asked; fault: Fault }>> = {
  listFiles: { operation: 'uploadFile', fault: { kind: 'reset_after' } },
  findJobs: { operation: 'createJob', fault: { kind: 'reset_after' } },
  // Nothing was created: the run goes on to fence, by removing the file.
  deleteFile: { operation: 'createJob', fault: { kind: 'reset_before' } },
};
