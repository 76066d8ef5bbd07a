// Gives the event loop its turn during long computations, so that thousands of records do not stall the server.
import { setImmediate } from 'node:timers/promises';

const SLICE_MS = 25;

/** @returns a function to await between pieces of work; it waits only once 25 ms have been used up. */
export function timeSlice(): () => Promise<void> {
  let started = performance.now();
  return async () => {
    if (performance.now() - started < SLICE_MS) return;
    await setImmediate();
    started = performance.now();
  };
}
