// The storage port: what the domain asks of the database. Each method is one transaction.

import type { AuditStore } from './audit.ts';
import type { BulkCancelStore } from './bulk/bulk-cancel.ts';
import type { Actor } from './lifecycle/actor.ts';
import type { DueRun } from './lifecycle/following.ts';
import type { Status } from './lifecycle/state.ts';
import type { Event, Transition } from './lifecycle/transition.ts';
import type { NumberedPage, Page } from './paging.ts';
import type { DbConnection, Finetuning, GoldenRecord, RecordIds, TimelineEvent, TrackedFinetuning } from './record.ts';
import type { WebhookStore } from './webhooks/store.ts';

export type FinetuningFilter = {
  db_connection_id?: string | undefined;
  status?: Status | undefined;
  model_name?: string | undefined;
};

/** What a look at a run that is watched needs to know. */
export type Head = {
  id: string;
  organization_id: string;
  /** Of the newest event. */
  version: number;
  /** It has ended: no event is waited for any more. */
  isOver: boolean;
  /** Forgotten, and so over too. */
  isDeleted: boolean;
};

/** Rows, and the ids of those that cannot be read: a status of a newer version is not guessed at. */
export type Readable<T> = { found: T[]; unreadable: string[] };

/** A create under an idempotency key. */
export type KeyedRequest = {
  key: string;
  request_hash: string;
  /** Whether what the key was used for before is this request. */
  isSame(used: { request_hash: string; provider_ledger: string }): boolean;
};

/** What reads a row of a finetuning rejects with DomainError `internal`, and says why, where it cannot be read. */
export interface FinetuningStore {
  /** Null where there is none in that organization, or it was deleted. With the ids of its records, where they are few. */
  find(organization_id: string, id: string): Promise<TrackedFinetuning | null>;
  /** For the worker, which serves every organization; also finds a deleted one. */
  findAny(id: string): Promise<TrackedFinetuning | null>;
  /** With the ids of its records, for who shows it. Null where there is none in that organization, or it was deleted. */
  show(organization_id: string, id: string): Promise<(Finetuning & RecordIds) | null>;
  /** Newest first, as many as a page holds (storage/page.ts). Nothing found: there are no more. */
  list(organization_id: string, filter: FinetuningFilter, page: Page): Promise<Readable<Finetuning>>;
  /**
   * Inserts, unless the idempotency key was used before: then the record it made.
   * `conflict`: the key was used for another request. `no_connection`: its database connection was deleted meanwhile.
   */
  insert(
    finetuning: Finetuning & RecordIds & { system_prompt: string },
    event: Event & { by: Actor },
    idempotency: KeyedRequest | null,
  ): Promise<
    { kind: 'inserted' | 'existing'; finetuning: Finetuning } | { kind: 'conflict' } | { kind: 'no_connection' }
  >;
  /** The record an idempotency key made before, if any. */
  findByKey(
    organization_id: string,
    idempotency: KeyedRequest,
  ): Promise<{ kind: 'existing'; finetuning: Finetuning } | { kind: 'conflict' } | null>;
  /** Writes a transition where the version is still `before`'s (compare-and-set); null: somebody else came first. */
  save(
    before: TrackedFinetuning,
    transition: Transition,
    now: string,
    /** Tell the queue, once it is written, that there is something to do; that is not waited for, and may be lost. */
    options?: { wake: boolean },
  ): Promise<TrackedFinetuning | null>;
  /** What has something to do, stops first and then the most overdue; what is due after `farthest` was stamped by a clock gone wrong. */
  due(now: string, farthest: string, limit: number): Promise<DueRun[]>;
  /**
   * Makes those due at that time that have the version still, and are due, as they are given; whatever has put them off
   * further meanwhile, they are due then at the latest. @returns their ids
   */
  schedule(runs: readonly Pick<DueRun, 'id' | 'version' | 'due_at'>[], due_at: string): Promise<string[]>;
  /**
   * Of every organization, the runs with that job at a provider that have not ended and whose timeline has no such event, as
   * of that version.
   */
  untold(job_id: string, event: Event): Promise<{ id: string; provider_ledger: string; version: number }[]>;
  /** Ids of runs that are not over, or are to be deleted, due since `due_at` or longer, and not said to lack a worker. */
  unattended(due_at: string, limit: number): Promise<string[]>;
  /** Makes due now all that is due later: the clock was set back, and nobody knows how long that would be. */
  hurry(now: string): Promise<void>;
  /** Those of the ids that exist, of every organization, forgotten ones too; for the janitor. */
  owners(ids: readonly string[]): Promise<Readable<Finetuning>>;
  /** What a run is trained on, in the order of its file. */
  recordIds(organization_id: string, id: string): Promise<string[]>;
  /** What `golden_records` and the connection's schema were made into; needed only for building the file. */
  systemPrompt(organization_id: string, id: string): Promise<string>;
  /** Those of the ids that exist, of every organization; one statement, so that a look at many runs costs as one. */
  heads(ids: readonly string[]): Promise<Head[]>;
  /** Oldest first, from the version after `after`, as many as a page holds. None: there are no more. */
  events(organization_id: string, id: string, page: { limit: number; after: number }): Promise<TimelineEvent[]>;
}

/** A transition of a run as it was read. `wake`: as for `save`. */
export type Change = { before: TrackedFinetuning; transition: Transition; wake: boolean };

/** What a stop needs, with an answer by the time that it was asked for: done, or `Unavailable`. */
export type StopStore = Pick<FinetuningStore, 'find' | 'findAny' | 'save'> & {
  /** Those of the ids that are there. Rejects where one of them cannot be read. */
  findMany(organization_id: string, ids: readonly string[]): Promise<TrackedFinetuning[]>;
  /**
   * As `save`, for many at once, as far as nothing stands in the way: a run that has moved on, that somebody holds, or whose
   * calls would change is left as it is. @returns those written, as they are: what comes before a failure is written
   */
  saveMany(changes: readonly Change[], now: string): AsyncIterable<TrackedFinetuning>;
};

/** What changes something for `by` is in the audit with it, here and in the stores below. */
export interface GoldenRecordStore {
  /**
   * All or none. An exact duplicate of a visible record is answered with that record, in the order given.
   * Null, and nothing is added: a database connection of theirs was deleted meanwhile.
   * @throws the reason of the signal, and nothing is added, where it comes before the end
   */
  add(
    organization_id: string,
    records: readonly GoldenRecord[],
    by: Actor,
    signal?: AbortSignal,
  ): Promise<GoldenRecord[] | null>;
  /** Newest first, hidden ones left out, as many as a page holds. None: there are no more. */
  list(
    organization_id: string,
    filter: { db_connection_id?: string | undefined },
    page: NumberedPage,
  ): Promise<GoldenRecord[]>;
  /** False where there is none. Runs trained on it keep it. */
  hide(organization_id: string, id: string, now: string, by: Actor): Promise<boolean>;
  /** Ids of a connection's visible records, oldest first. */
  idsOf(organization_id: string, db_connection_id: string): Promise<string[]>;
  /**
   * The records with these ids, in the order of the ids; unknown ones are left out. `all`: hidden ones too.
   * @param db_connection_id null: of any connection.
   */
  byIds(
    organization_id: string,
    db_connection_id: string | null,
    ids: readonly string[],
    which: 'visible' | 'all',
  ): Promise<GoldenRecord[]>;
}

export interface DbConnectionStore {
  insert(connection: DbConnection, by: Actor): Promise<void>;
  find(organization_id: string, id: string): Promise<DbConnection | null>;
  /** Newest first, as many as a page holds. None: there are no more. */
  list(organization_id: string, page: Page): Promise<DbConnection[]>;
  /** What changes nothing leaves the row as it is. Null where there is none. */
  update(
    organization_id: string,
    id: string,
    changes: Partial<Pick<DbConnection, 'alias' | 'dialect' | 'schema_sql' | 'metadata'>>,
    now: string,
    by: Actor,
  ): Promise<DbConnection | null>;
  /** Unless something uses it. What is created on it at the same moment either counts as such, or finds it gone. */
  delete(organization_id: string, id: string, now: string, by: Actor): Promise<Deletion>;
}

/** Of what uses a database connection: what is more than that is one more. */
export const MOST_COUNTED = 1000;

export type Deletion =
  | { kind: 'deleted' | 'unknown' }
  /** How many finetunings that are not deleted, and golden records that are not hidden, up to `MOST_COUNTED`. */
  | { kind: 'in_use'; finetunings: number; golden_records: number };

/** Cancels of jobs that no finetuning owns; every other call is written with its finetuning. */
export interface UnownedCancelStore {
  open(call: { id: string; job_id: string; now: string }): Promise<void>;
  answered(call: { id: string; state: 'done' | 'settled'; detail: string; now: string }): Promise<void>;
}

/** What is known of the processes that work. */
export interface WorkerStore {
  /** A worker has just looked for what is due. */
  seen(now: string): Promise<void>;
  /** When any did last; null: none ever. */
  lastSeen(): Promise<string | null>;
}

export interface Store {
  finetunings: FinetuningStore;
  /** On connections that nothing else uses. @param by a moment of `performance.now()` */
  stops(by: number): StopStore;
  workers: WorkerStore;
  goldenRecords: GoldenRecordStore;
  dbConnections: DbConnectionStore;
  unownedCancels: UnownedCancelStore;
  bulkCancels: BulkCancelStore;
  webhooks: WebhookStore;
  audit: AuditStore;
}
