// Which runs a choice comes to.
import { and, desc, eq, inArray, isNotNull, isNull, lte, type SQL, sql } from 'drizzle-orm';
import { finetunings } from '../../drizzle/schema.ts';
import { type BulkCancelStore, type Choice, type Group, MOST_RUNS } from '../finetuning/bulk/bulk-cancel.ts';
import { isTerminal, statuses } from '../finetuning/lifecycle/state.ts';
import type { Database } from './database.ts';
import { listedId } from './page.ts';

const { id, alias, status, model_name, db_connection_id } = finetunings;
export const told = { id, alias, status, model_name, db_connection_id };

const isActive = inArray(
  status,
  statuses.filter((each) => !isTerminal(each)),
);
const hasEnded = inArray(status, statuses.filter(isTerminal));

/** Shown of a group, and counted of one that has no end. */
const SHOWN = 100;
const MOST_COUNTED = 1000;

export function bulkPreview(db: Database): Pick<BulkCancelStore, 'preview'> {
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
      return {
        to_cancel: await group(and(matching, isActive, isNull(finetunings.cancel_requested_at)), MOST_RUNS),
        already_stopping: await group(and(matching, isActive, isAsked), MOST_RUNS),
        past_stopping: await group(and(matching, hasEnded), MOST_COUNTED),
      };
    },
  };
}

/** Of those that match, the ones that can be stopped. */
export const stoppable = (organization_id: string, choice: Choice, as_of: string): SQL | undefined =>
  and(matches(organization_id, choice, as_of), isActive);

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
