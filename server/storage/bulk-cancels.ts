// Bulk cancels: which runs a choice comes to, the record of one, and what has become of its runs.
import { and, asc, desc, eq, getTableColumns, inArray, isNotNull, isNull, lt, lte, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { bulkCancelRuns, bulkCancels } from '../../drizzle/bulk-cancels.ts';
import { finetunings } from '../../drizzle/schema.ts';
import {
  type BulkCancel,
  type BulkCancelStore,
  type Choice,
  type Counts,
  type Group,
  MOST_RUNS,
  outcomes,
} from '../finetuning/bulk/bulk-cancel.ts';
import { isTerminal, statuses } from '../finetuning/lifecycle/state.ts';
import type { Database } from './database.ts';
import { listedId } from './page.ts';

const { idempotency_key: _, request_hash: _hash, ...columns } = getTableColumns(bulkCancels);
const { id, alias, status, model_name, db_connection_id } = finetunings;
const told = { id, alias, status, model_name, db_connection_id };

const active = statuses.filter((each) => !isTerminal(each));
const ended = statuses.filter(isTerminal);

/** Shown of a group, and counted of one that has no end. */
const SHOWN = 100;
const MOST_COUNTED = 1000;

const countRows = z.array(z.object({ outcome: z.enum(outcomes), count: z.coerce.number() }));
/** What has become of a run, by its wish and its row. */
const OUTCOME = sql`case
  when ${bulkCancelRuns.wish} is null then 'storing'
  when ${bulkCancelRuns.wish} <> 'asked' then ${bulkCancelRuns.wish}
  when ${finetunings.status} = 'cancelled' then 'cancelled'
  when ${finetunings.status} in ('succeeded', 'failed') then 'too_late'
  when ${finetunings.deleted_at} is not null or ${finetunings.id} is null then 'deleted'
  else 'stopping' end`;

export function bulkCancelStore(db: Database): BulkCancelStore {
  const find = async (
    tx: Database,
    where: SQL | undefined,
  ): Promise<(BulkCancel & { request_hash: string }) | null> => {
    const [row] = await tx
      .select({ ...columns, request_hash: bulkCancels.request_hash })
      .from(bulkCancels)
      .where(where);
    return row ?? null;
  };

  async function group(matching: SQL | undefined, most: number): Promise<Group> {
    const counted = await db.$count(
      db
        .select({ id })
        .from(finetunings)
        .where(matching)
        .limit(most + 1)
        .as('found'),
    );
    const runs = await db
      .select(told)
      .from(finetunings)
      .where(matching)
      .orderBy(desc(listedId(id)))
      .limit(SHOWN);
    return { count: Math.min(counted, most), isMore: counted > most, runs };
  }

  return {
    async preview(organization_id, choice, as_of) {
      const matching = matches(organization_id, choice, as_of);
      const isAsked = isNotNull(finetunings.cancel_requested_at);
      const isActive = inArray(status, active);
      return {
        to_cancel: await group(and(matching, isActive, isNull(finetunings.cancel_requested_at)), MOST_RUNS),
        already_stopping: await group(and(matching, isActive, isAsked), MOST_RUNS),
        past_stopping: await group(and(matching, inArray(status, ended)), MOST_COUNTED),
      };
    },

    insert: (bulk, choice, { key, request_hash }) =>
      db
        .transaction(async (tx) => {
          const { organization_id } = bulk;
          const made = await tx
            .insert(bulkCancels)
            .values({ ...bulk, idempotency_key: key, request_hash })
            // Waits for a concurrent request with the same key to commit or fail.
            .onConflictDoNothing()
            .returning({ id: bulkCancels.id });
          if (made.length === 0) {
            const ofKey = and(
              eq(bulkCancels.organization_id, organization_id),
              eq(bulkCancels.idempotency_key, key ?? ''),
            );
            const existing = await find(tx, ofKey);
            if (existing?.request_hash !== request_hash) return { kind: 'conflict' as const };
            return { kind: 'existing' as const, bulk: existing };
          }
          const taken =
            choice.by === 'ids'
              ? sql`select ${bulk.id}, id, ${organization_id} from (select distinct unnest(${sql.param(choice.ids)}::text[]) as id) as named`
              : sql`select ${bulk.id}, id, ${organization_id} from ${finetunings}
                where ${and(matches(organization_id, choice, bulk.as_of), inArray(status, active))} limit ${MOST_RUNS + 1}`;
          await tx.execute(
            sql`insert into ${bulkCancelRuns} (bulk_cancel_id, finetuning_id, organization_id) ${taken}`,
          );
          const count = await tx.$count(bulkCancelRuns, eq(bulkCancelRuns.bulk_cancel_id, bulk.id));
          if (count > MOST_RUNS) throw new TooMany();
          return { kind: 'inserted' as const, bulk };
        })
        .catch((error: unknown) => {
          if (error instanceof TooMany) return { kind: 'too_many' as const };
          throw error;
        }),

    find: (organization_id, wanted) =>
      find(db, and(eq(bulkCancels.id, wanted), eq(bulkCancels.organization_id, organization_id))),

    list: (organization_id, { after, limit }) =>
      db
        .select(columns)
        .from(bulkCancels)
        .where(
          and(
            eq(bulkCancels.organization_id, organization_id),
            after === undefined ? undefined : lt(listedId(bulkCancels.id), after),
          ),
        )
        .orderBy(desc(listedId(bulkCancels.id)))
        .limit(limit),

    async counts(bulk) {
      const found = await db
        .select({ outcome: OUTCOME, count: sql`count(*)` })
        .from(bulkCancelRuns)
        .leftJoin(finetunings, isOfRun)
        .where(eq(bulkCancelRuns.bulk_cancel_id, bulk))
        .groupBy(OUTCOME);
      const counts: Counts = {
        storing: 0,
        stopping: 0,
        cancelled: 0,
        too_late: 0,
        deleted: 0,
        unknown: 0,
        unreadable: 0,
      };
      for (const { outcome, count } of countRows.parse(found)) counts[outcome] = count;
      return counts;
    },

    async runs(organization_id, bulk, { after, limit }) {
      const named = listedId(bulkCancelRuns.finetuning_id);
      const rows = await db
        .select({
          ...told,
          named: bulkCancelRuns.finetuning_id,
          outcome: outcomeOf,
          deleted_at: finetunings.deleted_at,
        })
        .from(bulkCancelRuns)
        .leftJoin(finetunings, isOfRun)
        .where(
          and(
            eq(bulkCancelRuns.bulk_cancel_id, bulk),
            eq(bulkCancelRuns.organization_id, organization_id),
            after === undefined ? undefined : lt(named, after),
          ),
        )
        .orderBy(desc(named))
        .limit(limit);
      return rows.map(({ named: id, deleted_at, ...run }) =>
        deleted_at === null ? { ...run, id } : { ...forgotten, id, outcome: run.outcome },
      );
    },

    unstored: (created_before) =>
      db
        .select(columns)
        .from(bulkCancels)
        .where(and(isNull(bulkCancels.stored_at), lte(bulkCancels.created_at, created_before)))
        .orderBy(asc(bulkCancels.id)),

    async pending(bulk, limit) {
      const rows = await db
        .select({ id: bulkCancelRuns.finetuning_id })
        .from(bulkCancelRuns)
        .where(and(eq(bulkCancelRuns.bulk_cancel_id, bulk), isNull(bulkCancelRuns.wish)))
        .limit(limit);
      return rows.map((row) => row.id);
    },

    async settle(bulk, wishes) {
      for (const [wish, entries] of Map.groupBy(wishes, ([, each]) => each)) {
        await db
          .update(bulkCancelRuns)
          .set({ wish })
          .where(
            and(
              eq(bulkCancelRuns.bulk_cancel_id, bulk),
              sql`${bulkCancelRuns.finetuning_id} = any (${sql.param(entries.map(([each]) => each))}::text[])`,
            ),
          );
      }
    },

    async finish(bulk, now) {
      const isOpen = and(eq(bulkCancelRuns.bulk_cancel_id, bulk), isNull(bulkCancelRuns.wish));
      await db
        .update(bulkCancels)
        .set({ stored_at: now })
        .where(
          and(
            eq(bulkCancels.id, bulk),
            isNull(bulkCancels.stored_at),
            sql`not exists (select from ${bulkCancelRuns} where ${isOpen})`,
          ),
        );
    },
  };
}

class TooMany extends Error {}

const outcome = z.enum(outcomes);
const outcomeOf = OUTCOME.mapWith((word) => outcome.parse(word));
/** Nobody is shown a run that was deleted. */
const forgotten = { alias: null, status: null, model_name: null, db_connection_id: null };

/** I12: what was named may be of another organization. */
const isOfRun = and(
  eq(finetunings.id, bulkCancelRuns.finetuning_id),
  eq(finetunings.organization_id, bulkCancelRuns.organization_id),
);

/** Runs that are there and are meant, ended or not. */
function matches(organization_id: string, choice: Choice, as_of: string): SQL | undefined {
  const isOurs = and(eq(finetunings.organization_id, organization_id), isNull(finetunings.deleted_at));
  switch (choice.by) {
    case 'ids':
      return and(isOurs, sql`${id} = any (${sql.param(choice.ids)}::text[])`);
    case 'all':
      return and(isOurs, lte(finetunings.created_at, as_of));
    case 'where': {
      const { where } = choice;
      return and(
        isOurs,
        lte(finetunings.created_at, as_of),
        where.status && eq(status, where.status),
        where.db_connection_id === undefined ? undefined : eq(db_connection_id, where.db_connection_id),
        where.model === undefined ? undefined : eq(model_name, where.model),
        where.provider === undefined ? undefined : eq(finetunings.model_provider, where.provider),
      );
    }
    default:
      return choice satisfies never;
  }
}
