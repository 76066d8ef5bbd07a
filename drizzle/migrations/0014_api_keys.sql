CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"digest" text NOT NULL,
	"hint" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone,
	"last_used_at" timestamp(3) with time zone,
	"revoked_at" timestamp(3) with time zone,
	"replaced_by" text,
	CONSTRAINT "api_keys_id" CHECK (id ~ '^[0-9a-f]{24}$'),
	CONSTRAINT "api_keys_is_digest" CHECK (digest ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "api_keys_scopes" CHECK (scopes <> '{}' and scopes <@ array['read', 'run', 'cancel', 'admin']),
	CONSTRAINT "api_keys_replaced_expires" CHECK (replaced_by is null or expires_at is not null)
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_replaced_by_api_keys_id_fk" FOREIGN KEY ("replaced_by") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_digest" ON "api_keys" USING btree ("digest");--> statement-breakpoint
CREATE INDEX "api_keys_listed" ON "api_keys" USING btree ("organization_id",id collate "C");--> statement-breakpoint
-- What a key opens is settled when it is made; from then on it can only open less.
CREATE FUNCTION api_keys_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.organization_id, NEW.digest, NEW.scopes) IS DISTINCT FROM (OLD.organization_id, OLD.digest, OLD.scopes) THEN
    RAISE EXCEPTION 'API key %: what it opens never changes, make another key', OLD.id;
  END IF;
  IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at THEN
    RAISE EXCEPTION 'API key %: a revoked key stays revoked', OLD.id;
  END IF;
  IF OLD.expires_at IS NOT NULL AND (NEW.expires_at IS NULL OR NEW.expires_at > OLD.expires_at) THEN
    RAISE EXCEPTION 'API key %: it never expires later than it was to', OLD.id;
  END IF;
  IF OLD.replaced_by IS NOT NULL AND NEW.replaced_by IS DISTINCT FROM OLD.replaced_by THEN
    RAISE EXCEPTION 'API key %: it is replaced once', OLD.id;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER api_keys_guard BEFORE UPDATE ON "api_keys" FOR EACH ROW EXECUTE FUNCTION api_keys_guard();
--> statement-breakpoint
CREATE TRIGGER api_keys_are_kept BEFORE DELETE ON "api_keys" FOR EACH ROW EXECUTE FUNCTION history_is_kept();
