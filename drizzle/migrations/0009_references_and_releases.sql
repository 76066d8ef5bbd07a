ALTER TABLE "provider_calls" DROP CONSTRAINT "provider_calls_kind";--> statement-breakpoint
ALTER TABLE "finetunings" ADD COLUMN "job_name" text;--> statement-breakpoint
ALTER TABLE "finetunings" ADD COLUMN "job_incarnation" text;--> statement-breakpoint
ALTER TABLE "finetunings" ADD COLUMN "job_stage" text;--> statement-breakpoint
ALTER TABLE "provider_calls" ADD COLUMN "job_name" text;--> statement-breakpoint
ALTER TABLE "provider_calls" ADD COLUMN "job_incarnation" text;--> statement-breakpoint
ALTER TABLE "provider_calls" ADD CONSTRAINT "provider_calls_kind" CHECK (kind in ('upload', 'create', 'release', 'cancel', 'delete_file'));--> statement-breakpoint
CREATE OR REPLACE FUNCTION provider_calls_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    -- I7: after a cancel commits no new create is opened. I1: nor beside a job that is already known.
    IF NEW.kind = 'create' AND NOT EXISTS (
      SELECT 1 FROM finetunings WHERE id = NEW.finetuning_id AND intent = 'run' AND job_id IS NULL
        AND status NOT IN ('succeeded', 'failed', 'cancelled')
    ) THEN
      RAISE EXCEPTION 'finetuning %: no create may be opened', NEW.finetuning_id;
    END IF;
    -- I7: nor is a held job let begin.
    IF NEW.kind = 'release' AND NOT EXISTS (
      SELECT 1 FROM finetunings WHERE id = NEW.finetuning_id AND intent = 'run' AND job_id = NEW.job_id
        AND status NOT IN ('succeeded', 'failed', 'cancelled')
    ) THEN
      RAISE EXCEPTION 'finetuning %: no release may be opened', NEW.finetuning_id;
    END IF;
  ELSIF OLD.state <> 'open' AND NEW.state <> OLD.state THEN
    RAISE EXCEPTION 'provider call %: it is %, a resolved call stays resolved', OLD.id, OLD.state;
  END IF;
  RETURN NEW;
END $$;
