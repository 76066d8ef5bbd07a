/// <reference lib="esnext.disposable" preserve="true" />
// The package's public face. The reference above spares those who check their dependencies' types an error in tRPC's.
export type { CallOptions, ConnectionState, Handlers, Mutation, Query, Reply, Subscription } from './calls.ts';
export { createClient, type GoldtuneClient } from './client.ts';
export { GoldtuneConnectionError } from './connection-error.ts';
export { type EachOptions, each } from './each.ts';
export { type GoldtuneError, GoldtuneTimeout, isGoldtuneError } from './errors.ts';
export type {
  AuditProcedures,
  DbConnectionsProcedures,
  FinetuningsProcedures,
  GoldenRecordsProcedures,
  KeysProcedures,
  Procedures,
  ProvidersProcedures,
  WebhookEndpointsProcedures,
} from './generated/procedures.ts';
export type {
  Actor,
  ApiKey,
  AppRouter,
  AuditEntry,
  Cancellation,
  DbConnection,
  Delivery,
  ErrorCode,
  ErrorData,
  Finetuning,
  FinetuningEvent,
  GoldenRecord,
  Provider,
  RouterInputs,
  RouterOutputs,
  WebhookEndpoint,
} from './generated/router.ts';
export type { ClientOptions } from './options.ts';
export type { CancelOptions, WaitOptions } from './wait.ts';
export type { WatchOptions } from './watch.ts';
