// Which runs a choice comes to.
import { and, desc, eq, inArray, isNotNull, isNull, lte, max, notInArray, type SQL, sql } from 'drizzle-orm';
import { finetunings } from '../../drizzle/schema.ts';
import { type BulkCancelStore, type Choice, type Group, MOST_RUNS } from '../finetuning/bulk/bulk-cancel.ts';
import { isTerminal, statuses } from '../finetuning/lifecycle/state.ts';
import type { Database } from './database.ts';
import { listedId } from './page.ts';

const { id, alias, status, model_name, db_connection_id, cancel_requested_at } = finetunings;
export const told = { id, alias, status, model_name, db_connection_id };

const ended = statuses.filter(isTerminal);

/** Shown of a group. */
const SHOWN = 100;
/** Of a history only the newest are looked at, so many in each status. */
const MOST_ENDED = 1000;

export function bulkPreview(db: Database): Pick<BulkCancelStore, 'preview' | 'newest'> {
  async function group(matching: SQL | undefined): Promise<Group> {
    const all = db.select({ id }).from(finetunings).where(matching);
    const counted = await db.$count(all.limit(MOST_RUNS + 1).as('found'));
    const runs = await db
      .select(told)
      .from(finetunings)
      .where(matching)
      .orderBy(desc(listedId(id)))
      .limit(SHOWN);
    return { count: Math.min(counted, MOST_RUNS), isMore: counted > MOST_RUNS, runs };
  }

  /** Of the newest that have ended: a history has no end, and only the index by status has an order. */
  async function pastStopping(organization_id: string, choice: Choice, as_of: string | null): Promise<Group> {
    if (choice.by === 'ids') return group(and(matches(organization_id, choice, as_of), inArray(status, ended)));
    const newest = await Promise.all(
      ended.map((each) =>
        db
          .select({ ...told, isMeant: sql`${matches(organization_id, choice, as_of)}`.mapWith(Boolean) })
          .from(finetunings)
          .where(and(isOf(organization_id), eq(status, each)))
          .orderBy(desc(listedId(id)))
          .limit(MOST_ENDED + 1),
      ),
    );
    const meant = newest.flatMap((rows) => rows.slice(0, MOST_ENDED)).filter(({ isMeant }) => isMeant);
    const runs = meant
      .toSorted((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, SHOWN)
      .map(({ isMeant: _, ...run }) => run);
    return { count: meant.length, isMore: newest.some((rows) => rows.length > MOST_ENDED), runs };
  }

  return {
    async preview(organization_id, choice, as_of) {
      const matching = stoppable(organization_id, choice, as_of);
      return {
        to_cancel: await group(and(matching, isNull(cancel_requested_at))),
        already_stopping: await group(and(matching, isNotNull(cancel_requested_at))),
        past_stopping: await pastStopping(organization_id, choice, as_of),
      };
    },

    async newest(organization_id, choice) {
      const [found] = await db
        .select({ at: max(finetunings.created_at) })
        .from(finetunings)
        .where(stoppable(organization_id, choice, null));
      return found?.at ?? null;
    },
  };
}

/** Of those that match, the ones that can be stopped: all that have not ended, in a status of a later version too. */
export const stoppable = (organization_id: string, choice: Choice, as_of: string | null): SQL | undefined =>
  and(
    matches(organization_id, choice, as_of),
    notInArray(status, ended),
    choice.by === 'ids' ? undefined : sql`${status} in (${statusesOf(organization_id)})`,
  );

/** Those that there are, by one look at the index for each: a history of those that have ended is not gone through. */
const statusesOf = (organization_id: string): SQL => sql`
  with recursive there (status) as (
    (select min(status) from ${finetunings} where organization_id = ${organization_id} and deleted_at is null)
    union all
    select (
      select min(status) from ${finetunings}
      where organization_id = ${organization_id} and deleted_at is null and status > there.status
    ) from there where there.status is not null
  )
  select status from there where status not in (${sql.raw(ended.map((each) => `'${each}'`).join())})`;

const isOf = (organization_id: string): SQL | undefined =>
  and(eq(finetunings.organization_id, organization_id), isNull(finetunings.deleted_at));

/** Runs that are there and are meant, ended or not. */
function matches(organization_id: string, choice: Choice, as_of: string | null): SQL | undefined {
  const isInTime = as_of === null ? undefined : lte(finetunings.created_at, as_of);
  switch (choice.by) {
    case 'ids':
      return and(isOf(organization_id), sql`${id} = any (${sql.param(choice.ids)}::text[])`);
    case 'all':
      return and(isOf(organization_id), isInTime);
    case 'where': {
      const { where } = choice;
      return and(
        isOf(organization_id),
        isInTime,
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
