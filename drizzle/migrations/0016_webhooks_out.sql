CREATE TABLE "webhook_deliveries" (
	"id" text PRIMARY KEY DEFAULT lpad(to_hex((extract(epoch from clock_timestamp()) * 1000000)::bigint), 14, '0') || substr(replace(gen_random_uuid()::text, '-', ''), 1, 10) NOT NULL,
	"organization_id" text NOT NULL,
	"endpoint_id" text NOT NULL,
	"lane" text NOT NULL,
	"finetuning_id" text,
	"version" integer NOT NULL,
	"type" text NOT NULL,
	"waiting_since" text,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"due_at" timestamp(3) with time zone NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"last_attempt_at" timestamp(3) with time zone,
	"last_duration_ms" integer,
	"last_status" integer,
	"last_answer" text,
	"last_error" text,
	CONSTRAINT "webhook_deliveries_id" CHECK (id ~ '^[0-9a-f]{24}$'),
	CONSTRAINT "webhook_deliveries_state" CHECK (state in ('watching', 'void', 'pending', 'delivered', 'given_up'))
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"url" text NOT NULL,
	"description" text,
	"types" text[],
	"enabled" boolean NOT NULL,
	"disabled_reason" text,
	"secret" text NOT NULL,
	"previous_secret" text,
	"previous_until" timestamp(3) with time zone,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"deleted_at" timestamp(3) with time zone,
	CONSTRAINT "webhook_endpoints_id" CHECK (id ~ '^[0-9a-f]{24}$')
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_finetuning_id_finetunings_id_fk" FOREIGN KEY ("finetuning_id") REFERENCES "public"."finetunings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_listed" ON "webhook_deliveries" USING btree ("endpoint_id",id collate "C") WHERE state not in ('watching', 'void');--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("endpoint_id","due_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_in_order" ON "webhook_deliveries" USING btree ("endpoint_id","lane","version","id") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_watching" ON "webhook_deliveries" USING btree ("due_at") WHERE state = 'watching';--> statement-breakpoint
CREATE UNIQUE INDEX "one_stuck_of_a_wait" ON "webhook_deliveries" USING btree ("endpoint_id","finetuning_id","waiting_since") WHERE waiting_since is not null;--> statement-breakpoint
CREATE INDEX "webhook_endpoints_listed" ON "webhook_endpoints" USING btree ("organization_id",id collate "C") WHERE deleted_at is null;
--> statement-breakpoint
-- What is told of a run is written with the event that it tells, by whoever writes that: no change without its webhooks, and
-- none of a change that was not written. Without an endpoint this finds none, and that is all.
CREATE FUNCTION tell_endpoints() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO webhook_deliveries
    (organization_id, endpoint_id, lane, finetuning_id, version, type, state, attempts, due_at, created_at)
  SELECT event.organization_id, endpoint.id, event.finetuning_id, event.finetuning_id, event.version, told.type,
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
  WHERE told.holds AND (endpoint.types IS NULL OR told.type = ANY (endpoint.types))
  ORDER BY event.finetuning_id, event.version, told.place;

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
--> statement-breakpoint
CREATE TRIGGER events_told AFTER INSERT ON "events" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION tell_endpoints();
