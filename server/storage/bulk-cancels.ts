// Bulk cancels: the record of one, the runs that it takes in, and which of them have the wish.
import { setTimeout as sleep } from 'node:timers/promises';
import { and, asc, desc, eq, getTableColumns, gt, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import { bulkCancelRuns, bulkCancels } from '../../drizzle/bulk-cancels.ts';
import { finetunings } from '../../drizzle/schema.ts';
import { bulkCancelStarted } from '../finetuning/acts.ts';
import { type BulkCancel, type BulkCancelStore, MOST_RUNS } from '../finetuning/bulk/bulk-cancel.ts';
import { Unavailable } from '../finetuning/unavailable.ts';
import { writeActs } from './audit-entries.ts';
import { bulkPreview, stoppable } from './bulk-choice.ts';
import { bulkOutcomes } from './bulk-outcomes.ts';
import type { Database, Lend } from './database.ts';
import { listedId } from './page.ts';
import { translated } from './unavailable.ts';

const { idempotency_key: _, request_hash: _hash, ...columns } = getTableColumns(bulkCancels);
/** Of one of its steps, each of a few statements. */
const LONGEST_MS = 10_000;
/** Before the next try, where another held what is needed. */
const AGAIN_MS = 100;

/** What stops runs is asked on the connections that stops have for themselves, whatever else the others are busy with. */
export function bulkCancelStore(db: Database, stops: Lend): BulkCancelStore {
  const lent = async <T>(ask: (store: BulkCancelStore) => Promise<T>): Promise<T> => {
    const by = performance.now() + LONGEST_MS;
    for (;;) {
      try {
        return await stops(by, 'writes', (one) => ask(storeOn(one)));
      } catch (error) {
        // Each of these done twice is done once.
        if (!(error instanceof Unavailable && error.passes) || performance.now() + AGAIN_MS >= by) throw error;
        await sleep(AGAIN_MS);
      }
    }
  };
  return {
    ...translated(storeOn(db)),
    insert: (...given) => lent((store) => store.insert(...given)),
    pending: (...given) => lent((store) => store.pending(...given)),
    settle: (...given) => lent((store) => store.settle(...given)),
    finish: (...given) => lent((store) => store.finish(...given)),
  };
}

function storeOn(db: Database): BulkCancelStore {
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

  const countOf = (tx: Database, id: string) => tx.$count(bulkCancelRuns, eq(bulkCancelRuns.bulk_cancel_id, id));

  return {
    ...bulkPreview(db),
    ...bulkOutcomes(db),

    insert: (bulk, choice, as_of, { key, request_hash }) =>
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
            // Made by an earlier try of this very call, whose answer was lost.
            if (await find(tx, eq(bulkCancels.id, bulk.id)))
              return { kind: 'inserted' as const, bulk, runs: await countOf(tx, bulk.id) };
            const ofKey = and(
              eq(bulkCancels.organization_id, organization_id),
              eq(bulkCancels.idempotency_key, key ?? ''),
            );
            const existing = await find(tx, ofKey);
            if (existing?.request_hash !== request_hash) return { kind: 'conflict' as const };
            return { kind: 'existing' as const, bulk: existing, runs: await countOf(tx, existing.id) };
          }
          const taken =
            choice.by === 'ids'
              ? sql`select ${bulk.id}, id, ${organization_id} from (select distinct unnest(${sql.param(choice.ids)}::text[]) as id) as named`
              : sql`select ${bulk.id}, id, ${organization_id} from ${finetunings}
                where ${stoppable(organization_id, choice, as_of)} limit ${MOST_RUNS + 1}`;
          await tx.execute(
            sql`insert into ${bulkCancelRuns} (bulk_cancel_id, finetuning_id, organization_id) ${taken}`,
          );
          const runs = await countOf(tx, bulk.id);
          if (runs > MOST_RUNS) throw new TooMany();
          await writeActs(tx, [bulkCancelStarted(bulk, runs)]);
          return { kind: 'inserted' as const, bulk, runs };
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

    unstored: (before, after) =>
      db
        .select(columns)
        .from(bulkCancels)
        .where(
          and(
            isNull(bulkCancels.stored_at),
            or(lte(bulkCancels.created_at, before), gt(bulkCancels.created_at, after)),
          ),
        )
        .orderBy(asc(bulkCancels.id)),

    async pending(bulk, limit, after) {
      const named = listedId(bulkCancelRuns.finetuning_id);
      const rows = await db
        .select({ id: bulkCancelRuns.finetuning_id })
        .from(bulkCancelRuns)
        .where(and(eq(bulkCancelRuns.bulk_cancel_id, bulk), isNull(bulkCancelRuns.wish), gt(named, after)))
        .orderBy(named)
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
              isNull(bulkCancelRuns.wish),
              sql`${bulkCancelRuns.finetuning_id} = any (${sql.param(entries.map(([each]) => each))}::text[])`,
            ),
          );
      }
    },

    async retryUnreadable() {
      await db.update(bulkCancelRuns).set({ wish: null }).where(eq(bulkCancelRuns.wish, 'unreadable'));
    },

    async finish(bulk, now) {
      const isOpen = and(
        eq(bulkCancelRuns.bulk_cancel_id, bulk),
        or(isNull(bulkCancelRuns.wish), eq(bulkCancelRuns.wish, 'unreadable')),
      );
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
