// What readers of events ask: how far runs have got, and a page of what happened to one.
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { events, finetunings } from '../../drizzle/schema.ts';
import { isTerminal } from '../finetuning/lifecycle/state.ts';
import type { Timelines } from '../finetuning/watched-runs.ts';
import type { Database } from './database.ts';
import { fitting } from './page.ts';

/** Beside its message: times, progress, names. */
const EVENT_BYTES = 500;

/** Metadata is shown by no event, and may be the largest part of it. */
const shown = {
  finetuning_id: events.finetuning_id,
  version: events.version,
  type: events.type,
  message: events.message,
  changes:
    sql`case when jsonb_typeof(${events.changes}) = 'object' then ${events.changes} - 'metadata' else '{}' end`.mapWith(
      events.changes,
    ),
  by: events.by,
  created_at: events.created_at,
};

export function timeline(db: Database): Timelines {
  return {
    async heads(ids) {
      const rows = await db
        .select({
          id: finetunings.id,
          organization_id: finetunings.organization_id,
          version: finetunings.version,
          status: finetunings.status,
          deleted_at: finetunings.deleted_at,
        })
        .from(finetunings)
        .where(inArray(finetunings.id, [...ids]));
      return rows.map(({ status, deleted_at, ...head }) => ({
        ...head,
        isOver: deleted_at !== null || isTerminal(status),
        isDeleted: deleted_at !== null,
      }));
    },

    async events(organization_id, id, page) {
      const ofRun = and(eq(events.finetuning_id, id), eq(events.organization_id, organization_id));
      const sizes = await db
        .select({
          version: events.version,
          bytes: sql`octet_length(${events.message}) + ${EVENT_BYTES}::int`.mapWith(Number),
        })
        .from(events)
        .where(and(ofRun, gt(events.version, page.after)))
        .orderBy(asc(events.version))
        .limit(page.limit);
      const versions = fitting(sizes).map(({ version }) => version);
      if (versions.length === 0) return [];
      return db
        .select(shown)
        .from(events)
        .where(and(ofRun, inArray(events.version, versions)))
        .orderBy(asc(events.version));
    },
  };
}
