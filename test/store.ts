// A store on one database for all that is asked of it, which tells no queue.
import type { Store } from '../server/finetuning/store.ts';
import type { Database } from '../server/storage/database.ts';
import { createStore } from '../server/storage/store.ts';

export const storeOn = (db: Database): Store =>
  createStore(
    db,
    async () => {},
    (_by, work) => work(db),
  );
