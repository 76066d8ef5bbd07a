// A bulk cancel: many runs stopped by one wish, kept as a record of its own, and what has become of each of them.

import type { Actor } from '../lifecycle/actor.ts';
import type { Status } from '../lifecycle/state.ts';
import type { Page } from '../paging.ts';

/** How runs are chosen: these, or all that there are, or those that match each of the conditions. */
export type Choice = { by: 'ids'; ids: readonly string[] } | { by: 'all' } | { by: 'where'; where: Conditions };

export type Conditions = {
  status?: Status | undefined;
  db_connection_id?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
};

export type BulkCancel = {
  id: string;
  organization_id: string;
  chosen: { all: boolean; where: Record<string, string> | null };
  /** Runs that were made after it are not taken in. */
  as_of: string;
  reason: string | null;
  asked_by: Actor;
  created_at: string;
  /** Since then each of its runs has the wish; null: some are still to get it. */
  stored_at: string | null;
};

/**
 * `storing`: the run is still to get the wish. `unknown`: there was no such run. `unreadable`: its row holds what this version
 * does not understand, and it is asked again by the next process that starts.
 */
export const outcomes = ['storing', 'stopping', 'cancelled', 'too_late', 'deleted', 'unknown', 'unreadable'] as const;
export type Outcome = (typeof outcomes)[number];
export type Counts = Record<Outcome, number>;
export const none: Counts = {
  ...{ storing: 0, stopping: 0, cancelled: 0, too_late: 0 },
  ...{ deleted: 0, unknown: 0, unreadable: 0 },
};

/** What is known of a wish by itself: the run says the rest. */
export type WishState = 'asked' | 'unknown' | 'unreadable';

/** A run as it is told of here. */
export type ChosenRun = {
  id: string;
  alias: string | null;
  status: string;
  model_name: string;
  db_connection_id: string;
};

/** `runs`: newest first, the first hundred; `isMore`: they are more than `count`. */
export type Group = { count: number; isMore: boolean; runs: ChosenRun[] };
export type Preview = { to_cancel: Group; already_stopping: Group; past_stopping: Group };

/** Null but for the id: there is no such run, or it is not shown any more. */
export type BulkRun = { id: string; outcome: Outcome } & { [K in Exclude<keyof ChosenRun, 'id'>]: ChosenRun[K] | null };

/** Runs in one bulk cancel. */
export const MOST_RUNS = 100_000;

export interface BulkCancelStore {
  /** What a choice comes to at the moment, of those made until `as_of`; changes nothing. Null: whenever they were made. */
  preview(organization_id: string, choice: Choice, as_of: string | null): Promise<Preview>;
  /** When the newest run was made that a choice comes to and that has not ended; null: there is none. */
  newest(organization_id: string, choice: Choice): Promise<string | null>;
  /**
   * Keeps the wish with all the runs that it takes in, those that have not ended, in one transaction; unless the idempotency
   * key was used before. Of named runs each is kept. That it was begun is in the audit with it.
   * @param as_of runs made later are not taken in; null: all that there are
   */
  insert(
    bulk: BulkCancel,
    choice: Choice,
    as_of: string | null,
    idempotency: { key: string | null; request_hash: string },
  ): Promise<
    { kind: 'inserted' | 'existing'; bulk: BulkCancel; runs: number } | { kind: 'conflict' } | { kind: 'too_many' }
  >;
  find(organization_id: string, id: string): Promise<BulkCancel | null>;
  /** Newest first. */
  list(organization_id: string, page: Page): Promise<BulkCancel[]>;
  /** What has become of the runs of each. */
  counts(ids: readonly string[]): Promise<Map<string, Counts>>;
  /** Newest first. */
  runs(organization_id: string, id: string, page: Page): Promise<BulkRun[]>;
  /**
   * Of every organization, those of which some runs have no wish yet, oldest first: made before the first time, or, by a
   * clock that was set back since, after the second.
   */
  unstored(before: string, after: string): Promise<BulkCancel[]>;
  /** Runs that are still to get the wish, in order, after that one. */
  pending(id: string, limit: number, after: string): Promise<string[]>;
  /** What was settled before stays. */
  settle(id: string, wishes: ReadonlyMap<string, WishState>): Promise<void>;
  /** Where each run has the wish; else nothing. */
  finish(id: string, now: string): Promise<void>;
  /** What another version could not read is asked again. */
  retryUnreadable(): Promise<void>;
}
