// What the sandbox remembers: its files and jobs, in a SQLite file that survives a restart.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FileObject } from 'openai/resources/files';
import type { FineTuningJob } from 'openai/resources/fine-tuning/jobs';
import { z } from 'zod';
import {
  type Changed,
  changed,
  fileSchema,
  jobSchema,
  type LedgerFile,
  type LedgerJob,
  newEntryId,
  withoutFile,
} from './entries.ts';
import type { FileOf, ServedLedger, Span } from './served-ledger.ts';
import { viewFile, viewJob } from './wire.ts';

const row = z.object({ document: z.string() });
const documentOf = (found: unknown): unknown => JSON.parse(row.parse(found).document);
const place = z.object({ position: z.number() });
/** As SQLite says that there is no limit. */
const ALL: Span = { after: null, limit: -1 };
const contentRow = z.object({ content: z.instanceof(Uint8Array) });
const identity = z.object({ id: z.string() });

const TABLES = `
  CREATE TABLE IF NOT EXISTS ledger (id TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS files (position INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, document TEXT NOT NULL, content BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS jobs (position INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, document TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS jobs_on_file ON jobs (document ->> 'training_file');
`;

/** Opens the ledger at a path, or ":memory:" for one that is forgotten. Several processes may share a path. */
export class Ledger implements ServedLedger {
  readonly #db: DatabaseSync;
  readonly #now: () => number;
  /** Stays the same for as long as the file exists. */
  readonly id: string;

  constructor(path: string, now: () => number = Date.now) {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    this.#db = new DatabaseSync(path, { timeout: 10_000 });
    this.#now = now;
    this.#db.exec('PRAGMA journal_mode = WAL');
    this.id = this.#write(() => {
      this.#db.exec(TABLES);
      this.#db.prepare('INSERT INTO ledger SELECT ? WHERE NOT EXISTS (SELECT 1 FROM ledger)').run(randomUUID());
      return identity.parse(this.#db.prepare('SELECT id FROM ledger').get()).id;
    });
  }

  close(): void {
    this.#db.close();
  }

  now(): number {
    return this.#now();
  }

  newId(prefix: 'file' | 'ftjob'): string {
    return newEntryId(prefix);
  }

  addFile(file: LedgerFile, content: Uint8Array): void {
    this.#db
      .prepare('INSERT INTO files (id, document, content) VALUES (?, ?, ?)')
      .run(file.id, JSON.stringify(file), content);
  }

  file(id: string): LedgerFile | null {
    const found = this.#db.prepare('SELECT document FROM files WHERE id = ?').get(id);
    return found ? fileSchema.parse(documentOf(found)) : null;
  }

  content(id: string): Uint8Array | null {
    const found = this.#db.prepare('SELECT content FROM files WHERE id = ?').get(id);
    return found ? contentRow.parse(found).content : null;
  }

  deleteFile(id: string): boolean {
    return this.#write(() => {
      const found = this.#db.prepare("SELECT document FROM jobs WHERE document ->> 'training_file' = ?").all(id);
      for (const one of found) {
        const failed = withoutFile(jobSchema.parse(documentOf(one)), id, this.now());
        if (failed) this.#store(failed);
      }
      return this.#db.prepare('DELETE FROM files WHERE id = ?').run(id).changes > 0;
    });
  }

  /** Newest first. */
  allFiles(): LedgerFile[] {
    return this.listFiles(ALL) ?? [];
  }

  listFiles(span: Span): LedgerFile[] | null {
    return this.#list('files', span)?.map((one) => fileSchema.parse(documentOf(one))) ?? null;
  }

  addJob(_fileIds: readonly string[], make: (fileOf: FileOf) => LedgerJob): LedgerJob {
    return this.#write(() => {
      const job = make((id) => this.file(id));
      this.#db.prepare('INSERT INTO jobs (id, document) VALUES (?, ?)').run(job.id, JSON.stringify(job));
      return job;
    });
  }

  job(id: string): LedgerJob | null {
    const found = this.#db.prepare('SELECT document FROM jobs WHERE id = ?').get(id);
    return found ? jobSchema.parse(documentOf(found)) : null;
  }

  /** Newest first. */
  allJobs(): LedgerJob[] {
    return this.listJobs(ALL) ?? [];
  }

  listJobs(span: Span): LedgerJob[] | null {
    return this.#list('jobs', span)?.map((one) => jobSchema.parse(documentOf(one))) ?? null;
  }

  change(id: string, make: (job: LedgerJob, now: number) => LedgerJob): Changed | null {
    return this.#write(() => {
      const job = this.job(id);
      if (!job) return null;
      const result = changed(job, make, this.now());
      if (result.changed) this.#store(result.job);
      return result;
    });
  }

  /** The jobs as the API shows them at this moment, newest first. */
  jobs(): FineTuningJob[] {
    const now = this.now();
    return this.allJobs().map((job) => viewJob(job, now));
  }

  /** The files as the API shows them, newest first. */
  files(): FileObject[] {
    return this.allFiles().map(viewFile);
  }

  /** Ends a job at once, as if the provider had. */
  finishNow(id: string, status: 'succeeded' | 'failed', error: string | null = null): void {
    this.#end(id, status, status === 'failed' ? (error ?? 'sandbox: ended as failed') : null);
  }

  /** Ends a job at once, as somebody at the provider's own console might. */
  cancelNow(id: string): void {
    this.#end(id, 'cancelled', null);
  }

  /** Skips validation; the time in the queue begins. */
  queueNow(id: string): void {
    this.change(id, (job, now) => {
      const { timeline } = job.course;
      const started_at = now + timeline.started_at - timeline.validated_at;
      return { ...job, course: { ...job.course, timeline: { ...timeline, validated_at: now, started_at } } };
    });
  }

  /** Skips validation and queue. */
  startRunningNow(id: string): void {
    this.change(id, (job, now) => {
      const timeline = { ...job.course.timeline, validated_at: now, started_at: now };
      return { ...job, course: { ...job.course, timeline } };
    });
  }

  /** Makes a job unknown to the API. */
  forgetJob(id: string): void {
    this.#db.prepare('DELETE FROM jobs WHERE id = ?').run(id);
  }

  #list(table: 'files' | 'jobs', { after, limit, ascending = false }: Span): unknown[] | null {
    const last = after === null ? null : this.#db.prepare(`SELECT position FROM ${table} WHERE id = ?`).get(after);
    if (last === undefined) return null;
    const start = last === null ? null : place.parse(last).position;
    const [order, follows] = ascending ? ['ASC', '>'] : ['DESC', '<'];
    const found = `SELECT document FROM ${table} WHERE ?1 IS NULL OR position ${follows} ?1 ORDER BY position ${order} LIMIT ?2`;
    return this.#db.prepare(found).all(start, limit);
  }

  #store(job: LedgerJob): void {
    this.#db.prepare('UPDATE jobs SET document = ? WHERE id = ?').run(JSON.stringify(job), job.id);
  }

  #end(id: string, status: 'succeeded' | 'failed' | 'cancelled', error: string | null): void {
    const found = this.change(id, (job, at) => ({ ...job, course: { ...job.course, ending: { status, at, error } } }));
    if (!found) throw new Error(`the sandbox has no job ${id}`);
  }

  #write<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}
