// Generated from the server by `npm run generate`; not edited by hand.
import type { Mutation, Query, Subscription } from '../calls.ts';
import type { components } from './schemas.ts';

type Schemas = components['schemas'];

export interface FinetuningsProcedures {
  /** Starts a run on golden records. With an idempotency key, repeating the call answers with the run it made, marked `replayed`. */
  create: Mutation<Schemas['FinetuningsCreateInput'], Schemas['FinetuningsCreateOutput']>;
  /** The run as goldtune last recorded it; never asks the provider. Fails with not_found. */
  get: Query<Schemas['FinetuningsGetInput'], Schemas['Finetuning']>;
  /** Newest first, a page at a time, without the ids of their records: pass the last id as `after`, until a page is empty. */
  list: Query<Schemas['FinetuningsListInput'] | undefined, Schemas['FinetuningsListOutput']>;
  /** Changes alias or metadata; touches nothing else. */
  update: Mutation<Schemas['FinetuningsUpdateInput'], Schemas['Finetuning']>;
  /** Stops a run. The wish is stored before anything else and never lost; the answer says `cancelled` only once that is proven, else `cancellation.state` is `requested` and it goes on being pursued. Idempotent. Fails with already_succeeded or already_failed where it is too late. */
  cancel: Mutation<Schemas['FinetuningsCancelInput'], Schemas['FinetuningsCancelOutput']>;
  /** Cancels up to 100 runs: one answer an id, in order; one that cannot be cancelled does not keep the others from it. */
  cancelMany: Mutation<Schemas['FinetuningsCancelManyInput'], Schemas['FinetuningsCancelManyOutput']>;
  /** Stops many runs by one wish, which is kept as a record of its own before anything else: chosen by `ids`, by `where`, or `all`. With `dry_run` it only says what it would stop. With an idempotency key, repeating the call answers with the record it made, marked `replayed`. */
  bulkCancel: Mutation<Schemas['FinetuningsBulkCancelInput'], Schemas['FinetuningsBulkCancelOutput']>;
  /** Cancels, removes the training file at the provider, then forgets the run. `forgotten: false`: that is under way and will be finished. */
  delete: Mutation<Schemas['FinetuningsDeleteInput'], Schemas['FinetuningsDeleteOutput']>;
  /** What happened to a run, oldest first, a page at a time: pass the last id as `after`, until a page is empty. */
  events: Query<Schemas['FinetuningsEventsInput'], Schemas['FinetuningsEventsOutput']>;
  /** The end of what a run's trainer has printed, from its provider, as plain text. Fails with no_logs where there are none, in words that say why. */
  logs: Query<Schemas['FinetuningsLogsInput'], Schemas['Logs']>;
  /** The events of a run, each once and in order, until it has ended. Goes on after `lastEventId` when a connection was cut. */
  watch: Subscription<Schemas['FinetuningsWatchInput'], Schemas['FinetuningEvent']>;
}

export interface BulkCancelsProcedures {
  /** How far a bulk cancel is. Fails with not_found. */
  get: Query<Schemas['BulkCancelsGetInput'], Schemas['BulkCancel']>;
  /** Newest first, a page at a time: pass the last id as `after`, until a page is empty. */
  list: Query<Schemas['BulkCancelsListInput'] | undefined, Schemas['BulkCancelsListOutput']>;
  /** What has become of each run that it took in, newest first, a page at a time: pass the last id as `after`, until a page is empty. */
  runs: Query<Schemas['BulkCancelsRunsInput'], Schemas['BulkCancelsRunsOutput']>;
}

export interface GoldenRecordsProcedures {
  /** Adds up to 50,000 records, all or none. An exact duplicate comes back as the record that exists, marked `duplicate`; SQL that the parser of the dialect cannot read is kept and flagged in `warnings`. */
  add: Mutation<Schemas['GoldenRecordsAddInput'], Schemas['GoldenRecordsAddOutput']>;
  /** One golden record, a hidden one too, so that what a run was trained on can be read. Fails with not_found. */
  get: Query<Schemas['GoldenRecordsGetInput'], Schemas['GoldenRecord']>;
  /** Newest first, a page at a time: pass the last id as `after`, until a page is empty. */
  list: Query<Schemas['GoldenRecordsListInput'] | undefined, Schemas['GoldenRecordsListOutput']>;
  /** Hides a record from new runs; it can still be got by its id. */
  delete: Mutation<Schemas['GoldenRecordsDeleteInput'], Schemas['GoldenRecordsDeleteOutput']>;
}

export interface DbConnectionsProcedures {
  /** Adds a database connection: a name, a dialect and the schema text for the prompt. Takes no credentials. */
  create: Mutation<Schemas['CreateDbConnection'], Schemas['DbConnection']>;
  /** One database connection. Fails with not_found. */
  get: Query<Schemas['DbConnectionsGetInput'], Schemas['DbConnection']>;
  /** Newest first, a page at a time: pass the last id as `after`, until a page is empty. */
  list: Query<Schemas['DbConnectionsListInput'] | undefined, Schemas['DbConnectionsListOutput']>;
  /** Changes what is given. Runs already created keep the schema they had. */
  update: Mutation<Schemas['DbConnectionsUpdateInput'], Schemas['DbConnection']>;
  /** Deletes a database connection, its schema text included. Fails with in_use while a finetuning or a golden record of it is not deleted, and changes nothing. */
  delete: Mutation<Schemas['DbConnectionsDeleteInput'], Schemas['DbConnectionsDeleteOutput']>;
}

export interface WebhookEndpointsProcedures {
  /** Adds an endpoint that changes of runs are told to. The secret that signs them is answered this once. */
  create: Mutation<Schemas['CreateWebhookEndpoint'], Schemas['WebhookEndpointWithSecret']>;
  /** One endpoint. Fails with not_found. */
  get: Query<Schemas['WebhookEndpointsGetInput'], Schemas['WebhookEndpoint']>;
  /** Newest first, a page at a time: pass the last id as `after`, until a page is empty. */
  list: Query<Schemas['WebhookEndpointsListInput'] | undefined, Schemas['WebhookEndpointsListOutput']>;
  /** Changes what is given. What was written for it before is sent to the new address. */
  update: Mutation<Schemas['WebhookEndpointsUpdateInput'], Schemas['WebhookEndpoint']>;
  /** Makes a new secret, answered this once; the one before signs too for an overlap. */
  rotateSecret: Mutation<Schemas['WebhookEndpointsRotateSecretInput'], Schemas['WebhookEndpointWithSecret']>;
  /** Deletes an endpoint and its secrets. What waits for it is not sent. */
  delete: Mutation<Schemas['WebhookEndpointsDeleteInput'], Schemas['WebhookEndpointsDeleteOutput']>;
  /** Sends a test, signed and delivered as all others are; the log says what came of it. */
  ping: Mutation<Schemas['WebhookEndpointsPingInput'], Schemas['Delivery']>;
  /** The log of an endpoint, newest first, each with its last answer. */
  deliveries: Query<Schemas['WebhookEndpointsDeliveriesInput'], Schemas['WebhookEndpointsDeliveriesOutput']>;
  /** Sends a webhook again, under the same id, whatever came of it before. */
  redeliver: Mutation<Schemas['WebhookEndpointsRedeliverInput'], Schemas['Delivery']>;
}

export interface ProvidersProcedures {
  /** The providers that are configured, the standard one first: whether each answers, what it guarantees, and its models. */
  list: Query<Schemas['ProvidersListInput'] | undefined, Schemas['ProvidersListOutput']>;
}

export interface KeysProcedures {
  /** Makes an API key of this organization. Its text is in this answer and nowhere else: a call whose answer was lost may have made a key that nobody has, which can be seen in the list and revoked. Needs the scope admin. */
  create: Mutation<Schemas['CreateApiKey'], Schemas['MadeApiKey']>;
  /** Newest first, those that open nothing any more too, a page at a time: pass the last id as `after`, until a page is empty. Needs the scope admin. */
  list: Query<Schemas['KeysListInput'] | undefined, Schemas['KeysListOutput']>;
  /** Makes a key that may do the same for as long, and lets the old one open beside it for `overlap_ms`. Its text is in this answer and nowhere else. Fails with invalid where the old one opens nothing any more, or was replaced before. Needs the scope admin. */
  rotate: Mutation<Schemas['KeysRotateInput'], Schemas['RotatedApiKey']>;
  /** From now on the key opens nothing; in another process of the server it may for five seconds more. Idempotent. Needs the scope admin. */
  revoke: Mutation<Schemas['KeysRevokeInput'], Schemas['KeysRevokeOutput']>;
}

export interface PeopleProcedures {
  /** Who is in this organization, newest first, a page at a time: pass the last id as `after`, until a page is empty. Needs the scope admin. */
  list: Query<Schemas['PeopleListInput'] | undefined, Schemas['PeopleListOutput']>;
  /** Makes a link by which one person joins, within seven days; nothing is e-mailed. It stands in this answer and nowhere else, and takes the place of an open invitation of the same e-mail. With an OpenID provider, that e-mail joins by signing in there too. Fails with invalid where somebody with it is in the organization already. Needs the scope admin. */
  invite: Mutation<Schemas['Invite'], Schemas['MadeInvitation']>;
  /** Gives somebody another role, which counts from their next request on. Fails with invalid where no administrator would be left. Needs the scope admin. */
  setRole: Mutation<Schemas['PeopleSetRoleInput'], Schemas['Member']>;
  /** Takes somebody out of this organization: from now on no cookie of theirs opens anything here. Who is in no other is forgotten altogether. Keys that they have made stay: look for their name under `created_by`. Fails with invalid where no administrator would be left. Needs the scope admin. */
  remove: Mutation<Schemas['PeopleRemoveInput'], Schemas['PeopleRemoveOutput']>;
  /** Those that are open, newest first, a page at a time, as `list`. Needs the scope admin. */
  invitations: Query<Schemas['PeopleInvitationsInput'] | undefined, Schemas['PeopleInvitationsOutput']>;
  /** From now on its link opens nothing. Fails with not_found where it is open no more. Needs the scope admin. */
  revokeInvitation: Mutation<Schemas['PeopleRevokeInvitationInput'], Schemas['PeopleRevokeInvitationOutput']>;
}

export interface MeProcedures {
  /** Who the key or the cookie of this request stands for, where, and with which scopes. */
  get: Query<Schemas['MeGetInput'] | undefined, Schemas['Me']>;
}

export interface AuditProcedures {
  /** What callers did to runs, keys, webhook endpoints, database connections and golden records, and who: newest first, a page at a time: pass the last id as `after`, until a page is empty. Needs the scope admin. */
  list: Query<Schemas['AuditListInput'] | undefined, Schemas['AuditListOutput']>;
}

export interface Procedures {
  finetunings: FinetuningsProcedures;
  bulkCancels: BulkCancelsProcedures;
  goldenRecords: GoldenRecordsProcedures;
  dbConnections: DbConnectionsProcedures;
  webhookEndpoints: WebhookEndpointsProcedures;
  providers: ProvidersProcedures;
  keys: KeysProcedures;
  people: PeopleProcedures;
  me: MeProcedures;
  audit: AuditProcedures;
}
