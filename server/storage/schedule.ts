// When runs are due: what the sweep finds, what nobody goes on with, and all of them at once where a clock was set back.
import {
  and,
  asc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lte,
  notExists,
  notInArray,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { events, finetunings } from '../../drizzle/schema.ts';
import { webhookDeliveries } from '../../drizzle/webhook-tables.ts';
import { evidences, intents, jobStages, type Status, statuses } from '../finetuning/lifecycle/state.ts';
import type { FinetuningStore } from '../finetuning/store.ts';
import { NO_WORKER } from '../finetuning/unattended.ts';
import type { Database } from './database.ts';

const ENDS = ['succeeded', 'failed', 'cancelled'] as const satisfies Status[];

/** What following needs to know (lifecycle/following.ts). */
const columns = {
  id: finetunings.id,
  provider_ledger: finetunings.provider_ledger,
  version: finetunings.version,
  due_at: finetunings.due_at,
  failures: finetunings.failures,
  status: finetunings.status,
  intent: finetunings.intent,
  job_id: finetunings.job_id,
  job_name: finetunings.job_name,
  job_incarnation: finetunings.job_incarnation,
  job_stage: finetunings.job_stage,
  provider_status: finetunings.provider_status,
  gone_since: finetunings.gone_since,
  isWaiting: sql<boolean>`${finetunings.waiting} is not null`.as('is_waiting'),
  // Names in full: Drizzle leaves the table out where a select has one. Not as EXISTS: where many are due, a planner would
  // read all calls for that.
  hasOpenCall: sql<boolean>`coalesce((select true from provider_calls as call
    where call.finetuning_id = finetunings.id and call.state = 'open' limit 1), false)`.as('has_open_call'),
  asked_at: sql<string | null>`${finetunings.last_tried} ->> 'at'`.as('asked_at'),
};

/** What another version of goldtune has written is that one's to go on with: here it would be due again and again. */
const isReadable = and(
  inArray(finetunings.status, [...statuses]),
  inArray(finetunings.intent, [...intents]),
  or(isNull(finetunings.job_stage), inArray(finetunings.job_stage, [...jobStages])),
  or(isNull(finetunings.evidence), inArray(finetunings.evidence, [...evidences])),
);

export function schedule(db: Database): Pick<FinetuningStore, 'due' | 'schedule' | 'untold' | 'unattended' | 'hurry'> {
  return {
    async due(now, farthest, limit) {
      const first = (when: SQL | undefined, most = limit) =>
        db.select(columns).from(finetunings).where(and(when, isReadable)).orderBy(asc(finetunings.due_at)).limit(most);
      // Each from its place in the index; as one condition they would be looked for among all that is ever due.
      const isDue = lte(finetunings.due_at, now);
      const rows = await unionAll(
        // However many others are due; and however many of them cannot be carried out, others are found.
        first(and(isDue, sql`${finetunings.intent} <> 'run'`), Math.ceil(limit / 2)),
        first(and(isDue, eq(finetunings.intent, 'run'))),
        first(gt(finetunings.due_at, farthest)),
      ).limit(limit);
      return rows.map(
        ({ id, provider_ledger, version, due_at, failures, isWaiting, hasOpenCall, asked_at, ...state }) => ({
          ...{ id, provider_ledger, version, failures, isWaiting, hasOpenCall, asked_at, state },
          due_at: due_at ?? now,
        }),
      );
    },

    async schedule(runs, due_at) {
      if (runs.length === 0) return [];
      // One parameter, however many there are.
      const given = JSON.stringify(runs.map((run) => ({ id: run.id, version: run.version, due_at: run.due_at })));
      const moved = await db
        .update(finetunings)
        .set({ due_at })
        // A row that somebody holds holds up no other.
        .from(sql`(
          select run.id, run.version, run.due_at
          from jsonb_to_recordset(${given}::jsonb) as given (id text, version integer, due_at timestamptz)
          join finetunings as run using (id, version)
          where run.due_at = given.due_at or run.due_at > ${due_at}::timestamptz
          for update of run skip locked
        ) as free`)
        .where(
          sql`${finetunings.id} = free.id and ${finetunings.version} = free.version and ${finetunings.due_at} = free.due_at`,
        )
        .returning({ id: finetunings.id });
      return moved.map(({ id }) => id);
    },

    async untold(job_id, { type, message }) {
      return db
        .select({ id: finetunings.id, provider_ledger: finetunings.provider_ledger, version: finetunings.version })
        .from(finetunings)
        .where(
          and(
            eq(finetunings.job_id, job_id),
            // Only these have an index by their job.
            isNotNull(finetunings.due_at),
            notInArray(finetunings.status, ENDS),
            notExists(
              db
                .select({ told: sql`true` })
                .from(events)
                .where(
                  and(eq(events.finetuning_id, finetunings.id), eq(events.type, type), eq(events.message, message)),
                ),
            ),
          ),
        );
    },

    async unattended(due_at, limit) {
      const rows = await db
        .select({ id: finetunings.id })
        .from(finetunings)
        .where(
          and(
            lte(finetunings.due_at, due_at),
            or(notInArray(finetunings.status, ENDS), eq(finetunings.intent, 'delete')),
            sql`${finetunings.waiting} ->> 'type' is distinct from ${NO_WORKER}`,
          ),
        )
        .orderBy(asc(finetunings.due_at))
        .limit(limit);
      return rows.map((row) => row.id);
    },

    async hurry(now) {
      await db.update(finetunings).set({ due_at: now }).where(gt(finetunings.due_at, now));
      // One that is being sent is sent once more, under the same id.
      const { due_at, state } = webhookDeliveries;
      await db
        .update(webhookDeliveries)
        .set({ due_at: now })
        .where(and(eq(state, 'pending'), gt(due_at, now)));
    },
  };
}
