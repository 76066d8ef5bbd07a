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
const ALONE_MS = 5000;
/** So long the process that was asked goes on with it by itself. */
const LEFT_ALONE_MS = 5000;

/** What no process goes on with any more, since it was killed or its database was away. */
export async function finishBulkCancels(deps: Dependencies): Promise<void> {
  const { store, clock } = deps;
  for (const bulk of await store.bulkCancels.unstored(later(clock(), -LEFT_ALONE_MS))) {
    await storeWishes(deps, bulk, Number.POSITIVE_INFINITY);
  }
}

/**
 * Nobody is told of these runs but by their rows: the sweep finds them, once their wishes are stored and not before.
 * @param by a moment of `performance.now()`, at which what is left is left to the worker
 */
export async function storeWishes(deps: Dependencies, bulk: BulkCancel, by: number): Promise<void> {
  const { bulkCancels } = deps.store;
  while (performance.now() < by) {
    const ids = await bulkCancels.pending(bulk.id, AT_ONCE);
    if (ids.length === 0) return bulkCancels.finish(bulk.id, deps.clock());
    const wishes = await ask(deps, bulk, ids);
    await bulkCancels.settle(bulk.id, wishes);
    if (wishes.size < ids.length) throw new Error(`${ids.length - wishes.size} runs could not be asked to stop`);
  }
}

async function ask(deps: Dependencies, bulk: BulkCancel, ids: readonly string[]): Promise<Map<string, WishState>> {
  const { from, ...asker } = bulk.asked_by;
  const who: Asker = { organization_id: bulk.organization_id, ...asker, ...(from === null ? {} : { from }) };
  const wish: Wish = { intent: 'cancel', reason: bulk.reason, metadata: null };
  // As if somebody went on with each: no message tells the queue of it.
  const time = () => ({ by: performance.now() + ALONE_MS, pursued: true, mayBeRecorded: false });
  const { stored } = await storeTogether(deps, who, ids, wish, time());
  const wishes = new Map<string, WishState>([...stored.keys()].map((id) => [id, 'asked']));
  const inTurn = atMost(ALONE_AT_ONCE);
  let isAway = false;
  const alone = async (id: string) => {
    // The next would wait as long for nothing.
    if (isAway) return;
    try {
      await storeStop(deps, who, id, wish, time());
      wishes.set(id, 'asked');
    } catch (error) {
      const code = error instanceof DomainError ? error.code : null;
      isAway ||= code === 'unavailable';
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
