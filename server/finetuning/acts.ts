// What callers do to other things than runs, as the audit keeps it: the entry of each act, with words for people. Pure.
//
// A new act: its type and what it is about go into `actTypes` and `actKinds` (audit.ts), its entry here, and the store that
// carries it out hands that to `writeActs` (storage/audit-entries.ts) in the transaction of the act.
import type { Act } from './audit.ts';
import type { BulkCancel } from './bulk/bulk-cancel.ts';
import type { ApiKey } from './keys.ts';
import type { Actor } from './lifecycle/actor.ts';
import type { DbConnection, GoldenRecord } from './record.ts';
import type { WebhookEndpoint } from './webhooks/store.ts';

type Done = { by: Actor; at: string };

const keyAct = (type: Act['type'], what: string, { id, organization_id, name }: ApiKey, { by, at }: Done): Act => ({
  ...{ organization_id, type, about: { kind: 'key', id } },
  message: `API key "${name}" ${what}.`,
  ...{ by, created_at: at },
});

export const keyCreated = (key: ApiKey, done: Done) =>
  keyAct('key_created', `made, with ${key.scopes.join(', ')}`, key, done);
/** @param old as it is after that */
export const keyRotated = (old: ApiKey, done: Done) =>
  keyAct('key_rotated', `replaced by ${old.replaced_by}; the old one opens until ${old.expires_at}`, old, done);
export const keyRevoked = (key: ApiKey, done: Done) => keyAct('key_revoked', 'revoked', key, done);

type Endpoint = Pick<WebhookEndpoint, 'id' | 'organization_id' | 'url'>;

/** Of the address the host alone: in many a path there is a secret. */
const endpointAct = (type: Act['type'], what: string, endpoint: Endpoint, { by, at }: Done): Act => ({
  ...{ organization_id: endpoint.organization_id, type, about: { kind: 'webhook_endpoint', id: endpoint.id } },
  message: `Webhook endpoint at ${URL.canParse(endpoint.url) ? new URL(endpoint.url).host : 'an address'} ${what}.`,
  ...{ by, created_at: at },
});

export const endpointCreated = (endpoint: Endpoint, done: Done) =>
  endpointAct('webhook_endpoint_created', 'made', endpoint, done);
/** @param fields whose value is another now */
export const endpointUpdated = (endpoint: Endpoint, fields: readonly string[], done: Done) =>
  endpointAct('webhook_endpoint_updated', `changed: ${fields.join(', ')}`, endpoint, done);
/** @param endpoint as it is after that */
export const endpointSecretRotated = (endpoint: Endpoint & Pick<WebhookEndpoint, 'previous_until'>, done: Done) =>
  endpointAct(
    'webhook_secret_rotated',
    `given another secret; the old one signs until ${endpoint.previous_until}`,
    endpoint,
    done,
  );
export const endpointDeleted = (endpoint: Endpoint, done: Done) =>
  endpointAct('webhook_endpoint_deleted', 'deleted', endpoint, done);
export const redelivered = (delivery_id: string, endpoint: Endpoint, done: Done) =>
  endpointAct('webhook_redelivered', `to be told again: delivery ${delivery_id}`, endpoint, done);

type Connection = Pick<DbConnection, 'id' | 'organization_id' | 'alias'>;

const connectionAct = (type: Act['type'], what: string, connection: Connection, { by, at }: Done): Act => ({
  ...{ organization_id: connection.organization_id, type, about: { kind: 'db_connection', id: connection.id } },
  message: `Database connection "${connection.alias}" ${what}.`,
  ...{ by, created_at: at },
});

export const connectionCreated = (connection: Connection, done: Done) =>
  connectionAct('db_connection_created', 'made', connection, done);
/** @param fields whose value is another now */
export const connectionUpdated = (connection: Connection, fields: readonly string[], done: Done) =>
  connectionAct('db_connection_updated', `changed: ${fields.join(', ')}`, connection, done);
export const connectionDeleted = (connection: Connection, done: Done) =>
  connectionAct('db_connection_deleted', 'deleted', connection, done);

/** An entry for each connection; none for one whose records were all there before. @param added new ones, of one organization */
export const recordsAdded = (added: readonly GoldenRecord[], { by, at }: Done): Act[] =>
  [...Map.groupBy(added, ({ db_connection_id }) => db_connection_id)].map(([id, { length, 0: first }]) => ({
    organization_id: first?.organization_id ?? '',
    type: 'golden_records_added',
    about: { kind: 'db_connection', id },
    message: `${counted(length, 'golden record')} added.`,
    ...{ by, created_at: at },
  }));

type Hidden = Pick<GoldenRecord, 'id' | 'organization_id' | 'db_connection_id'>;

export const recordDeleted = ({ id, organization_id, db_connection_id }: Hidden, { by, at }: Done): Act => ({
  ...{ organization_id, type: 'golden_record_deleted', about: { kind: 'golden_record', id } },
  message: `Golden record of database connection ${db_connection_id} deleted.`,
  ...{ by, created_at: at },
});

/** @param runs that it takes in */
export const bulkCancelStarted = ({ id, organization_id, asked_by, created_at }: BulkCancel, runs: number): Act => ({
  ...{ organization_id, type: 'bulk_cancel_started', about: { kind: 'bulk_cancel', id } },
  message: `Cancel of ${counted(runs, 'run')} begun.`,
  ...{ by: asked_by, created_at },
});

const counted = (count: number, what: string) => `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
