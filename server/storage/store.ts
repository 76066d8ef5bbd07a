// The storage port, implemented on the database.
import type { Store } from '../finetuning/store.ts';
import type { AfterCommit } from './after-commit.ts';
import { auditStore } from './audit.ts';
import { bulkCancelStore } from './bulk-cancels.ts';
import type { Database, Lend } from './database.ts';
import { dbConnectionStore } from './db-connections.ts';
import { finetuningStore } from './finetunings.ts';
import { goldenRecordStore } from './golden-records.ts';
import { stopStore } from './stops.ts';
import { translated } from './unavailable.ts';
import { unownedCancelStore } from './unowned-cancels.ts';
import { webhookStore } from './webhook-endpoints.ts';
import { workerStore } from './workers.ts';

/**
 * @param stops lends the connections that stops have for themselves
 * @param sessions how many the database has: where there is one, long work on it is cut into short transactions
 */
export const createStore = (
  db: Database,
  tell: AfterCommit,
  stops: Lend,
  sessions: 'one' | 'many' = 'many',
): Store => ({
  finetunings: translated(finetuningStore(db, tell)),
  stops: (by) => stopStore(stops, tell, by),
  workers: translated(workerStore(db)),
  goldenRecords: translated(goldenRecordStore(db, sessions)),
  dbConnections: translated(dbConnectionStore(db)),
  unownedCancels: translated(unownedCancelStore(db)),
  bulkCancels: bulkCancelStore(db, stops),
  webhooks: translated(webhookStore(db)),
  audit: translated(auditStore(db)),
});
