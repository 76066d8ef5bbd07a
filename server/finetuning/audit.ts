// What callers did, newest first: the events that come of somebody's request, and whose it was.
import type { Actor } from './lifecycle/actor.ts';
import type { EventType } from './lifecycle/event.ts';

/** Every type of what a caller can cause. */
export const causedTypes = [
  'created',
  'updated',
  'cancel_requested',
  'cancelled',
  'cancel_too_late',
  'delete_requested',
] as const satisfies EventType[];

export type AuditEntry = {
  about: { kind: 'finetuning'; id: string };
  /** The event of the run. */
  version: number;
  created_at: string;
  type: string;
  message: string;
  /** Null: what is stored cannot be read. */
  by: Actor | null;
};

export type AuditFilter = {
  finetuning_id?: string | undefined;
  /** Id of a key or a person. */
  by?: string | undefined;
  type?: (typeof causedTypes)[number] | undefined;
  /** From then on. */
  since?: string | undefined;
  /** Before then. */
  until?: string | undefined;
};

/** Where an entry stands in the list. */
export type AuditPlace = Pick<AuditEntry, 'created_at' | 'version'> & { of: string };
export type AuditPage = { limit: number; after?: AuditPlace | undefined };

export interface AuditStore {
  /** Newest first, as many as a page holds. None: there are no more. */
  list(organization_id: string, filter: AuditFilter, page: AuditPage): Promise<AuditEntry[]>;
}
