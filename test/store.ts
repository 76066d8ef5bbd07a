// A store on one database for all that is asked of it, which tells no queue.
import type { Store } from '../server/finetuning/store.ts';
import { tellNobody } from '../server/storage/after-commit.ts';
import type { Database } from '../server/storage/database.ts';
import { createStore } from '../server/storage/store.ts';

export const storeOn = (db: Database): Store => createStore(db, tellNobody, (_by, _effect, statement) => statement(db));
