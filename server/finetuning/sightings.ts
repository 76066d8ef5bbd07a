// What this process has seen of each run, and since when by its own monotonic clock. A restart begins anew.
import type { Run } from './lifecycle/state.ts';
import { marksOf, type SeenFor } from './lifecycle/windows.ts';

/** A run that another process goes on with is forgotten after this; its windows would only begin anew. */
const REMEMBERED_MS = 86_400_000;

/** Milliseconds of a clock that neither steps nor runs at another speed than real time. */
export type Monotonic = () => number;

export type Sightings = {
  /** Notes what the run shows now; to be called with each row that is read to be decided on. */
  look(run: Run): SeenFor;
};

export function createSightings(monotonic: Monotonic): Sightings {
  /** The one that was not looked at for longest comes first. */
  const runs = new Map<string, { looked_at: number; marks: Map<string, number> }>();

  return {
    look(run) {
      const now = monotonic();
      const before = runs.get(run.id)?.marks;
      const marks = new Map(marksOf(run).map((mark) => [mark, before?.get(mark) ?? now]));
      runs.delete(run.id);
      if (marks.size > 0) runs.set(run.id, { looked_at: now, marks });
      for (const [oldest, { looked_at }] of runs) {
        if (now - looked_at < REMEMBERED_MS) break;
        runs.delete(oldest);
      }
      return (mark) => now - (marks.get(mark) ?? now);
    },
  };
}
