ALTER TABLE "events" ADD COLUMN "by" jsonb;--> statement-breakpoint
ALTER TABLE "finetunings" ADD COLUMN "cancel_requester" jsonb;--> statement-breakpoint
CREATE INDEX "events_audited" ON "events" USING btree ("organization_id","type","created_at","finetuning_id","version") WHERE "by" is not null;--> statement-breakpoint
CREATE INDEX "events_audited_by_actor" ON "events" USING btree ("organization_id",("by" ->> 'id'),type collate "C","created_at","finetuning_id","version") WHERE "by" is not null;