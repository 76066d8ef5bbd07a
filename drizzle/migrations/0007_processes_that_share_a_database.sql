CREATE TABLE "sandbox_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "sandbox_entries_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"document" jsonb NOT NULL,
	"content" "bytea"
);
--> statement-breakpoint
CREATE TABLE "sandbox_ledgers" (
	"place" integer PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	CONSTRAINT "one_sandbox_ledger" CHECK (place = 1)
);
--> statement-breakpoint
CREATE TABLE "worker_signs" (
	"place" integer PRIMARY KEY NOT NULL,
	"seen_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "one_worker_sign" CHECK (place = 1)
);
--> statement-breakpoint
ALTER TABLE "finetunings" ADD COLUMN "last_tried" jsonb;