CREATE TABLE "bulk_cancel_runs" (
	"bulk_cancel_id" text NOT NULL,
	"finetuning_id" text NOT NULL,
	"organization_id" text NOT NULL,
	"wish" text,
	CONSTRAINT "bulk_cancel_runs_bulk_cancel_id_finetuning_id_pk" PRIMARY KEY("bulk_cancel_id","finetuning_id"),
	CONSTRAINT "bulk_cancel_runs_wish" CHECK (wish in ('asked', 'unknown', 'unreadable'))
);
--> statement-breakpoint
CREATE TABLE "bulk_cancels" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"chosen" jsonb NOT NULL,
	"as_of" timestamp(3) with time zone NOT NULL,
	"reason" text,
	"asked_by" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"idempotency_key" text,
	"request_hash" text NOT NULL,
	"stored_at" timestamp(3) with time zone,
	CONSTRAINT "bulk_cancels_id" CHECK (id ~ '^[0-9a-f]{24}$')
);
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "by" jsonb;--> statement-breakpoint
ALTER TABLE "finetunings" ADD COLUMN "cancel_requester" jsonb;--> statement-breakpoint
ALTER TABLE "bulk_cancel_runs" ADD CONSTRAINT "bulk_cancel_runs_bulk_cancel_id_bulk_cancels_id_fk" FOREIGN KEY ("bulk_cancel_id") REFERENCES "public"."bulk_cancels"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_cancel_runs" ADD CONSTRAINT "bulk_cancel_runs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_cancels" ADD CONSTRAINT "bulk_cancels_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bulk_cancel_runs_listed" ON "bulk_cancel_runs" USING btree ("bulk_cancel_id",finetuning_id collate "C");--> statement-breakpoint
CREATE INDEX "bulk_cancel_runs_open" ON "bulk_cancel_runs" USING btree ("bulk_cancel_id",finetuning_id collate "C") WHERE wish is null or wish = 'unreadable';--> statement-breakpoint
CREATE INDEX "bulk_cancels_listed" ON "bulk_cancels" USING btree ("organization_id",id collate "C");--> statement-breakpoint
CREATE INDEX "bulk_cancels_unstored" ON "bulk_cancels" USING btree ("id") WHERE stored_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "bulk_cancels_key" ON "bulk_cancels" USING btree ("organization_id","idempotency_key") WHERE idempotency_key is not null;--> statement-breakpoint
CREATE INDEX "events_audited" ON "events" USING btree ("organization_id","type","created_at","finetuning_id","version") WHERE "by" is not null;--> statement-breakpoint
CREATE INDEX "events_audited_by_actor" ON "events" USING btree ("organization_id",("by" ->> 'id'),type collate "C","created_at","finetuning_id","version") WHERE "by" is not null;