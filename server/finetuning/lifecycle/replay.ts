// Events carry what they changed; replaying them gives the row (I9).
import { isDeepStrictEqual } from 'node:util';
import { type State, stateSchema } from './state.ts';

export const changesSchema = stateSchema.partial();
export type Changes = Partial<State>;

/** What differs from `before` in `after`; all of it where there is no before. */
export function changesBetween(before: State | null, after: State): Changes {
  if (before === null) return after;
  const keys = stateSchema.keyof().options.filter((key) => !isDeepStrictEqual(before[key], after[key]));
  return changesSchema.parse(Object.fromEntries(keys.map((key) => [key, after[key]])));
}

/** Not in histories that began before it was kept. */
const addedSince = { waiting: null, job_name: null, job_incarnation: null, job_stage: null, cancel_requester: null };

/** @throws ZodError where the first change is not a whole state. */
export const replay = (changes: readonly Changes[]): State =>
  stateSchema.parse(Object.assign({}, addedSince, ...changes));
