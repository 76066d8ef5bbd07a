-- What the database enforces itself, whatever the code does (DESIGN, section 3).

INSERT INTO "organizations" ("id", "name", "created_at") VALUES ('000000000000000000000000', 'default', now());
--> statement-breakpoint
CREATE FUNCTION finetunings_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- I5: a terminal status never changes, intent never falls, version rises by one.
  IF OLD.status IN ('succeeded', 'failed', 'cancelled') AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'finetuning % is %, a terminal status never changes', OLD.id, OLD.status;
  END IF;
  IF array_position(ARRAY['run', 'cancel', 'delete'], NEW.intent) < array_position(ARRAY['run', 'cancel', 'delete'], OLD.intent) THEN
    RAISE EXCEPTION 'finetuning %: intent never falls from % to %', OLD.id, OLD.intent, NEW.intent;
  END IF;
  IF NEW.version NOT IN (OLD.version, OLD.version + 1) THEN
    RAISE EXCEPTION 'finetuning %: version goes from % to %, not by one', OLD.id, OLD.version, NEW.version;
  END IF;
  IF OLD.job_id IS NOT NULL AND NEW.job_id IS DISTINCT FROM OLD.job_id THEN
    RAISE EXCEPTION 'finetuning %: its provider job never changes', OLD.id;
  END IF;
  -- I8: the first time stamp is kept.
  IF OLD.cancel_requested_at IS NOT NULL AND NEW.cancel_requested_at IS DISTINCT FROM OLD.cancel_requested_at THEN
    RAISE EXCEPTION 'finetuning %: the time of the first cancel is kept', OLD.id;
  END IF;
  -- I9: what is shown changes only with a version, and so with an event.
  IF NEW.version = OLD.version AND (NEW.status, NEW.intent, NEW.file_id, NEW.job_id, NEW.error, NEW.evidence)
      IS DISTINCT FROM (OLD.status, OLD.intent, OLD.file_id, OLD.job_id, OLD.error, OLD.evidence) THEN
    RAISE EXCEPTION 'finetuning %: a change without a new version', OLD.id;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER finetunings_guard BEFORE UPDATE ON "finetunings" FOR EACH ROW EXECUTE FUNCTION finetunings_guard();
--> statement-breakpoint
CREATE FUNCTION provider_calls_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    -- I7: after a cancel commits no new create is opened. I1: nor beside a job that is already known.
    IF NEW.kind = 'create' AND NOT EXISTS (
      SELECT 1 FROM finetunings WHERE id = NEW.finetuning_id AND intent = 'run' AND job_id IS NULL
        AND status NOT IN ('succeeded', 'failed', 'cancelled')
    ) THEN
      RAISE EXCEPTION 'finetuning %: no create may be opened', NEW.finetuning_id;
    END IF;
  ELSIF OLD.state <> 'open' AND NEW.state <> OLD.state THEN
    RAISE EXCEPTION 'provider call %: it is %, a resolved call stays resolved', OLD.id, OLD.state;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER provider_calls_guard BEFORE INSERT OR UPDATE ON "provider_calls" FOR EACH ROW EXECUTE FUNCTION provider_calls_guard();
--> statement-breakpoint
CREATE FUNCTION history_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% in % is refused: history is kept', TG_OP, TG_TABLE_NAME;
END $$;
--> statement-breakpoint
CREATE TRIGGER events_are_kept BEFORE UPDATE OR DELETE ON "events" FOR EACH ROW EXECUTE FUNCTION history_is_kept();
--> statement-breakpoint
CREATE TRIGGER provider_calls_are_kept BEFORE DELETE ON "provider_calls" FOR EACH ROW EXECUTE FUNCTION history_is_kept();
--> statement-breakpoint
CREATE TRIGGER finetunings_are_kept BEFORE DELETE ON "finetunings" FOR EACH ROW EXECUTE FUNCTION history_is_kept();
--> statement-breakpoint
CREATE TRIGGER golden_records_are_kept BEFORE DELETE ON "golden_records" FOR EACH ROW EXECUTE FUNCTION history_is_kept();
--> statement-breakpoint
CREATE FUNCTION golden_records_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.prompt_text, NEW.sql, NEW.db_connection_id, NEW.organization_id)
      IS DISTINCT FROM (OLD.prompt_text, OLD.sql, OLD.db_connection_id, OLD.organization_id) THEN
    RAISE EXCEPTION 'golden record %: its text never changes, add another record', OLD.id;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER golden_records_guard BEFORE UPDATE ON "golden_records" FOR EACH ROW EXECUTE FUNCTION golden_records_guard();
