// Gives the event loop its turn during long computations, so that thousands of records do not stall the server.
import { setImmediate } from 'node:timers/promises';

/** Whoever is served meanwhile waits for one at each of a dozen steps: to the database, from it, to the provider, … */
const SLICE_MS = 8;

/** @returns a function to await between pieces of work; it waits only once 8 ms have been used up. */
export function timeSlice(): () => Promise<void> {
  let started = performance.now();
  return async () => {
    if (performance.now() - started < SLICE_MS) return;
    await setImmediate();
    started = performance.now();
  };
}
