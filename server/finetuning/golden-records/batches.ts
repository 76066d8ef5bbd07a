// Golden records by id, a batch at a time, so that a dataset of any size is read with flat memory.
import type { GoldenRecord } from '../record.ts';
import type { Store } from '../store.ts';

/** Records may be of 400,000 characters each. */
const BATCH = 100;

export async function* recordBatches(
  store: Store,
  scope: { organization_id: string; db_connection_id: string },
  ids: readonly string[],
  which: 'visible' | 'all',
): AsyncGenerator<GoldenRecord[]> {
  for (let start = 0; start < ids.length; start += BATCH) {
    const batch = ids.slice(start, start + BATCH);
    yield await store.goldenRecords.byIds(scope.organization_id, scope.db_connection_id, batch, which);
  }
}
