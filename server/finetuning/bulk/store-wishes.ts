// Gives each run of a bulk cancel its wish. What was done is seen in the rows, so whoever goes on with it, after a restart
// or beside another process, does the rest and nothing twice (I8).
import { atMost } from '../at-most.ts';
import { type Asker, storeStop, storeTogether, type Wish } from '../commands/store-stop.ts';
import type { Dependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import { later } from '../lifecycle/state.ts';
import type { BulkCancel, WishState } from './bulk-cancel.ts';

/** So many in one statement that it takes some dozens of milliseconds. */
const AT_ONCE = 500;
/** What could not be stored with the others is stored by itself. */
const ALONE_AT_ONCE = 4;
const ALONE_MS = 2000;
const ALL_ALONE_MS = 8000;
/** So long the process that was asked goes on with it by itself. */
const LEFT_ALONE_MS = 5000;

/** Of one bulk cancel, so that the others have their turn, and a process that is to end does soon. */
const ROUND_MS = 10_000;

/** What no process goes on with any more, since it was killed or its database was away. */
export async function finishBulkCancels(deps: Dependencies): Promise<void> {
  const { store, clock, log } = deps;
  const now = clock();
  for (const bulk of await store.bulkCancels.unstored(later(now, -LEFT_ALONE_MS), now)) {
    try {
      await storeWishes(deps, bulk, performance.now() + ROUND_MS);
    } catch (error) {
      // What is wrong with one keeps the others from nothing.
      log.error({ bulk_cancel: bulk.id, err: error }, 'this bulk cancel could not be gone on with; it is tried again');
    }
  }
}

/**
 * Nobody is told of these runs but by their rows: the sweep finds them, once their wishes are stored. What cannot be stored
 * just now is passed over, and left to the next round.
 * @param by a moment of `performance.now()`, at which what is left is left to the worker; some are asked in any case
 */
export async function storeWishes(deps: Dependencies, bulk: BulkCancel, by: number): Promise<void> {
  const { bulkCancels } = deps.store;
  let after = '';
  do {
    const ids = await bulkCancels.pending(bulk.id, AT_ONCE, after);
    if (ids.length > 0) await bulkCancels.settle(bulk.id, await ask(deps, bulk, ids));
    if (ids.length < AT_ONCE) return bulkCancels.finish(bulk.id, deps.clock());
    after = ids.at(-1) ?? after;
  } while (performance.now() < by);
}

async function ask(deps: Dependencies, bulk: BulkCancel, ids: readonly string[]): Promise<Map<string, WishState>> {
  const { from, ...asker } = bulk.asked_by;
  const who: Asker = { organization_id: bulk.organization_id, ...asker, ...(from === null ? {} : { from }) };
  const wish: Wish = { intent: 'cancel', reason: bulk.reason, metadata: null };
  // As if somebody went on with each: no message tells the queue of it.
  const time = (mayBeRecorded: boolean) => ({ by: performance.now() + ALONE_MS, pursued: true, mayBeRecorded });
  const { stored, mayBeRecorded } = await storeTogether(deps, who, ids, wish, time(false));
  const wishes = new Map<string, WishState>([...stored.keys()].map((id) => [id, 'asked']));
  const inTurn = atMost(ALONE_AT_ONCE);
  const until = performance.now() + ALL_ALONE_MS;
  const alone = async (id: string) => {
    // The rest has its turn in the next round: where the database is away, each would wait for nothing.
    if (performance.now() > until) return;
    try {
      await storeStop(deps, who, id, wish, time(mayBeRecorded));
      wishes.set(id, 'asked');
    } catch (error) {
      const code = error instanceof DomainError ? error.code : null;
      const refused = code === null ? undefined : refusals[code];
      if (refused) wishes.set(id, refused);
      if (refused === 'unknown') return;
      // What is wrong with one keeps the others from nothing.
      deps.log.error({ finetuning: id, bulk_cancel: bulk.id, err: error }, 'this run could not be asked to stop');
    }
  };
  await Promise.all(ids.filter((id) => !wishes.has(id)).map((id) => inTurn(() => alone(id))));
  return wishes;
}

const refusals: Partial<Record<DomainError['code'], WishState>> = { not_found: 'unknown', internal: 'unreadable' };
