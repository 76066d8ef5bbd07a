CREATE TABLE "db_connections" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"alias" text NOT NULL,
	"dialect" text NOT NULL,
	"schema_sql" text NOT NULL,
	"metadata" jsonb,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "db_connections_id" CHECK (id ~ '^[0-9a-f]{24}$')
);
--> statement-breakpoint
CREATE TABLE "events" (
	"finetuning_id" text NOT NULL,
	"version" integer NOT NULL,
	"organization_id" text NOT NULL,
	"type" text NOT NULL,
	"message" text NOT NULL,
	"changes" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "events_finetuning_id_version_pk" PRIMARY KEY("finetuning_id","version")
);
--> statement-breakpoint
CREATE TABLE "finetunings" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"db_connection_id" text NOT NULL,
	"model_provider" text NOT NULL,
	"model_name" text NOT NULL,
	"model_parameters" jsonb NOT NULL,
	"golden_records" text[] NOT NULL,
	"system_prompt" text NOT NULL,
	"dataset" jsonb NOT NULL,
	"provider_ledger" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"status" text NOT NULL,
	"intent" text NOT NULL,
	"alias" text,
	"metadata" jsonb,
	"attempt" integer NOT NULL,
	"file_id" text,
	"job_id" text,
	"model_id" text,
	"error" text,
	"provider_status" text,
	"trained_tokens" bigint,
	"progress" jsonb,
	"cancel_requested_at" timestamp(3) with time zone,
	"cancel_requested_by" text,
	"cancel_reason" text,
	"cancel_confirmed_at" timestamp(3) with time zone,
	"evidence" text,
	"gone_since" timestamp(3) with time zone,
	"deleted_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	"due_at" timestamp(3) with time zone,
	"failures" integer NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "finetunings_id" CHECK (id ~ '^[0-9a-f]{24}$'),
	CONSTRAINT "finetunings_status" CHECK (status in ('queued', 'validating_files', 'running', 'succeeded', 'failed', 'cancelled')),
	CONSTRAINT "finetunings_intent" CHECK (intent in ('run', 'cancel', 'delete')),
	CONSTRAINT "cancelled_needs_evidence" CHECK (status <> 'cancelled' or (evidence is not null and cancel_confirmed_at is not null and evidence in ('never_submitted', 'submission_refused', 'absent_at_provider', 'provider_cancelled', 'provider_gone')))
);
--> statement-breakpoint
CREATE TABLE "golden_records" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"db_connection_id" text NOT NULL,
	"prompt_text" text NOT NULL,
	"sql" text NOT NULL,
	"metadata" jsonb,
	"warnings" jsonb NOT NULL,
	"content_hash" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"deleted_at" timestamp(3) with time zone,
	CONSTRAINT "golden_records_id" CHECK (id ~ '^[0-9a-f]{24}$'),
	CONSTRAINT "golden_records_not_empty" CHECK (prompt_text <> '' and sql <> '')
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"organization_id" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"finetuning_id" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_organization_id_key_pk" PRIMARY KEY("organization_id","key")
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provider_calls" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"finetuning_id" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"attempt" integer NOT NULL,
	"file_id" text,
	"job_id" text,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"lease_until" timestamp(3) with time zone NOT NULL,
	"replied_at" timestamp(3) with time zone,
	"looked_up_at" timestamp(3) with time zone,
	"fenced_at" timestamp(3) with time zone,
	"detail" text,
	CONSTRAINT "provider_calls_kind" CHECK (kind in ('upload', 'create', 'cancel', 'delete_file')),
	CONSTRAINT "provider_calls_state" CHECK (state in ('open', 'done', 'refused', 'settled'))
);
--> statement-breakpoint
ALTER TABLE "db_connections" ADD CONSTRAINT "db_connections_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_finetuning_id_finetunings_id_fk" FOREIGN KEY ("finetuning_id") REFERENCES "public"."finetunings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finetunings" ADD CONSTRAINT "finetunings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finetunings" ADD CONSTRAINT "finetunings_db_connection_id_db_connections_id_fk" FOREIGN KEY ("db_connection_id") REFERENCES "public"."db_connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "golden_records" ADD CONSTRAINT "golden_records_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "golden_records" ADD CONSTRAINT "golden_records_db_connection_id_db_connections_id_fk" FOREIGN KEY ("db_connection_id") REFERENCES "public"."db_connections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_calls" ADD CONSTRAINT "provider_calls_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provider_calls" ADD CONSTRAINT "provider_calls_finetuning_id_finetunings_id_fk" FOREIGN KEY ("finetuning_id") REFERENCES "public"."finetunings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "db_connections_organization_id_id_index" ON "db_connections" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "finetunings_by_organization" ON "finetunings" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "finetunings_due" ON "finetunings" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "finetunings_by_job" ON "finetunings" USING btree ("job_id");--> statement-breakpoint
CREATE UNIQUE INDEX "golden_records_content" ON "golden_records" USING btree ("db_connection_id","content_hash") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "golden_records_by_connection" ON "golden_records" USING btree ("organization_id","db_connection_id","id");--> statement-breakpoint
CREATE INDEX "provider_calls_by_finetuning" ON "provider_calls" USING btree ("finetuning_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_live_create" ON "provider_calls" USING btree ("finetuning_id") WHERE kind = 'create' and state = 'open';