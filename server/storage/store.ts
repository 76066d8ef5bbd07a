// The storage port, implemented on the database.
import type { Store } from '../finetuning/store.ts';
import type { Database } from './database.ts';
import { dbConnectionStore } from './db-connections.ts';
import { finetuningStore, type Wake } from './finetunings.ts';
import { goldenRecordStore } from './golden-records.ts';
import { tellingUnavailable } from './lost-connection.ts';
import { unownedCancelStore } from './unowned-cancels.ts';

export const createStore = (db: Database, wake: Wake): Store => ({
  finetunings: tellingUnavailable(finetuningStore(db, wake)),
  goldenRecords: tellingUnavailable(goldenRecordStore(db)),
  dbConnections: tellingUnavailable(dbConnectionStore(db)),
  unownedCancels: tellingUnavailable(unownedCancelStore(db)),
});
