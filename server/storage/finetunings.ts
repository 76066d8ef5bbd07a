// Finetunings, their provider calls and their events: always written together, under compare-and-set on the version.
import { and, asc, desc, eq, gt, inArray, isNull, lt, lte, notInArray, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { events, finetunings, idempotencyKeys, providerCalls } from '../../drizzle/schema.ts';
import { changesBetween } from '../finetuning/lifecycle/replay.ts';
import { intents, statuses } from '../finetuning/lifecycle/state.ts';
import type { TrackedFinetuning } from '../finetuning/record.ts';
import type { FinetuningStore } from '../finetuning/store.ts';
import { NO_WORKER } from '../finetuning/unattended.ts';
import type { Database } from './database.ts';
import { holdConnections } from './db-connections.ts';
import {
  callFromRow,
  callToRow,
  finetuningFromRow,
  listed,
  readableOf,
  sizeOfListed,
  stateToColumns,
} from './finetuning-rows.ts';
import { fitting } from './page.ts';
import { timeline } from './timeline.ts';

/** Tells the queue, inside the transaction, that a finetuning has something to do. A hint: the sweep finds it anyway. */
export type Wake = (db: Database, id: string) => Promise<void>;

const recordIds = z.array(z.string());

export function finetuningStore(db: Database, wake: Wake): FinetuningStore {
  const withCalls = async (where: SQL | undefined): Promise<TrackedFinetuning | null> =>
    // One snapshot of row and calls: a decision must not mix two moments.
    db.transaction(
      async (tx) => {
        const [row] = await tx.select(listed).from(finetunings).where(where);
        if (!row) return null;
        const calls = await tx
          .select()
          .from(providerCalls)
          .where(eq(providerCalls.finetuning_id, row.id))
          // By attempt first: the database's clock may have been set back between two of them.
          .orderBy(asc(providerCalls.attempt), asc(providerCalls.opened_at), asc(providerCalls.id));
        return { ...finetuningFromRow(row), calls: calls.map(callFromRow) };
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    );

  const byKey = async (tx: Database, organization_id: string, key: string, request_hash: string) => {
    const [used] = await tx
      .select()
      .from(idempotencyKeys)
      .where(and(eq(idempotencyKeys.organization_id, organization_id), eq(idempotencyKeys.key, key)));
    if (!used) return null;
    if (used.request_hash !== request_hash) return { kind: 'conflict' as const };
    const [row] = await tx.select(listed).from(finetunings).where(eq(finetunings.id, used.finetuning_id));
    return row ? { kind: 'existing' as const, finetuning: finetuningFromRow(row) } : null;
  };

  /** I12: an id alone is never enough, but for the worker and the janitor, which serve every organization. */
  const within = (organization_id: string, id: string) =>
    and(eq(finetunings.id, id), eq(finetunings.organization_id, organization_id));

  const byIds = (ids: readonly string[]) =>
    db
      .select(listed)
      .from(finetunings)
      .where(inArray(finetunings.id, [...ids]))
      .orderBy(desc(finetunings.id));

  return {
    ...timeline(db),

    find: (organization_id, id) => withCalls(and(within(organization_id, id), isNull(finetunings.deleted_at))),

    findAny: (id) => withCalls(eq(finetunings.id, id)),

    async list(organization_id, filter, page) {
      const unreadable: string[] = [];
      for (let after = page.after; ; ) {
        const sizes = await db
          .select({ id: finetunings.id, bytes: sizeOfListed })
          .from(finetunings)
          .where(
            and(
              eq(finetunings.organization_id, organization_id),
              isNull(finetunings.deleted_at),
              filter.db_connection_id ? eq(finetunings.db_connection_id, filter.db_connection_id) : undefined,
              filter.status ? eq(finetunings.status, filter.status) : undefined,
              filter.model_name ? eq(finetunings.model_name, filter.model_name) : undefined,
              after ? lt(finetunings.id, after) : undefined,
            ),
          )
          .orderBy(desc(finetunings.id))
          .limit(page.limit);
        const ids = fitting(sizes).map(({ id }) => id);
        const rows = ids.length === 0 ? [] : await byIds(ids);
        const read = readableOf(rows);
        unreadable.push(...read.unreadable);
        // Nothing found says that there are no more: what cannot be read is passed over.
        if (read.found.length > 0 || ids.length === 0) return { found: read.found, unreadable };
        after = ids.at(-1);
      }
    },

    insert: ({ system_prompt, golden_records, ...finetuning }, event, idempotency) =>
      db.transaction(async (tx) => {
        const connections = new Set([finetuning.db_connection_id]);
        if (!(await holdConnections(tx, finetuning.organization_id, connections))) {
          return { kind: 'no_connection' as const };
        }
        if (idempotency) {
          const claimed = await tx
            .insert(idempotencyKeys)
            .values({
              organization_id: finetuning.organization_id,
              key: idempotency.key,
              request_hash: idempotency.request_hash,
              finetuning_id: finetuning.id,
              created_at: finetuning.created_at,
            })
            // Waits for a concurrent request with the same key to commit or fail.
            .onConflictDoNothing()
            .returning();
          if (claimed.length === 0) {
            const used = await byKey(tx, finetuning.organization_id, idempotency.key, idempotency.request_hash);
            return used ?? { kind: 'conflict' as const };
          }
        }
        await tx
          .insert(finetunings)
          .values({ ...finetuning, golden_records, system_prompt, ...stateToColumns(finetuning.state) });
        await tx.insert(events).values({
          finetuning_id: finetuning.id,
          version: finetuning.version,
          organization_id: finetuning.organization_id,
          ...event,
          changes: changesBetween(null, finetuning.state),
          created_at: finetuning.created_at,
        });
        await wake(tx, finetuning.id);
        return { kind: 'inserted' as const, finetuning };
      }),

    findByKey: (organization_id, { key, request_hash }) => byKey(db, organization_id, key, request_hash),

    save: (before, { run, event, tried }, now, options) =>
      db.transaction(async (tx) => {
        const version = event ? before.version + 1 : before.version;
        // The timeline does not run backwards, whatever the clock did.
        const at = now > before.updated_at ? now : before.updated_at;
        // What cannot be read, and is shown as null, stays as it is stored.
        const changes = changesBetween(before.state, run.state);
        const written = await tx
          .update(finetunings)
          .set({
            ...(event ? { ...changes, version, updated_at: at } : {}),
            due_at: run.due_at,
            failures: run.failures,
            ...(tried ? { last_tried: tried } : {}),
          })
          .where(and(within(before.organization_id, before.id), eq(finetunings.version, before.version)))
          .returning({ id: finetunings.id });
        // Compare-and-set lost: somebody else moved the row on. Nothing has been written.
        if (written.length === 0) return null;

        if (event) {
          await tx.insert(events).values({
            finetuning_id: before.id,
            version,
            organization_id: before.organization_id,
            ...event,
            changes,
            created_at: at,
          });
          const known = new Map(before.calls.map((call) => [call.id, call]));
          for (const call of run.calls) {
            const row = callToRow(call, before);
            if (!known.has(call.id)) await tx.insert(providerCalls).values(row);
            else if (known.get(call.id) !== call) {
              await tx.update(providerCalls).set(row).where(eq(providerCalls.id, call.id));
            }
          }
        }
        if (options?.wake) await wake(tx, before.id);
        return {
          ...before,
          state: run.state,
          calls: run.calls,
          due_at: run.due_at,
          failures: run.failures,
          last_tried: tried ?? before.last_tried,
          version,
          updated_at: event ? at : before.updated_at,
        };
      }),

    async due(now, farthest, limit) {
      const rows = await db
        .select({ id: finetunings.id })
        .from(finetunings)
        .where(
          and(
            or(lte(finetunings.due_at, now), gt(finetunings.due_at, farthest)),
            // What another version of goldtune has written is that one's to go on with.
            inArray(finetunings.status, [...statuses]),
            inArray(finetunings.intent, [...intents]),
          ),
        )
        .orderBy(asc(finetunings.due_at))
        .limit(limit);
      return rows.map((row) => row.id);
    },

    async unattended(due_at, limit) {
      const rows = await db
        .select({ id: finetunings.id })
        .from(finetunings)
        .where(
          and(
            lte(finetunings.due_at, due_at),
            or(notInArray(finetunings.status, ['succeeded', 'failed', 'cancelled']), eq(finetunings.intent, 'delete')),
            sql`${finetunings.waiting} ->> 'type' is distinct from ${NO_WORKER}`,
          ),
        )
        .orderBy(asc(finetunings.due_at))
        .limit(limit);
      return rows.map((row) => row.id);
    },

    async hurry(now) {
      await db.update(finetunings).set({ due_at: now }).where(gt(finetunings.due_at, now));
    },

    async owners(ids) {
      return readableOf(ids.length === 0 ? [] : await byIds(ids));
    },

    async recordIds(organization_id, id) {
      const [row] = await db
        // As JSON, which is read ten times as fast as an array of Postgres.
        .select({ ids: sql`to_json(${finetunings.golden_records})`.mapWith((ids) => recordIds.parse(ids)) })
        .from(finetunings)
        .where(within(organization_id, id));
      if (!row) throw new Error(`finetuning ${id} does not exist`);
      return row.ids;
    },

    async systemPrompt(organization_id, id) {
      const [row] = await db
        .select({ system_prompt: finetunings.system_prompt })
        .from(finetunings)
        .where(within(organization_id, id));
      if (!row) throw new Error(`finetuning ${id} does not exist`);
      return row.system_prompt;
    },
  };
}
