// A provider with something around each of its operations.
import type { JobRef, Provider } from '../../server/finetuning/provider.ts';

export type ProviderOperation =
  | {
      [K in keyof Provider]: Provider[K] extends (...given: never[]) => Promise<unknown> ? K : never;
    }[keyof Provider]
  | 'releaseJob';
/** Given the operation and how to ask it of any provider. */
export type Around = <T>(operation: ProviderOperation, ask: (provider: Provider) => Promise<T>) => Promise<T>;

export const aroundProvider = (provider: Provider, around: Around): Provider => ({
  ...provider,
  uploadFile: (file, timeout) => around('uploadFile', (asked) => asked.uploadFile(file, timeout)),
  deleteFile: (id) => around('deleteFile', (asked) => asked.deleteFile(id)),
  getFile: (id) => around('getFile', (asked) => asked.getFile(id)),
  listFiles: (finetuning) => around('listFiles', (asked) => asked.listFiles(finetuning)),
  createJob: (request) => around('createJob', (asked) => asked.createJob(request)),
  releaseJob: provider.releaseJob && ((job) => around('releaseJob', (asked) => release(asked, job))),
  getJob: (id) => around('getJob', (asked) => asked.getJob(id)),
  findJobs: (wanted) => around('findJobs', (asked) => asked.findJobs(wanted)),
  listJobs: (deployment, isEnough) => around('listJobs', (asked) => asked.listJobs(deployment, isEnough)),
  cancelJob: (id) => around('cancelJob', (asked) => asked.cancelJob(id)),
  getProgress: (id) => around('getProgress', (asked) => asked.getProgress(id)),
});

async function release({ name, releaseJob }: Provider, job: JobRef) {
  if (releaseJob === null) throw new Error(`${name} holds no jobs`);
  return await releaseJob(job);
}
