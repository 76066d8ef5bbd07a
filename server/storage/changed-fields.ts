// Which fields of a row a change would give another value. Pure.
import { isDeepStrictEqual } from 'node:util';

/** What is undefined, or as it is in the row, is no change. */
export const changedFields = (row: object, changes: object): string[] =>
  Object.entries(changes)
    .filter(([field, value]) => value !== undefined && !isDeepStrictEqual(value, Reflect.get(row, field)))
    .map(([field]) => field);
