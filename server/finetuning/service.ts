// What goldtune can be asked to do, for each principal. Every transport goes through this.

import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditFilter, AuditPage } from './audit.ts';
import { bulkCancelsFor } from './bulk/bulk-cancels.ts';
import { createFinetuning } from './commands/create.ts';
import { deleteDbConnection } from './commands/delete-db-connection.ts';
import { type CancelRequest, cancelFinetuning, cancelFinetunings, deleteFinetuning } from './commands/stop.ts';
import { updateFinetuning } from './commands/update.ts';
import type { CreateInput as CreateConnection, UpdateInput as UpdateConnection } from './contract/db-connections.ts';
import type { CreateInput, UpdateInput } from './contract/finetunings.ts';
import type { NewGoldenRecord } from './contract/golden-records.ts';
import type { ProviderView } from './contract/providers.ts';
import type { Dependencies } from './dependencies.ts';
import { notFound } from './errors.ts';
import { addGoldenRecords } from './golden-records/add.ts';
import type { Keys } from './keys.ts';
import { readLogs } from './logs.ts';
import { newId } from './object-id.ts';
import type { NumberedPage, Page } from './paging.ts';
import type { Me, People } from './people.ts';
import { actorOf, type Principal } from './principal.ts';
import { viewProvider } from './provider-view.ts';
import type { Pursuit } from './pursue.ts';
import { createReachability } from './reachability.ts';
import type { DbConnection, Finetuning, RecordIds } from './record.ts';
import type { FinetuningFilter } from './store.ts';
import type { Watch } from './watch.ts';
import { webhookEndpointsFor } from './webhooks/endpoints.ts';

export type Service = ReturnType<ReturnType<typeof servicesOf>>;

/** @returns what makes the service of a principal; that costs nothing, and each request has its own. */
export function servicesOf(
  deps: Dependencies,
  pursuit: Pursuit,
  watch: Watch,
  accessFor: (principal: Principal) => { keys: Keys; people: People; me: () => Promise<Me> },
) {
  const reach = createReachability(deps);
  return (principal: Principal) => ({
    ...serviceOf(deps, pursuit, watch, reach, principal),
    ...accessFor(principal),
  });
}

function serviceOf(
  deps: Dependencies,
  pursuit: Pursuit,
  watch: Watch,
  reach: ReturnType<typeof createReachability>,
  principal: Principal,
) {
  const { store, clock, log } = deps;
  const { organization_id } = principal;
  const by = actorOf(principal);

  /** For an answer about one run: fifty thousand ids take their time. */
  const withRecords = async <T extends Finetuning>(finetuning: T): Promise<T & RecordIds> => ({
    ...finetuning,
    golden_records: await store.finetunings.recordIds(organization_id, finetuning.id),
  });

  return {
    finetunings: {
      create: (input: CreateInput, idempotencyKey: string | null) =>
        createFinetuning(deps, principal, input, idempotencyKey),
      get: async (id: string) => {
        const found = await store.finetunings.show(organization_id, id);
        if (!found) throw notFound('Finetuning', id);
        return found;
      },
      /**
       * With its records, for an answer about what is stored already: it does not fail for the ids, nor wait for them longer than
       * this; it has none where they did not come.
       */
      withRecordsWithin: async <T extends Finetuning & Partial<RecordIds>>(
        finetuning: T,
        within_ms: number,
      ): Promise<T & Partial<RecordIds>> => {
        if (finetuning.golden_records) return finetuning;
        const read = withRecords(finetuning).catch(() => finetuning);
        return Promise.race([read, sleep(Math.max(0, within_ms), finetuning, { ref: false })]);
      },
      list: async (filter: FinetuningFilter, page: Page) => {
        const { found, unreadable } = await store.finetunings.list(organization_id, filter, page);
        if (unreadable.length > 0)
          log.error({ finetunings: unreadable }, 'runs that cannot be read are left out of a list');
        return found;
      },
      update: (id: string, input: UpdateInput) => updateFinetuning(deps, principal, id, input),
      cancel: (id: string, request: CancelRequest) => cancelFinetuning(deps, pursuit, principal, id, request),
      cancelMany: (ids: readonly string[], request: CancelRequest) =>
        cancelFinetunings(deps, pursuit, principal, ids, request),
      delete: (id: string, wait_ms: number) => deleteFinetuning(deps, pursuit, principal, id, wait_ms),
      events: async (id: string, page: { limit: number; after: number }) => {
        const [head] = await store.finetunings.heads([id]);
        if (!head || head.isDeleted || head.organization_id !== organization_id) throw notFound('Finetuning', id);
        return store.finetunings.events(organization_id, id, page);
      },
      logs: (id: string, tail_bytes: number) => readLogs(deps, principal, id, tail_bytes),
      watch: (id: string, after: number, signal?: AbortSignal) => watch.open(principal, id, after, signal),
    },

    goldenRecords: {
      add: (input: readonly NewGoldenRecord[], signal?: AbortSignal) =>
        addGoldenRecords(deps, principal, input, signal),
      /** A hidden one too, so that what a run was trained on can be read. */
      get: async (id: string) => {
        const [found] = await store.goldenRecords.byIds(organization_id, null, [id], 'all');
        if (!found) throw notFound('Golden record', id);
        return found;
      },
      list: (filter: { db_connection_id?: string | undefined }, page: NumberedPage) =>
        store.goldenRecords.list(organization_id, filter, page),
      /** Hides it from new runs; the runs trained on it still resolve it. */
      delete: async (id: string) => {
        const hidden = await store.goldenRecords.hide(organization_id, id, clock(), by);
        if (!hidden) throw notFound('Golden record', id);
      },
    },

    dbConnections: {
      create: async (input: CreateConnection): Promise<DbConnection> => {
        const now = clock();
        const connection = {
          id: newId(),
          organization_id,
          ...input,
          metadata: input.metadata ?? null,
          created_at: now,
          updated_at: now,
        };
        await store.dbConnections.insert(connection, by);
        return connection;
      },
      get: async (id: string) => {
        const found = await store.dbConnections.find(organization_id, id);
        if (!found) throw notFound('Database connection', id);
        return found;
      },
      list: (page: Page) => store.dbConnections.list(organization_id, page),
      update: async (id: string, input: UpdateConnection) => {
        const updated = await store.dbConnections.update(organization_id, id, input, clock(), by);
        if (!updated) throw notFound('Database connection', id);
        return updated;
      },
      delete: (id: string) => deleteDbConnection(deps, principal, id),
    },

    bulkCancels: bulkCancelsFor(deps, principal),

    webhookEndpoints: webhookEndpointsFor(deps, principal),

    audit: {
      list: (filter: AuditFilter, page: AuditPage) => store.audit.list(organization_id, filter, page),
    },

    providers: {
      /** The standard one first; all are asked at once. */
      list: (): Promise<ProviderView[]> => {
        const { standard, all } = deps.providers;
        const inOrder = [standard, ...all.filter((other) => other !== standard)];
        return Promise.all(inOrder.map(async (provider) => viewProvider(provider, await reach(provider), deps)));
      },
    },
  };
}
