// How far a proof goes: small in `npm test`, `proof` in `npm run test:proof`, `deep` in `npm run test:deep`.
export const levels = ['small', 'proof', 'deep'] as const;
export type Level = (typeof levels)[number];

export const level: Level = levels.find((name) => name === process.env['PROOF']) ?? 'small';

export const atLevel = <T>(figures: Record<Level, T>): T => figures[level];

const HOUR_MS = 3_600_000;
/** For one test of a proof: only one that never ends meets it. Deep ones take an hour where nothing else runs. */
export const LONGEST_MS = atLevel({ small: HOUR_MS, proof: 2 * HOUR_MS, deep: 24 * HOUR_MS });
