// What this process has seen of each run, and since when by its own monotonic clock. A restart begins anew.
import type { Run } from './lifecycle/state.ts';
import { marksOf, type SeenFor } from './lifecycle/windows.ts';

/** Runs remembered; of one that is forgotten the windows only begin anew. */
const MOST_RUNS = 10_000;

/** Milliseconds of a clock that neither steps nor runs at another speed than real time. */
export type Monotonic = () => number;

export type Sightings = {
  /** Notes what the run shows now; to be called with each row that is read to be decided on. */
  look(run: Run): SeenFor;
};

export function createSightings(monotonic: Monotonic): Sightings {
  const runs = new Map<string, Map<string, number>>();

  return {
    look(run) {
      const now = monotonic();
      const before = runs.get(run.id);
      const seen = new Map(marksOf(run).map((mark) => [mark, before?.get(mark) ?? now]));
      // Last in order: the first in order is the one that was not looked at for longest.
      runs.delete(run.id);
      if (seen.size > 0) runs.set(run.id, seen);
      if (runs.size > MOST_RUNS) for (const oldest of runs.keys().take(1)) runs.delete(oldest);
      return (mark) => now - (seen.get(mark) ?? now);
    },
  };
}
