// What the sandbox's API asks of a ledger, wherever that is kept: in a file, or where several processes share it.
import type { Changed, LedgerFile, LedgerJob } from './entries.ts';

export type Soon<T> = T | Promise<T>;
export type FileOf = (id: string) => LedgerFile | null;

/** What follows the entry of that id, or all from the newest on; the other way round where `ascending`. */
export type Span = { after: string | null; limit: number; ascending?: boolean };

export type ServedLedger = {
  /** Milliseconds since 1970. */
  now(): number;
  newId(prefix: 'file' | 'ftjob'): string;
  addFile(file: LedgerFile, content: Uint8Array): Soon<void>;
  file(id: string): Soon<LedgerFile | null>;
  content(id: string): Soon<Uint8Array | null>;
  /** A job that is still being validated needs it, and fails. False where there was none. */
  deleteFile(id: string): Soon<boolean>;
  /** Null where there is none of the id that it begins after. */
  listFiles(span: Span): Soon<LedgerFile[] | null>;
  /** `make` sees these files in the same transaction, so that a delete is a fence; nothing is added where it throws. */
  addJob(fileIds: readonly string[], make: (fileOf: FileOf) => LedgerJob): Soon<LedgerJob>;
  job(id: string): Soon<LedgerJob | null>;
  /** Null where there is none of the id that it begins after. */
  listJobs(span: Span): Soon<LedgerJob[] | null>;
  /** Changes a job that has not ended. @returns the job, and whether it was changed; null where there is none. */
  change(id: string, make: (job: LedgerJob, now: number) => LedgerJob): Soon<Changed | null>;
};
