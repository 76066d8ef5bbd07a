// Finetunings, their provider calls and their events: always written together, under compare-and-set on the version.
import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { events, finetunings, idempotencyKeys } from '../../drizzle/schema.ts';
import { changesBetween } from '../finetuning/lifecycle/replay.ts';
import type { FinetuningStore, KeyedRequest } from '../finetuning/store.ts';
import type { AfterCommit } from './after-commit.ts';
import type { Database } from './database.ts';
import { holdConnections } from './db-connections.ts';
import { finetuningLists } from './finetuning-lists.ts';
import { finetuningFromRow, listed, stateToColumns } from './finetuning-rows.ts';
import { schedule } from './schedule.ts';
import { timeline } from './timeline.ts';
import { trackedRuns } from './tracked-runs.ts';

const recordIds = z.array(z.string());

export function finetuningStore(db: Database, tell: AfterCommit): FinetuningStore {
  const byKey = async (tx: Database, organization_id: string, { key, isSame }: KeyedRequest) => {
    const [used] = await tx
      .select()
      .from(idempotencyKeys)
      .where(and(eq(idempotencyKeys.organization_id, organization_id), eq(idempotencyKeys.key, key)));
    if (!used) return null;
    const [row] = await tx.select(listed).from(finetunings).where(eq(finetunings.id, used.finetuning_id));
    if (!row) return null;
    return isSame({ request_hash: used.request_hash, provider_ledger: row.provider_ledger })
      ? { kind: 'existing' as const, finetuning: finetuningFromRow(row) }
      : { kind: 'conflict' as const };
  };

  /** I12: an id alone is never enough, but for the worker and the janitor, which serve every organization. */
  const within = (organization_id: string, id: string) =>
    and(eq(finetunings.id, id), eq(finetunings.organization_id, organization_id));

  return {
    ...timeline(db),
    ...trackedRuns(db, tell),
    ...finetuningLists(db),
    ...schedule(db),

    async insert({ system_prompt, golden_records, ...finetuning }, event, idempotency) {
      const inserted = await db.transaction(async (tx) => {
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
            const used = await byKey(tx, finetuning.organization_id, idempotency);
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
        return { kind: 'inserted' as const, finetuning };
      });
      if (inserted.kind === 'inserted') {
        tell.news(finetuning.id);
        tell.work(finetuning.id);
      }
      return inserted;
    },

    findByKey: (organization_id, request) => byKey(db, organization_id, request),

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
