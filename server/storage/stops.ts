// What a stop asks of the database: on connections that stops have for themselves, each for as long as there is time.
import type { StopStore } from '../finetuning/store.ts';
import type { Lend } from './database.ts';
import { finetuningStore, type Wake } from './finetunings.ts';

/** Of a few tiny statements. So one connection that nothing comes through any more does not use up a long wait. */
const LONGEST_MS = 5000;

export function stopStore(lend: Lend, wake: Wake, by: number): StopStore {
  const on = <T>(work: (store: StopStore) => Promise<T>): Promise<T> =>
    lend(Math.min(by, performance.now() + LONGEST_MS), (db) => work(finetuningStore(db, wake)));
  return {
    find: (...given) => on((store) => store.find(...given)),
    findAny: (...given) => on((store) => store.findAny(...given)),
    save: (...given) => on((store) => store.save(...given)),
  };
}
