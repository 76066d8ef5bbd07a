-- Says, as it commits, which finetuning has a new event. Nothing depends on it being heard.
CREATE FUNCTION hint_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('goldtune_events', NEW.finetuning_id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER events_hint AFTER INSERT ON "events" FOR EACH ROW EXECUTE FUNCTION hint_event();
