// The storage port, implemented on the database.
import type { Store } from '../finetuning/store.ts';
import type { Database } from './database.ts';
import { dbConnectionStore } from './db-connections.ts';
import { finetuningStore, type Wake } from './finetunings.ts';
import { goldenRecordStore } from './golden-records.ts';
import { tellingUnavailable } from './unavailable.ts';
import { unownedCancelStore } from './unowned-cancels.ts';
import { workerStore } from './workers.ts';

export const createStore = (db: Database, wake: Wake): Store => ({
  finetunings: translated(finetuningStore(db, wake)),
  workers: translated(workerStore(db)),
  goldenRecords: translated(goldenRecordStore(db)),
  dbConnections: translated(dbConnectionStore(db)),
  unownedCancels: translated(unownedCancelStore(db)),
});

/** The same methods, each rejecting with DomainError `unavailable` where the database cannot do it just now. */
function translated<Part extends object>(part: Part): Part {
  return new Proxy(part, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...input: unknown[]) => tellingUnavailable(() => member.apply(target, input));
    },
  });
}
