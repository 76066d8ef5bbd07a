// A store on one database for all that is asked of it, which tells no queue.
import type { Actor } from '../server/finetuning/lifecycle/actor.ts';
import type { Store } from '../server/finetuning/store.ts';
import { tellNobody } from '../server/storage/after-commit.ts';
import type { Database } from '../server/storage/database.ts';
import { createStore } from '../server/storage/store.ts';

/** Who a test lets do what it asks of a store itself. */
export const by: Actor = { who: 'local', id: 'local', name: 'local', from: null };

export const storeOn = (db: Database): Store => createStore(db, tellNobody, (_by, _effect, statement) => statement(db));
