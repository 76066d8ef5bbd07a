// What a stop asks of the database: on connections that stops have for themselves, each for as long as there is time.
import type { StopStore } from '../finetuning/store.ts';
import type { AfterCommit } from './after-commit.ts';
import type { Lend } from './database.ts';
import { trackedRuns } from './tracked-runs.ts';

/** Of one tiny statement. So one connection that nothing comes through any more does not use up a long wait. */
const LONGEST_MS = 5000;

export function stopStore(lend: Lend, tell: AfterCommit, by: number): StopStore {
  const within = () => Math.min(by, performance.now() + LONGEST_MS);
  return {
    find: (...given) => lend(within(), 'reads', (db) => trackedRuns(db, tell).find(...given)),
    findAny: (...given) => lend(within(), 'reads', (db) => trackedRuns(db, tell).findAny(...given)),
    save: (...given) => lend(within(), 'writes', (db) => trackedRuns(db, tell).save(...given)),
  };
}
