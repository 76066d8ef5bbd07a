-- Hints are sent once a transaction has committed. Within it, NOTIFY makes all commits of the database wait for one another.
DROP TRIGGER events_hint ON "events";
--> statement-breakpoint
DROP FUNCTION hint_event();
