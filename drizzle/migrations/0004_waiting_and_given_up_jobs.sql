ALTER TABLE "finetunings" ADD COLUMN "waiting" jsonb;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION finetunings_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
  -- Its job is another only where the one known is not shown any more, and none only where its attempt was given up.
  IF OLD.job_id IS NOT NULL AND NEW.job_id IS DISTINCT FROM OLD.job_id
      AND NOT (NEW.job_id IS NOT NULL AND OLD.gone_since IS NOT NULL)
      AND NOT (NEW.job_id IS NULL AND NEW.attempt = OLD.attempt + 1 AND NEW.status = 'queued') THEN
    RAISE EXCEPTION 'finetuning %: its provider job does not change', OLD.id;
  END IF;
  -- I8: the first time stamp is kept.
  IF OLD.cancel_requested_at IS NOT NULL AND NEW.cancel_requested_at IS DISTINCT FROM OLD.cancel_requested_at THEN
    RAISE EXCEPTION 'finetuning %: the time of the first cancel is kept', OLD.id;
  END IF;
  -- I9: what is shown changes only with a version, and so with an event.
  IF NEW.version = OLD.version AND (NEW.status, NEW.intent, NEW.file_id, NEW.job_id, NEW.error, NEW.evidence, NEW.waiting)
      IS DISTINCT FROM (OLD.status, OLD.intent, OLD.file_id, OLD.job_id, OLD.error, OLD.evidence, OLD.waiting) THEN
    RAISE EXCEPTION 'finetuning %: a change without a new version', OLD.id;
  END IF;
  RETURN NEW;
END $$;
