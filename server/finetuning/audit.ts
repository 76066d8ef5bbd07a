// What callers did, newest first, and whose request it was: the events of runs that come of one, and what was done to
// other things (acts.ts).
import type { Actor } from './lifecycle/actor.ts';
import type { EventType } from './lifecycle/event.ts';

/** Every type of what a caller can do to a run: it is in the run's events. */
export const causedTypes = [
  'created',
  'updated',
  'cancel_requested',
  'cancelled',
  'cancel_too_late',
  'delete_requested',
] as const satisfies EventType[];

/** Of what a caller can do to something else: it has an entry of its own. None is called as one of a run is. */
export const actTypes = [
  ...(['key_created', 'key_rotated', 'key_revoked'] as const),
  ...(['webhook_endpoint_created', 'webhook_endpoint_updated', 'webhook_secret_rotated'] as const),
  ...(['webhook_endpoint_deleted', 'webhook_redelivered'] as const),
  ...(['db_connection_created', 'db_connection_updated', 'db_connection_deleted'] as const),
  ...(['golden_records_added', 'golden_record_deleted'] as const),
  'bulk_cancel_started',
] as const;

export const actKinds = ['key', 'webhook_endpoint', 'db_connection', 'golden_record', 'bulk_cancel'] as const;

export const auditTypes = [...causedTypes, ...actTypes] as const;
export type AuditType = (typeof auditTypes)[number];

/** What somebody did to something else than a run, as it is kept. */
export type Act = {
  organization_id: string;
  type: (typeof actTypes)[number];
  about: { kind: (typeof actKinds)[number]; id: string };
  /** For people. It holds no secret, nor what may be one. */
  message: string;
  by: Actor;
  created_at: string;
};

export type AuditEntry = {
  /** A later version of goldtune may have written of others. */
  about: { kind: string; id: string };
  /** Id of the run whose event it is, or of the entry itself. */
  of: string;
  /** The event of the run; 0: it is none. */
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
  type?: AuditType | undefined;
  /** From then on. */
  since?: string | undefined;
  /** Before then. */
  until?: string | undefined;
};

/** Where an entry stands in the list. */
export type AuditPlace = Pick<AuditEntry, 'created_at' | 'of' | 'version'>;
export type AuditPage = { limit: number; after?: AuditPlace | undefined };

export interface AuditStore {
  /** Newest first, as many as a page holds. None: there are no more. */
  list(organization_id: string, filter: AuditFilter, page: AuditPage): Promise<AuditEntry[]>;
}
