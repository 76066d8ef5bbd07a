CREATE INDEX "webhook_deliveries_done" ON "webhook_deliveries" USING btree ("due_at") WHERE state in ('void', 'delivered', 'given_up');
--> statement-breakpoint
-- What is told of a run is written with the event that it tells, by whoever writes that: no change without its webhooks, and
-- none of a change that was not written. Without an endpoint this finds none, and that is all.
CREATE OR REPLACE FUNCTION tell_endpoints() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  began bigint := extract(epoch FROM clock_timestamp()) * 1000000;
BEGIN
  -- In the order in which they are told: two of one event would share a microsecond now and then, and the clock may step.
  INSERT INTO webhook_deliveries
    (id, organization_id, endpoint_id, lane, finetuning_id, version, type, state, attempts, due_at, created_at)
  SELECT
    lpad(to_hex(began + row_number() OVER (ORDER BY event.finetuning_id, event.version, told.place)), 14, '0')
      || substr(replace(gen_random_uuid()::text, '-', ''), 1, 10),
    event.organization_id, endpoint.id, event.finetuning_id, event.finetuning_id, event.version, told.type,
    'pending', 0, event.created_at, event.created_at
  FROM added AS event
  JOIN webhook_endpoints AS endpoint
    ON endpoint.organization_id = event.organization_id AND endpoint.enabled AND endpoint.deleted_at IS NULL,
  LATERAL (VALUES
    (1, 'finetuning.cancel_requested', event.type IN ('cancel_requested', 'delete_requested')
      AND event.changes ->> 'cancel_requested_at' IS NOT NULL),
    (2, 'finetuning.status_changed', event.changes ? 'status'),
    (3, 'finetuning.cancelled', event.changes ->> 'status' IS NOT DISTINCT FROM 'cancelled'),
    -- It came after the end, or the end came before it had taken effect.
    (4, 'finetuning.cancel_too_late', event.type = 'cancel_too_late'
      OR coalesce(event.changes ->> 'status' IN ('succeeded', 'failed'), false) AND (
        SELECT run.intent <> 'run' AND run.cancel_requested_at IS NOT NULL
        FROM finetunings AS run WHERE run.id = event.finetuning_id))
  ) AS told (place, type, holds)
  WHERE told.holds AND (endpoint.types IS NULL OR told.type = ANY (endpoint.types));

  -- A wait is told once for all, if it lasts.
  INSERT INTO webhook_deliveries
    (organization_id, endpoint_id, lane, finetuning_id, version, type, waiting_since, state, attempts, due_at, created_at)
  SELECT event.organization_id, endpoint.id, event.finetuning_id, event.finetuning_id, event.version, 'finetuning.stuck',
    event.changes -> 'waiting' ->> 'since', 'watching', 0, event.created_at + interval '10 minutes', event.created_at
  FROM added AS event
  JOIN webhook_endpoints AS endpoint
    ON endpoint.organization_id = event.organization_id AND endpoint.enabled AND endpoint.deleted_at IS NULL
  WHERE event.changes -> 'waiting' ->> 'since' IS NOT NULL
    AND (endpoint.types IS NULL OR 'finetuning.stuck' = ANY (endpoint.types))
  ON CONFLICT (endpoint_id, finetuning_id, waiting_since) WHERE waiting_since IS NOT NULL DO NOTHING;
  RETURN NULL;
END $$;
