// The webhooks that are to be sent: found, taken by one process, and what came of it. Each is one statement.
import { z } from 'zod';
import { time } from '../../drizzle/shown.ts';
import type { Claimed, Head, OutboxStore } from '../finetuning/webhooks/store.ts';
import type { Database } from './database.ts';
import { runStatement, type Statement } from './run-statement.ts';

const instant = z.string().transform(time);

const heads = z.array(z.object({ id: z.string(), endpoint_id: z.string(), lane: z.string(), due_at: instant }));

const claimed = z.array(
  z.object({
    id: z.string(),
    organization_id: z.string(),
    endpoint_id: z.string(),
    lane: z.string(),
    finetuning_id: z.string().nullable(),
    version: z.number(),
    type: z.string(),
    state: z.enum(['watching', 'void', 'pending', 'delivered', 'given_up']),
    attempts: z.number(),
    due_at: instant,
    created_at: instant,
    last_attempt_at: instant.nullable(),
    last_duration_ms: z.number().nullable(),
    last_status: z.number().nullable(),
    last_answer: z.string().nullable(),
    last_error: z.string().nullable(),
    url: z.string(),
    secret: z.string(),
    previous_secret: z.string().nullable(),
    previous_until: instant.nullable(),
    run_state: z.unknown(),
    told_at: instant,
  }),
);

/** As its run is now, and behind all that is to be told of that before, by an id of this moment. */
const PROMOTE: Statement = {
  name: 'webhooks_promote',
  text: `
    WITH due AS MATERIALIZED (
      SELECT id, finetuning_id, waiting_since FROM webhook_deliveries
      WHERE state = 'watching' AND due_at <= $1 ORDER BY due_at LIMIT 100
    ), seen AS MATERIALIZED (
      SELECT due.id, run.version, coalesce(run.waiting ->> 'since' = due.waiting_since, false) AS waits
      FROM due, LATERAL (SELECT version, waiting FROM finetunings WHERE id = due.finetuning_id OFFSET 0) AS run
    )
    UPDATE webhook_deliveries AS delivery
    SET id = DEFAULT, state = CASE WHEN seen.waits THEN 'pending' ELSE 'void' END, version = seen.version, due_at = $1, created_at = $1
    FROM seen WHERE delivery.id = seen.id AND delivery.state = 'watching'`,
};

/** Of each endpoint some, so that none that does not answer keeps the others from being told. */
const DUE: Statement = {
  name: 'webhooks_due',
  text: `
    WITH lanes AS MATERIALIZED (
      SELECT DISTINCT endpoint.id AS endpoint_id, due.lane
      FROM webhook_endpoints AS endpoint, LATERAL (
        SELECT lane FROM webhook_deliveries
        WHERE endpoint_id = endpoint.id AND state = 'pending' AND due_at <= $1 ORDER BY due_at LIMIT $2
      ) AS due
      WHERE endpoint.enabled AND endpoint.deleted_at IS NULL
    )
    SELECT head.* FROM lanes, LATERAL (
      SELECT id, endpoint_id, lane, due_at FROM webhook_deliveries
      WHERE endpoint_id = lanes.endpoint_id AND lane = lanes.lane AND state = 'pending' ORDER BY version, id LIMIT 1
    ) AS head ORDER BY head.due_at`,
};

const PUT_OFF: Statement = {
  name: 'webhooks_put_off',
  text: `UPDATE webhook_deliveries AS waiting SET due_at = $3
    WHERE endpoint_id = $1 AND lane = $2 AND state = 'pending' AND due_at < $3
      -- Unless the one that they wait for has been taken, or asked for by hand, meanwhile; and not what was asked for before it.
      AND EXISTS (
        SELECT FROM webhook_deliveries AS head
        WHERE head.id = $4 AND head.due_at = $3 AND head.state = 'pending'
          AND (head.version, head.id) < (waiting.version, waiting.id))`,
};

/** The run as of that version: what its events changed up to then, the last of each. */
const STATE = `(
  SELECT jsonb_object_agg(change.key, change.value ORDER BY event.version)
  FROM events AS event,
    jsonb_each(CASE WHEN jsonb_typeof(event.changes) = 'object' THEN event.changes ELSE '{}' END) AS change
  WHERE event.finetuning_id = delivery.finetuning_id AND event.version <= delivery.version)`;

const TOLD_AT = `CASE WHEN delivery.type = 'finetuning.stuck' THEN delivery.created_at ELSE coalesce((
  SELECT event.created_at FROM events AS event
  WHERE event.finetuning_id = delivery.finetuning_id AND event.version = delivery.version), delivery.created_at) END`;

const CLAIM: Statement = {
  name: 'webhooks_claim',
  text: `
    UPDATE webhook_deliveries AS delivery SET due_at = $3, attempts = attempts + 1
    FROM webhook_endpoints AS endpoint
    WHERE delivery.id = $1 AND delivery.due_at = $2 AND delivery.state = 'pending'
      AND endpoint.id = delivery.endpoint_id AND endpoint.enabled AND endpoint.deleted_at IS NULL
    RETURNING delivery.*, endpoint.url, endpoint.secret, endpoint.previous_secret, endpoint.previous_until,
      ${STATE} AS run_state, ${TOLD_AT} AS told_at`,
};

const RELEASE: Statement = {
  name: 'webhooks_release',
  text: `UPDATE webhook_deliveries SET due_at = $3, attempts = attempts - 1
    WHERE id = $1 AND due_at = $2 AND state = 'pending'`,
};

const SETTLE: Statement = {
  name: 'webhooks_settle',
  text: `UPDATE webhook_deliveries SET state = $3, due_at = $4, last_attempt_at = $5, last_duration_ms = $6,
      last_status = $7, last_answer = $8, last_error = $9
    WHERE id = $1 AND due_at = $2 AND state = 'pending' RETURNING id`,
};

/** It need wait no longer, however long the one before it was to be waited for. */
const NEXT: Statement = {
  name: 'webhooks_next',
  text: `UPDATE webhook_deliveries SET due_at = least(due_at, $3)
    WHERE state = 'pending' AND id = (
      SELECT id FROM webhook_deliveries
      WHERE endpoint_id = $1 AND lane = $2 AND state = 'pending' ORDER BY version, id LIMIT 1)
    RETURNING id, endpoint_id, lane, due_at`,
};

const DROP: Statement = {
  name: 'webhooks_drop',
  text: `
    WITH waiting AS MATERIALIZED (
      SELECT delivery.id FROM webhook_endpoints AS endpoint, LATERAL (
        SELECT id FROM webhook_deliveries WHERE endpoint_id = endpoint.id AND state = 'pending' LIMIT $3
      ) AS delivery
      WHERE endpoint.deleted_at > $1 LIMIT $3
    )
    UPDATE webhook_deliveries AS delivery SET state = 'void', due_at = $2
    FROM waiting WHERE delivery.id = waiting.id AND delivery.state = 'pending' RETURNING delivery.id`,
};

/** What is asked for by hand at this moment is left. */
const FORGET: Statement = {
  name: 'webhooks_forget',
  text: `
    WITH done AS MATERIALIZED (
      SELECT id FROM webhook_deliveries
      WHERE state IN ('void', 'delivered', 'given_up') AND due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    DELETE FROM webhook_deliveries AS delivery USING done WHERE delivery.id = done.id RETURNING delivery.id`,
};

const DISABLE: Statement = {
  name: 'webhooks_disable',
  text: 'UPDATE webhook_endpoints SET enabled = false, disabled_reason = $2, updated_at = $3 WHERE id = $1 AND url = $4',
};

export function outboxStore(db: Database): OutboxStore {
  const run = (statement: Statement, ...params: unknown[]) => runStatement(db, statement, params);
  const first = async (found: Promise<unknown[]>): Promise<Head | null> => heads.parse(await found)[0] ?? null;

  return {
    async promote(now) {
      await run(PROMOTE, now);
    },
    due: async (now, of_each) => heads.parse(await run(DUE, now, of_each)),
    async putOff({ id, endpoint_id, lane, due_at }) {
      await run(PUT_OFF, endpoint_id, lane, due_at, id);
    },
    async claim({ id, due_at }, until): Promise<Claimed | null> {
      return claimed.parse(await run(CLAIM, id, due_at, until))[0] ?? null;
    },
    async release({ id, due_at }, now) {
      await run(RELEASE, id, due_at, now);
    },
    async settle({ id, due_at, endpoint_id, lane }, settled) {
      const { last_attempt_at, last_duration_ms, last_status, last_answer, last_error } = settled;
      const came = [last_attempt_at, last_duration_ms, last_status, last_answer, last_error];
      const done = await run(SETTLE, id, due_at, settled.state, settled.due_at, ...came);
      // Asked for by hand meanwhile, or taken by another after all: it is theirs to go on with.
      return settled.state === 'pending' || done.length === 0
        ? null
        : first(run(NEXT, endpoint_id, lane, settled.due_at));
    },
    drop: async (since, now, most) => (await run(DROP, since, now, most)).length,
    forget: async (before, most) => (await run(FORGET, before, most)).length,
    async disable({ endpoint_id, url }, reason, now) {
      await run(DISABLE, endpoint_id, reason, now, url);
    },
  };
}
