// What has become of the runs of a bulk cancel, by its wishes and their rows.
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { bulkCancelRuns } from '../../drizzle/bulk-cancels.ts';
import { finetunings } from '../../drizzle/schema.ts';
import { type BulkCancelStore, none, outcomes } from '../finetuning/bulk/bulk-cancel.ts';
import { told } from './bulk-choice.ts';
import type { Database } from './database.ts';
import { listedId } from './page.ts';

const countRows = z.array(z.object({ id: z.string(), outcome: z.enum(outcomes), count: z.coerce.number() }));
/** What has become of a run, by its wish and its row. */
const OUTCOME = sql`case
  when ${bulkCancelRuns.wish} is null then 'storing'
  when ${bulkCancelRuns.wish} = 'unreadable' then 'unreadable'
  when ${finetunings.id} is null then 'unknown'
  when ${bulkCancelRuns.wish} = 'unknown' and ${finetunings.deleted_at} is null then 'unknown'
  when ${finetunings.status} = 'cancelled' then 'cancelled'
  when ${finetunings.status} in ('succeeded', 'failed') then 'too_late'
  when ${finetunings.deleted_at} is not null then 'deleted'
  else 'stopping' end`;

const outcome = z.enum(outcomes);
const outcomeOf = OUTCOME.mapWith((word) => outcome.parse(word));
/** Nobody is shown a run that was deleted. */
const forgotten = { alias: null, status: null, model_name: null, db_connection_id: null };

/** I12: what was named may be of another organization. */
const isOfRun = and(
  eq(finetunings.id, bulkCancelRuns.finetuning_id),
  eq(finetunings.organization_id, bulkCancelRuns.organization_id),
);

export const bulkOutcomes = (db: Database): Pick<BulkCancelStore, 'counts' | 'runs'> => ({
  async counts(bulks) {
    const found = await db
      .select({ id: bulkCancelRuns.bulk_cancel_id, outcome: OUTCOME, count: sql`count(*)` })
      .from(bulkCancelRuns)
      .leftJoin(finetunings, isOfRun)
      .where(inArray(bulkCancelRuns.bulk_cancel_id, [...bulks]))
      .groupBy(bulkCancelRuns.bulk_cancel_id, OUTCOME);
    const counts = new Map(bulks.map((id) => [id, { ...none }]));
    for (const { id, outcome, count } of countRows.parse(found)) {
      const counted = counts.get(id);
      if (counted) counted[outcome] = count;
    }
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
});
