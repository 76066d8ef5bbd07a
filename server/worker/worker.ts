// The worker: messages, the sweep over due rows that makes lost messages harmless, and the janitor.
import { finishBulkCancels } from '../finetuning/bulk/store-wishes.ts';
import type { Dependencies } from '../finetuning/dependencies.ts';
import { DomainError } from '../finetuning/errors.ts';
import { createFollowing } from '../finetuning/following.ts';
import { tidyProviders } from '../finetuning/janitor.ts';
import { later } from '../finetuning/lifecycle/state.ts';
import { longestWait } from '../finetuning/lifecycle/windows.ts';
import type { Pursuit } from '../finetuning/pursue.ts';
import { tellUnattended } from '../finetuning/unattended.ts';
import { every } from './every.ts';
import type { Queue } from './queue.ts';

/** Twice as often as jobs are looked at, so that a look is hardly late, within these bounds. */
const SWEEP_MS = { shortest: 250, longest: 1000 };
/** How often it shows that it is there. */
const SHOWN_EVERY_MS = 5000;
const JANITOR_MS = 180_000;
/** Rows found in one sweep; the rest is found by the next. So many that no machine does more in the time between two. */
const SWEEP_ROWS = 5000;

/** A sweep takes a moment. One that has not ended well for so long is not about to. */
const LONGEST_WITHOUT_SWEEP_MS = 60_000;

export type Worker = AsyncDisposable & {
  /** @throws DomainError `unavailable` where it has found no work to do for long, since it cannot look for any. */
  checkWorking(): void;
};

export async function startWorker(deps: Dependencies, pursuit: Pursuit, queue: Queue): Promise<Worker> {
  const { store, clock, log, settings } = deps;
  await using resources = new AsyncDisposableStack();

  await queue.work(async (id) => {
    // The row stays due, so a failure here is tried again by the sweep.
    await pursuit
      .advance(id)
      .catch((error: unknown) => log.error({ finetuning: id, err: error }, 'could not work on this finetuning'));
  });
  const following = resources.use(createFollowing(deps, (ids, order) => queue.wake(ids, order)));
  let shown_at = Number.NEGATIVE_INFINITY;
  const sweeps = resources.use(
    every(
      Math.min(SWEEP_MS.longest, Math.max(SWEEP_MS.shortest, settings.poll_interval_ms / 2)),
      'sweep',
      async () => {
        const now = clock();
        const farthest = later(now, longestWait(settings));
        await following.see(await store.finetunings.due(now, farthest, SWEEP_ROWS), now);
        if (performance.now() - shown_at < SHOWN_EVERY_MS) return;
        shown_at = performance.now();
        await store.workers.seen(now);
      },
      log,
    ),
  );
  await store.bulkCancels.retryUnreadable().catch((error: unknown) => {
    log.warn({ err: error }, 'runs of bulk cancels that another version could not read are asked at the next start');
  });
  resources.use(every(SWEEP_MS.longest, 'bulk cancels', () => finishBulkCancels(deps), log));
  resources.use(every(JANITOR_MS, 'janitor', () => tidyProviders(deps), log));
  const running = resources.move();
  return {
    checkWorking() {
      const since_ms = sweeps.sinceDone_ms();
      if (since_ms <= LONGEST_WITHOUT_SWEEP_MS) return;
      const message = `The worker could not look for due runs for ${Math.round(since_ms / 1000)} s; its log says why.`;
      throw new DomainError('unavailable', message);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** In a process that serves requests only: says on the rows when nobody goes on with them. */
export const watchForWorkers = (deps: Dependencies): AsyncDisposable =>
  every(SHOWN_EVERY_MS, 'the look for workers', () => tellUnattended(deps), deps.log);
