// Generated from the server by `npm run generate`; not edited by hand.
import type {
  inferRouterInputs,
  inferRouterOutputs,
  TRPCBuiltRouter,
  TRPCDefaultErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from '@trpc/server';
import type { components } from './schemas.ts';

type Schemas = components['schemas'];

/** Why a request was refused; docs/errors.md has the whole table. */
export type ErrorCode =
  /** There is no such path, finetuning, golden record, database connection, API key, person, invitation, bulk cancel, webhook endpoint or delivery, or it was deleted. */
  | 'not_found'
  /** There are no logs of the run: its provider shows none, is not configured any more, or has no job of it; the message says which. */
  | 'no_logs'
  /** A field is missing, not known, malformed or names something that cannot be served; `fields` says which and why. */
  | 'invalid'
  /** The path and the body of a cancel name different finetunings; nothing was cancelled. */
  | 'mismatch'
  /** It is too late to cancel: the run has succeeded. Over tRPC the error carries it, with its receipt. */
  | 'already_succeeded'
  /** It is too late to cancel: the run has failed. Over tRPC the error carries it, with its receipt. */
  | 'already_failed'
  /** The idempotency key was used for another request, or the run it made was deleted; take a new key. */
  | 'idempotency_conflict'
  /** The database connection is used by finetunings or golden records, as many as the message says, and nothing was deleted; delete those first. */
  | 'in_use'
  /** The request body is over the limit; send it in parts. */
  | 'too_large'
  /** The body came in a Content-Encoding that is not read, and `Accept-Encoding` names those that are; or over tRPC in another Content-Type than `application/json`. */
  | 'unsupported_encoding'
  /** This server needs an API key or the cookie of somebody who is signed in, and the request brought neither, a wrong one, or one that was revoked or has ended; of a webhook, its signature is none that fits, or is old. */
  | 'unauthorized'
  /** The Origin or Host is another: pages of this machine and of `ALLOWED_ORIGINS` are served, and without an API key this machine alone. A cookie opens to pages of `PUBLIC_URL` and of `ALLOWED_ORIGINS` alone, and each request by one says in `Origin` whose page it is. */
  | 'forbidden'
  /** The key or the person may not do this, and nothing was done: the message says which of the scopes `read`, `run`, `cancel` and `admin` they have, and which they lack. */
  | 'scope_missing'
  /** The path exists, but not with this method; `Allow` names those it has. */
  | 'method_not_allowed'
  /** More was asked for than is allowed to one caller: the message and `RateLimit-Policy` say what the limit is, `Retry-After` in how many seconds to come back. Cancels and deletes have a limit of their own, so that nobody is kept from one by other calls. */
  | 'rate_limited'
  /** The server is shutting down, its database cannot be reached, takes no writes or is too busy, as many streams of events are open as it holds, or the provider whose logs are asked for does not answer. A query, a cancel, or a create or bulk cancel with an idempotency key may be sent again a little later. */
  | 'unavailable'
  /** Something unexpected went wrong and was logged; where a run holds what cannot be read, the message says so. A query, a cancel, or a create or bulk cancel with an idempotency key may be sent again. */
  | 'internal';

/** The codes upon which the same request, sent again unchanged, may succeed. */
export const retryableCodes: readonly ErrorCode[] = ['rate_limited', 'unavailable', 'internal'];

type TooLate = 'already_succeeded' | 'already_failed';

export type ErrorData = TRPCDefaultErrorShape['data'] & {
  /** With `invalid`: which fields, and why. `loc` begins with the part of the request, as over REST: `body` of a mutation, `query` of a query. */
  fields: { loc: (string | number)[]; msg: string; type: string }[];
} & (
    | {
        /** goldtune's own code, finer than tRPC's `code`. */
        reason: TooLate;
        /** The finetuning as it is, its receipt included. */
        finetuning: Finetuning;
      }
    | { reason: Exclude<ErrorCode, TooLate>; finetuning: null }
  );

type Root = {
  ctx: object;
  meta: object;
  errorShape: TRPCDefaultErrorShape & { data: ErrorData };
  transformer: false;
};

export type AppRouter = TRPCBuiltRouter<
  Root,
  {
    finetunings: {
      /** Starts a run on golden records. With an idempotency key, repeating the call answers with the run it made, marked `replayed`. */
      create: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['FinetuningsCreateInput'];
        output: Schemas['FinetuningsCreateOutput'];
      }>;
      /** The run as goldtune last recorded it; never asks the provider. Fails with not_found. */
      get: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['FinetuningsGetInput'];
        output: Schemas['Finetuning'];
      }>;
      /** Newest first, a page at a time, without the ids of their records: pass the last id as `after`, until a page is empty. */
      list: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['FinetuningsListInput'] | undefined;
        output: Schemas['FinetuningsListOutput'];
      }>;
      /** Changes alias or metadata; touches nothing else. */
      update: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['FinetuningsUpdateInput'];
        output: Schemas['Finetuning'];
      }>;
      /** Stops a run. The wish is stored before anything else and never lost; the answer says `cancelled` only once that is proven, else `cancellation.state` is `requested` and it goes on being pursued. Idempotent. Fails with already_succeeded or already_failed where it is too late. */
      cancel: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['FinetuningsCancelInput'];
        output: Schemas['FinetuningsCancelOutput'];
      }>;
      /** Cancels up to 100 runs: one answer an id, in order; one that cannot be cancelled does not keep the others from it. */
      cancelMany: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['FinetuningsCancelManyInput'];
        output: Schemas['FinetuningsCancelManyOutput'];
      }>;
      /** Stops many runs by one wish, which is kept as a record of its own before anything else: chosen by `ids`, by `where`, or `all`. With `dry_run` it only says what it would stop. With an idempotency key, repeating the call answers with the record it made, marked `replayed`. */
      bulkCancel: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['FinetuningsBulkCancelInput'];
        output: Schemas['FinetuningsBulkCancelOutput'];
      }>;
      /** Cancels, removes the training file at the provider, then forgets the run. `forgotten: false`: that is under way and will be finished. */
      delete: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['FinetuningsDeleteInput'];
        output: Schemas['FinetuningsDeleteOutput'];
      }>;
      /** What happened to a run, oldest first, a page at a time: pass the last id as `after`, until a page is empty. */
      events: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['FinetuningsEventsInput'];
        output: Schemas['FinetuningsEventsOutput'];
      }>;
      /** The end of what a run's trainer has printed, from its provider, as plain text. Fails with no_logs where there are none, in words that say why. */
      logs: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['FinetuningsLogsInput'];
        output: Schemas['Logs'];
      }>;
      /** The events of a run, each once and in order, until it has ended. Goes on after `lastEventId` when a connection was cut. */
      watch: TRPCSubscriptionProcedure<{
        meta: unknown;
        input: Schemas['FinetuningsWatchInput'];
        output: AsyncIterable<{ id: string; data: Schemas['FinetuningEvent'] }, void, unknown>;
      }>;
    };
    bulkCancels: {
      /** How far a bulk cancel is. Fails with not_found. */
      get: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['BulkCancelsGetInput'];
        output: Schemas['BulkCancel'];
      }>;
      /** Newest first, a page at a time: pass the last id as `after`, until a page is empty. */
      list: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['BulkCancelsListInput'] | undefined;
        output: Schemas['BulkCancelsListOutput'];
      }>;
      /** What has become of each run that it took in, newest first, a page at a time: pass the last id as `after`, until a page is empty. */
      runs: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['BulkCancelsRunsInput'];
        output: Schemas['BulkCancelsRunsOutput'];
      }>;
    };
    goldenRecords: {
      /** Adds up to 50,000 records, all or none. An exact duplicate comes back as the record that exists, marked `duplicate`; SQL that the parser of the dialect cannot read is kept and flagged in `warnings`. */
      add: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['GoldenRecordsAddInput'];
        output: Schemas['GoldenRecordsAddOutput'];
      }>;
      /** One golden record, a hidden one too, so that what a run was trained on can be read. Fails with not_found. */
      get: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['GoldenRecordsGetInput'];
        output: Schemas['GoldenRecord'];
      }>;
      /** Newest first, a page at a time: pass the last id as `after`, until a page is empty. */
      list: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['GoldenRecordsListInput'] | undefined;
        output: Schemas['GoldenRecordsListOutput'];
      }>;
      /** Hides a record from new runs; it can still be got by its id. */
      delete: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['GoldenRecordsDeleteInput'];
        output: Schemas['GoldenRecordsDeleteOutput'];
      }>;
    };
    dbConnections: {
      /** Adds a database connection: a name, a dialect and the schema text for the prompt. Takes no credentials. */
      create: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['CreateDbConnection'];
        output: Schemas['DbConnection'];
      }>;
      /** One database connection. Fails with not_found. */
      get: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['DbConnectionsGetInput'];
        output: Schemas['DbConnection'];
      }>;
      /** Newest first, a page at a time: pass the last id as `after`, until a page is empty. */
      list: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['DbConnectionsListInput'] | undefined;
        output: Schemas['DbConnectionsListOutput'];
      }>;
      /** Changes what is given. Runs already created keep the schema they had. */
      update: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['DbConnectionsUpdateInput'];
        output: Schemas['DbConnection'];
      }>;
      /** Deletes a database connection, its schema text included. Fails with in_use while a finetuning or a golden record of it is not deleted, and changes nothing. */
      delete: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['DbConnectionsDeleteInput'];
        output: Schemas['DbConnectionsDeleteOutput'];
      }>;
    };
    webhookEndpoints: {
      /** Adds an endpoint that changes of runs are told to. The secret that signs them is answered this once. */
      create: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['CreateWebhookEndpoint'];
        output: Schemas['WebhookEndpointWithSecret'];
      }>;
      /** One endpoint. Fails with not_found. */
      get: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['WebhookEndpointsGetInput'];
        output: Schemas['WebhookEndpoint'];
      }>;
      /** Newest first, a page at a time: pass the last id as `after`, until a page is empty. */
      list: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['WebhookEndpointsListInput'] | undefined;
        output: Schemas['WebhookEndpointsListOutput'];
      }>;
      /** Changes what is given. What was written for it before is sent to the new address. */
      update: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['WebhookEndpointsUpdateInput'];
        output: Schemas['WebhookEndpoint'];
      }>;
      /** Makes a new secret, answered this once; the one before signs too for an overlap. */
      rotateSecret: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['WebhookEndpointsRotateSecretInput'];
        output: Schemas['WebhookEndpointWithSecret'];
      }>;
      /** Deletes an endpoint and its secrets. What waits for it is not sent. */
      delete: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['WebhookEndpointsDeleteInput'];
        output: Schemas['WebhookEndpointsDeleteOutput'];
      }>;
      /** Sends a test, signed and delivered as all others are; the log says what came of it. */
      ping: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['WebhookEndpointsPingInput'];
        output: Schemas['Delivery'];
      }>;
      /** The log of an endpoint, newest first, each with its last answer. */
      deliveries: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['WebhookEndpointsDeliveriesInput'];
        output: Schemas['WebhookEndpointsDeliveriesOutput'];
      }>;
      /** Sends a webhook again, under the same id, whatever came of it before. */
      redeliver: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['WebhookEndpointsRedeliverInput'];
        output: Schemas['Delivery'];
      }>;
    };
    providers: {
      /** The providers that are configured, the standard one first: whether each answers, what it guarantees, and its models. */
      list: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['ProvidersListInput'] | undefined;
        output: Schemas['ProvidersListOutput'];
      }>;
    };
    keys: {
      /** Makes an API key of this organization. Its text is in this answer and nowhere else: a call whose answer was lost may have made a key that nobody has, which can be seen in the list and revoked. Needs the scope admin. */
      create: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['CreateApiKey'];
        output: Schemas['MadeApiKey'];
      }>;
      /** Newest first, those that open nothing any more too, a page at a time: pass the last id as `after`, until a page is empty. Needs the scope admin. */
      list: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['KeysListInput'] | undefined;
        output: Schemas['KeysListOutput'];
      }>;
      /** Makes a key that may do the same for as long, and lets the old one open beside it for `overlap_ms`. Its text is in this answer and nowhere else. Fails with invalid where the old one opens nothing any more, or was replaced before. Needs the scope admin. */
      rotate: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['KeysRotateInput'];
        output: Schemas['RotatedApiKey'];
      }>;
      /** From now on the key opens nothing; in another process of the server it may for five seconds more. Idempotent. Needs the scope admin. */
      revoke: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['KeysRevokeInput'];
        output: Schemas['KeysRevokeOutput'];
      }>;
    };
    people: {
      /** Who is in this organization, newest first, a page at a time: pass the last id as `after`, until a page is empty. Needs the scope admin. */
      list: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['PeopleListInput'] | undefined;
        output: Schemas['PeopleListOutput'];
      }>;
      /** Makes a link by which one person joins, within seven days; nothing is e-mailed. It stands in this answer and nowhere else, and takes the place of an open invitation of the same e-mail. With an OpenID provider, that e-mail joins by signing in there too. Fails with invalid where somebody with it is in the organization already. Needs the scope admin. */
      invite: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['Invite'];
        output: Schemas['MadeInvitation'];
      }>;
      /** Gives somebody another role, which counts from their next request on. Fails with invalid where no administrator would be left. Needs the scope admin. */
      setRole: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['PeopleSetRoleInput'];
        output: Schemas['Member'];
      }>;
      /** Takes somebody out of this organization: from now on no cookie of theirs opens anything here. Who is in no other is forgotten altogether. Keys that they have made stay: look for their name under `created_by`. Fails with invalid where no administrator would be left. Needs the scope admin. */
      remove: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['PeopleRemoveInput'];
        output: Schemas['PeopleRemoveOutput'];
      }>;
      /** Those that are open, newest first, a page at a time, as `list`. Needs the scope admin. */
      invitations: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['PeopleInvitationsInput'] | undefined;
        output: Schemas['PeopleInvitationsOutput'];
      }>;
      /** From now on its link opens nothing. Fails with not_found where it is open no more. Needs the scope admin. */
      revokeInvitation: TRPCMutationProcedure<{
        meta: unknown;
        input: Schemas['PeopleRevokeInvitationInput'];
        output: Schemas['PeopleRevokeInvitationOutput'];
      }>;
    };
    me: {
      /** Who the key or the cookie of this request stands for, where, and with which scopes. */
      get: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['MeGetInput'] | undefined;
        output: Schemas['Me'];
      }>;
    };
    audit: {
      /** What callers did to runs, keys, webhook endpoints, database connections and golden records, and who: newest first, a page at a time: pass the last id as `after`, until a page is empty. Needs the scope admin. */
      list: TRPCQueryProcedure<{
        meta: unknown;
        input: Schemas['AuditListInput'] | undefined;
        output: Schemas['AuditListOutput'];
      }>;
    };
  }
>;

export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

/** A run: what it is trained on, how far it has got, and what is known about its cancel. */
export type Finetuning = Schemas['Finetuning'];
/** The receipt of a cancel. */
export type Cancellation = Schemas['Cancellation'];
export type FinetuningEvent = Schemas['FinetuningEvent'];
/** Who asked for something, with what, and from where. */
export type Actor = Schemas['Actor'];
/** What somebody did, and when. */
export type AuditEntry = Schemas['AuditEntry'];
export type GoldenRecord = Schemas['GoldenRecord'];
export type DbConnection = Schemas['DbConnection'];
/** Many runs stopped by one wish, and how far that is. */
export type BulkCancel = Schemas['BulkCancel'];
export type BulkCancelPreview = Schemas['BulkCancelPreview'];
export type BulkCancelRun = Schemas['BulkCancelRun'];
/** A key of the organization, without what opens. */
export type ApiKey = Schemas['ApiKey'];
/** Where changes of runs are told. */
export type WebhookEndpoint = Schemas['WebhookEndpoint'];
/** What was told to one of them, and what came of it. */
export type Delivery = Schemas['Delivery'];
/** Somebody who is in the organization. */
export type Member = Schemas['Member'];
/** An invitation that is open, without the link. */
export type Invitation = Schemas['Invitation'];
/** Who trains, as it is configured. */
export type Provider = Schemas['Provider'];
