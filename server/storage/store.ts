// The storage port, implemented on the database.
import type { Store } from '../finetuning/store.ts';
import type { Database } from './database.ts';
import { dbConnectionStore } from './db-connections.ts';
import { finetuningStore, type Wake } from './finetunings.ts';
import { goldenRecordStore } from './golden-records.ts';

export const createStore = (db: Database, wake: Wake): Store => ({
  finetunings: finetuningStore(db, wake),
  goldenRecords: goldenRecordStore(db),
  dbConnections: dbConnectionStore(db),
});
