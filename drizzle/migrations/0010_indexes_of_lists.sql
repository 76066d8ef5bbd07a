DROP INDEX "db_connections_organization_id_id_index";--> statement-breakpoint
DROP INDEX "finetunings_by_organization";--> statement-breakpoint
DROP INDEX "finetunings_by_job";--> statement-breakpoint
DROP INDEX "golden_records_by_connection";--> statement-breakpoint
CREATE INDEX "db_connections_listed" ON "db_connections" USING btree ("organization_id",id collate "C") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "finetunings_listed" ON "finetunings" USING btree ("organization_id","status",id collate "C") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "finetunings_by_model" ON "finetunings" USING btree ("organization_id","model_name","status",id collate "C") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "finetunings_by_connection" ON "finetunings" USING btree ("organization_id","db_connection_id","status",id collate "C") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "finetunings_by_connection_and_model" ON "finetunings" USING btree ("organization_id","db_connection_id","model_name","status",id collate "C") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "golden_records_listed" ON "golden_records" USING btree ("organization_id",id collate "C") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "golden_records_by_import" ON "golden_records" USING btree ("import_id") WHERE import_id is not null;--> statement-breakpoint
CREATE INDEX "sandbox_entries_listed" ON "sandbox_entries" USING btree ("kind","position");--> statement-breakpoint
CREATE INDEX "sandbox_jobs_on_file" ON "sandbox_entries" USING btree ((document ->> 'training_file')) WHERE kind = 'job';--> statement-breakpoint
CREATE INDEX "golden_records_by_connection" ON "golden_records" USING btree ("organization_id","db_connection_id",id collate "C") WHERE deleted_at is null;