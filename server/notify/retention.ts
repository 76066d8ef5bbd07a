// How long the log of deliveries is kept. What is still to be sent is never removed, unless its endpoint is.
import type { Clock } from '../finetuning/dependencies.ts';
import { later } from '../finetuning/lifecycle/state.ts';
import type { OutboxStore } from '../finetuning/webhooks/store.ts';

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** In one statement, which holds nobody up; and in one round. */
const SLICE = 1000;
const MOST_SLICES = 50;

/** One round. What is left is for the next. */
export async function forgetDone(outbox: Pick<OutboxStore, 'drop' | 'forget'>, clock: Clock): Promise<void> {
  const now = clock();
  const before = later(now, -KEPT_MS);
  const inSlices = async (some: () => Promise<number>) => {
    for (let slices = 0; slices < MOST_SLICES && (await some()) === SLICE; slices += 1);
  };
  await inSlices(() => outbox.drop(before, now, SLICE));
  await inSlices(() => outbox.forget(before, SLICE));
}
