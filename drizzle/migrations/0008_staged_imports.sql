CREATE TABLE "imports" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"done_at" timestamp(3) with time zone,
	CONSTRAINT "imports_id" CHECK (id ~ '^[0-9a-f]{24}$')
);
--> statement-breakpoint
ALTER TABLE "golden_records" ADD COLUMN "import_id" text;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "imports_unfinished" ON "imports" USING btree ("id") WHERE done_at is null;--> statement-breakpoint
ALTER TABLE "golden_records" ADD CONSTRAINT "golden_records_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
-- Only what nobody has seen is deleted: the records of an import that was never done.
CREATE FUNCTION golden_records_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM imports WHERE id = OLD.import_id AND done_at IS NULL) THEN
    RAISE EXCEPTION '% in % is refused: history is kept', TG_OP, TG_TABLE_NAME;
  END IF;
  RETURN OLD;
END $$;
--> statement-breakpoint
DROP TRIGGER golden_records_are_kept ON "golden_records";
--> statement-breakpoint
CREATE TRIGGER golden_records_are_kept BEFORE DELETE ON "golden_records" FOR EACH ROW EXECUTE FUNCTION golden_records_are_kept();
--> statement-breakpoint
CREATE FUNCTION imports_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.done_at IS NOT NULL THEN
    RAISE EXCEPTION 'import %: it is done, and stays so', OLD.id;
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
--> statement-breakpoint
CREATE TRIGGER imports_guard BEFORE UPDATE OR DELETE ON "imports" FOR EACH ROW EXECUTE FUNCTION imports_guard();
