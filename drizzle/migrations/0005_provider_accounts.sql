CREATE TABLE "provider_accounts" (
	"ledger" text PRIMARY KEY NOT NULL,
	"organization" text,
	"project" text,
	"told_at" timestamp(3) with time zone NOT NULL
);
