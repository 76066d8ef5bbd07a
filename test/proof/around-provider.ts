// A provider with something around each of its operations.
import type { Provider } from '../../server/finetuning/provider.ts';

export type ProviderOperation = Exclude<keyof Provider, 'ledger' | 'sandbox' | 'models'>;
/** Given the operation and how to ask it of any provider. */
export type Around = <T>(operation: ProviderOperation, ask: (provider: Provider) => Promise<T>) => Promise<T>;

export const aroundProvider = (provider: Provider, around: Around): Provider => ({
  ...provider,
  uploadFile: (file, timeout) => around('uploadFile', (asked) => asked.uploadFile(file, timeout)),
  deleteFile: (id) => around('deleteFile', (asked) => asked.deleteFile(id)),
  getFile: (id) => around('getFile', (asked) => asked.getFile(id)),
  listFiles: () => around('listFiles', (asked) => asked.listFiles()),
  createJob: (request) => around('createJob', (asked) => asked.createJob(request)),
  getJob: (id) => around('getJob', (asked) => asked.getJob(id)),
  findJobs: (wanted) => around('findJobs', (asked) => asked.findJobs(wanted)),
  listJobs: (deployment) => around('listJobs', (asked) => asked.listJobs(deployment)),
  cancelJob: (id) => around('cancelJob', (asked) => asked.cancelJob(id)),
  getProgress: (id) => around('getProgress', (asked) => asked.getProgress(id)),
});
