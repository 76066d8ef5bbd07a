// What webhooks out ask of the database: the endpoints and their log, and what the delivery reads and writes.
import type { Actor } from '../lifecycle/actor.ts';
import type { Page } from '../paging.ts';
import type { WebhookType } from './kinds.ts';

export type WebhookEndpoint = {
  id: string;
  organization_id: string;
  url: string;
  description: string | null;
  /** Null: all, also those that come with a later version. */
  types: readonly string[] | null;
  enabled: boolean;
  /** Why it was disabled by itself. */
  disabled_reason: string | null;
  secret: string;
  /** Signs too, until then. */
  previous_secret: string | null;
  previous_until: string | null;
  created_at: string;
  updated_at: string;
};

export type EndpointChanges = Partial<
  Pick<
    WebhookEndpoint,
    'url' | 'description' | 'enabled' | 'disabled_reason' | 'secret' | 'previous_secret' | 'previous_until'
  > & { types: readonly WebhookType[] | null }
>;

export type Delivery = {
  id: string;
  organization_id: string;
  endpoint_id: string;
  /** Null: a ping. */
  finetuning_id: string | null;
  /** Of the run as it is told. */
  version: number;
  type: string;
  state: 'watching' | 'void' | 'pending' | 'delivered' | 'given_up';
  /** Since it was made, or asked for by hand. */
  attempts: number;
  due_at: string;
  created_at: string;
  last_attempt_at: string | null;
  last_duration_ms: number | null;
  last_status: number | null;
  last_answer: string | null;
  last_error: string | null;
};

/** What changes something for `by` is in the audit with it. */
export interface WebhookStore {
  /** False, and nothing is stored, where there are as many already. */
  insert(endpoint: WebhookEndpoint, most: number, by: Actor): Promise<boolean>;
  find(organization_id: string, id: string): Promise<WebhookEndpoint | null>;
  /** Newest first. */
  list(organization_id: string, page: Page): Promise<WebhookEndpoint[]>;
  /** What changes nothing leaves the row as it is. Null where there is none. */
  update(
    organization_id: string,
    id: string,
    changes: EndpointChanges,
    now: string,
    by: Actor,
  ): Promise<WebhookEndpoint | null>;
  /** Replaces the secret; the one before signs too until then. Null where there is none. */
  rotate(
    organization_id: string,
    id: string,
    next: { secret: string; previous_until: string },
    now: string,
    by: Actor,
  ): Promise<WebhookEndpoint | null>;
  /** What waits for it is not sent. False where there is none. */
  delete(organization_id: string, id: string, now: string, by: Actor): Promise<boolean>;
  /** Written like the others, due at once. Null where there is no such endpoint. */
  ping(organization_id: string, endpoint_id: string, now: string): Promise<Delivery | null>;
  /** The log, newest first. */
  deliveries(organization_id: string, endpoint_id: string, page: Page): Promise<Delivery[]>;
  /** Makes it due at once, and counts its attempts anew. Null where there is none. */
  redeliver(organization_id: string, endpoint_id: string, id: string, now: string, by: Actor): Promise<Delivery | null>;
}

/** The first of its lane: what comes after it waits for it. */
export type Head = { id: string; endpoint_id: string; lane: string; due_at: string };

/** Taken by one process until `due_at`, with all that is needed to send it. */
export type Claimed = Delivery & {
  lane: string;
  url: string;
  secret: string;
  previous_secret: string | null;
  previous_until: string | null;
  /** Of the run as of that version, as its events say; null: of no run. */
  run_state: unknown;
  told_at: string;
};

/** What came of an attempt. */
export type Settled = {
  state: 'pending' | 'delivered' | 'given_up';
  due_at: string;
  last_attempt_at: string;
  last_duration_ms: number;
  last_status: number | null;
  last_answer: string | null;
  last_error: string | null;
};

export interface OutboxStore {
  /** Waits that have lasted long enough are to be told now, as their runs are now; those that are over never are. */
  promote(now: string): Promise<void>;
  /** First of the lanes that have something due, at most so many of an endpoint. */
  due(now: string, of_each: number): Promise<Head[]>;
  /** All of a lane waits for its first. */
  putOff(head: Head): Promise<void>;
  /** Null: it has been taken by another, or its endpoint is gone or disabled. */
  claim(head: Head, until: string): Promise<Claimed | null>;
  /** As if it had not been claimed. */
  release(claimed: Claimed, now: string): Promise<void>;
  /** @returns what comes next in the lane, due now, unless this one is still pending */
  settle(claimed: Claimed, settled: Settled): Promise<Head | null>;
  /** What waits for endpoints that were deleted since then is sent no more. @returns how many, at most that */
  drop(since: string, now: string, most: number): Promise<number>;
  /** Removes what was done before then. @returns how many, at most that */
  forget(before: string, most: number): Promise<number>;
  /** By itself, for what its receiver said. */
  disable(at: Pick<Claimed, 'endpoint_id' | 'url'>, reason: string, now: string): Promise<void>;
}
