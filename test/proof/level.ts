// How far a proof goes: as far as `npm test` has time for, or deep (`npm run test:deep`).
export const level = process.env['PROOF'] === 'deep' ? 'deep' : 'test';

export const atLevel = <T>(figures: { test: T; deep: T }): T => figures[level];

const MINUTE_MS = 60_000;
/** For one test of a proof. Deep ones take an hour where nothing else runs, and all of them run beside each other. */
export const LONGEST_MS = atLevel({ test: 10 * MINUTE_MS, deep: 6 * 60 * MINUTE_MS });
