CREATE TABLE "limit_counts" (
	"counted" text PRIMARY KEY NOT NULL,
	"minute" integer NOT NULL,
	"calls" integer NOT NULL,
	CONSTRAINT "limit_counts_calls" CHECK (calls >= 0)
);
