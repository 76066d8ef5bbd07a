// How far a proof goes: as far as `npm test` has time for, or deep (`npm run test:deep`).
export const level = process.env['PROOF'] === 'deep' ? 'deep' : 'test';

export const atLevel = <T>(figures: { test: T; deep: T }): T => figures[level];
