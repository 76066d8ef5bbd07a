// Webhook endpoints, and the log of what was told to them.
import { and, desc, eq, getTableColumns, gt, isNull, lt, notInArray, sql } from 'drizzle-orm';
import { webhookDeliveries, webhookEndpoints } from '../../drizzle/webhook-tables.ts';
import {
  endpointCreated,
  endpointDeleted,
  endpointSecretRotated,
  endpointUpdated,
  redelivered,
} from '../finetuning/acts.ts';
import { newId } from '../finetuning/object-id.ts';
import { PING } from '../finetuning/webhooks/kinds.ts';
import type { WebhookStore } from '../finetuning/webhooks/store.ts';
import { writeActs } from './audit-entries.ts';
import { changedFields } from './changed-fields.ts';
import type { Database } from './database.ts';
import { listedId } from './page.ts';

const { deleted_at: _, ...columns } = getTableColumns(webhookEndpoints);
const { lane: _lane, waiting_since: _since, ...logged } = getTableColumns(webhookDeliveries);
/** Until then nobody but us knows of it: a wait that may yet end. */
const isLogged = notInArray(webhookDeliveries.state, ['watching', 'void']);

export function webhookStore(db: Database): WebhookStore {
  const there = isNull(webhookEndpoints.deleted_at);
  const ofOrganization = (organization_id: string) => and(eq(webhookEndpoints.organization_id, organization_id), there);
  const one = (organization_id: string, id: string) =>
    and(eq(webhookEndpoints.id, id), ofOrganization(organization_id));

  return {
    insert: (endpoint, most, by) =>
      db.transaction(async (tx) => {
        // One or two more that are made at the same moment do no harm.
        if ((await tx.$count(webhookEndpoints, ofOrganization(endpoint.organization_id))) >= most) return false;
        await tx.insert(webhookEndpoints).values({ ...endpoint, types: endpoint.types && [...endpoint.types] });
        await writeActs(tx, [endpointCreated(endpoint, { by, at: endpoint.created_at })]);
        return true;
      }),

    async find(organization_id, id) {
      const [row] = await db.select(columns).from(webhookEndpoints).where(one(organization_id, id));
      return row ?? null;
    },

    list: (organization_id, page) =>
      db
        .select(columns)
        .from(webhookEndpoints)
        .where(
          and(ofOrganization(organization_id), page.after ? lt(listedId(webhookEndpoints.id), page.after) : undefined),
        )
        .orderBy(desc(listedId(webhookEndpoints.id)))
        .limit(page.limit),

    update: (organization_id, id, changes, now, by) =>
      db.transaction(async (tx) => {
        // Held against other changes of it alone: what is told of a run meanwhile refers to it, and waits for nothing.
        const [before] = await tx
          .select(columns)
          .from(webhookEndpoints)
          .where(one(organization_id, id))
          .for('no key update');
        const fields = before ? changedFields(before, changes) : [];
        if (!before || fields.length === 0) return before ?? null;
        const { types, ...others } = changes;
        const [row] = await tx
          .update(webhookEndpoints)
          .set({ ...others, ...(types === undefined ? {} : { types: types && [...types] }), updated_at: now })
          .where(one(organization_id, id))
          .returning(columns);
        if (!row) return null;
        // Whoever says so has mended it: nothing waits out what was put off before.
        if ((row.enabled && !before.enabled) || row.url !== before.url) {
          const { endpoint_id, state, due_at } = webhookDeliveries;
          await tx
            .update(webhookDeliveries)
            .set({ due_at: now })
            .where(and(eq(endpoint_id, id), eq(state, 'pending'), gt(due_at, now)));
        }
        const told = fields.filter((field) => field !== 'disabled_reason');
        await writeActs(tx, [endpointUpdated(row, told, { by, at: now })]);
        return row;
      }),

    rotate: (organization_id, id, { secret, previous_until }, now, by) =>
      db.transaction(async (tx) => {
        const [row] = await tx
          .update(webhookEndpoints)
          .set({ secret, previous_secret: sql`${webhookEndpoints.secret}`, previous_until, updated_at: now })
          .where(one(organization_id, id))
          .returning(columns);
        if (row) await writeActs(tx, [endpointSecretRotated(row, { by, at: now })]);
        return row ?? null;
      }),

    delete: (organization_id, id, now, by) =>
      db.transaction(async (tx) => {
        const [deleted] = await tx
          .update(webhookEndpoints)
          .set({ secret: '', previous_secret: null, previous_until: null, deleted_at: now, updated_at: now })
          .where(one(organization_id, id))
          .returning(columns);
        if (deleted) await writeActs(tx, [endpointDeleted(deleted, { by, at: now })]);
        return deleted !== undefined;
      }),

    async ping(organization_id, endpoint_id, now) {
      const [endpoint] = await db
        .select({ id: webhookEndpoints.id })
        .from(webhookEndpoints)
        .where(one(organization_id, endpoint_id));
      if (!endpoint) return null;
      // Behind nothing: it is asked for to see whether the receiver is mended.
      const about = { lane: newId(), version: 0, type: PING, state: 'pending' as const, attempts: 0 };
      const [row] = await db
        .insert(webhookDeliveries)
        .values({ organization_id, endpoint_id, ...about, due_at: now, created_at: now })
        .returning(logged);
      return row ?? null;
    },

    deliveries: (organization_id, endpoint_id, page) =>
      db
        .select(logged)
        .from(webhookDeliveries)
        .where(
          and(
            eq(webhookDeliveries.endpoint_id, endpoint_id),
            eq(webhookDeliveries.organization_id, organization_id),
            isLogged,
            page.after ? lt(listedId(webhookDeliveries.id), page.after) : undefined,
          ),
        )
        .orderBy(desc(listedId(webhookDeliveries.id)))
        .limit(page.limit),

    redeliver: (organization_id, endpoint_id, id, now, by) =>
      db.transaction(async (tx) => {
        const [endpoint] = await tx.select(columns).from(webhookEndpoints).where(one(organization_id, endpoint_id));
        if (!endpoint) return null;
        const [row] = await tx
          .update(webhookDeliveries)
          .set({ state: 'pending', attempts: 0, due_at: now })
          .where(
            and(
              eq(webhookDeliveries.id, id),
              eq(webhookDeliveries.endpoint_id, endpoint_id),
              eq(webhookDeliveries.organization_id, organization_id),
              isLogged,
            ),
          )
          .returning(logged);
        if (row) await writeActs(tx, [redelivered(id, endpoint, { by, at: now })]);
        return row ?? null;
      }),
  };
}
