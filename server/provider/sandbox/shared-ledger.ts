// What the sandbox remembers where several processes on several machines share a database: each serves the same ledger.
import { randomUUID } from 'node:crypto';
import { changed, fileSchema, jobSchema, type LedgerFile, type LedgerJob, newEntryId, withoutFile } from './entries.ts';
import type { Ledger } from './ledger.ts';
import type { ServedLedger } from './served-ledger.ts';
import type { Documents, Shelf } from './shelf.ts';

export type SharedLedger = ServedLedger & {
  /** The same for all who share it. */
  id: string;
};

/**
 * @param now milliseconds since 1970, by a clock that all who share it agree on
 * @param earlier what a new ledger begins with, and is called: that of a file that the runs lived in before
 */
export async function openSharedLedger(shelf: Shelf, now: () => number, earlier: Ledger | null): Promise<SharedLedger> {
  const id = await shelf.begin(earlier?.id ?? randomUUID(), async (inside) => {
    if (earlier) await copy(earlier, inside);
  });
  const jobIn = async (documents: Documents, jobId: string) => {
    const found = await documents.find('job', jobId);
    return found && jobSchema.parse(found);
  };
  const fileIn = async (documents: Documents, fileId: string) => {
    const found = await documents.find('file', fileId);
    return found && fileSchema.parse(found);
  };

  return {
    id,
    now,
    newId: newEntryId,
    addFile: (file, content) => shelf.add('file', file.id, file, content),
    file: (fileId) => fileIn(shelf, fileId),
    content: (fileId) => shelf.content(fileId),
    listFiles: async (span) => (await shelf.list('file', span))?.map((found) => fileSchema.parse(found)) ?? null,
    deleteFile: (fileId) =>
      shelf.exclusively(async (inside) => {
        for (const found of await inside.jobsOn(fileId)) {
          const failed = withoutFile(jobSchema.parse(found), fileId, now());
          if (failed) await inside.replace('job', failed.id, failed);
        }
        return inside.remove('file', fileId);
      }),
    addJob: (fileIds, make) =>
      shelf.exclusively(async (inside) => {
        const files = new Map<string, LedgerFile>();
        for (const fileId of fileIds) {
          const file = await fileIn(inside, fileId);
          if (file) files.set(fileId, file);
        }
        const job = make((fileId) => files.get(fileId) ?? null);
        await inside.add('job', job.id, job);
        return job;
      }),
    job: (jobId) => jobIn(shelf, jobId),
    listJobs: async (span) => (await shelf.list('job', span))?.map((found) => jobSchema.parse(found)) ?? null,
    change: (jobId, make) =>
      shelf.exclusively(async (inside) => {
        const job = await jobIn(inside, jobId);
        if (!job) return null;
        const result = changed(job, make, now());
        if (result.changed) await inside.replace('job', jobId, result.job);
        return result;
      }),
  };
}

/** In the order they came. */
async function copy(from: Ledger, to: Documents): Promise<void> {
  for (const file of from.allFiles().toReversed()) {
    await to.add('file', file.id, file, from.content(file.id) ?? new Uint8Array());
  }
  for (const job of from.allJobs().toReversed()) await to.add('job', job.id, job satisfies LedgerJob);
}
