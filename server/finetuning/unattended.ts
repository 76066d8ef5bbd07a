// Says of runs that nobody goes on with them: told by a process that serves requests, where no worker shows itself.
import type { Dependencies } from './dependencies.ts';
import { later } from './lifecycle/state.ts';
import { waitFor } from './lifecycle/transition.ts';

export const NO_WORKER = 'no_worker';

/** A worker that has not looked for what is due for so long is not there. */
const ABSENT_MS = 15_000;
/** Runs told of in one round; the rest follows in the next. */
const ROUND = 200;

/** Whoever comes next goes on with them, and that ends the wait. */
export async function tellUnattended({ store, clock, log }: Dependencies): Promise<void> {
  const now = clock();
  const latest = later(now, -ABSENT_MS);
  const seen_at = await store.workers.lastSeen();
  if (seen_at !== null && seen_at > latest) return;
  const since = seen_at === null ? 'none has been seen yet' : `none has been seen since ${seen_at}`;
  const message = `No worker goes on with it: ${since}. Start a process with ROLE=worker, or all, on this database.`;
  const ids = await store.finetunings.unattended(latest, ROUND);
  if (ids.length > 0) log.warn({ runs: ids.length }, `no worker goes on with what is due: ${since}`);
  for (const id of ids) {
    const row = await store.finetunings.findAny(id).catch((error: unknown) => {
      // One that cannot be read keeps nobody from telling of the others.
      log.warn({ finetuning: id, err: error }, 'could not tell that no worker goes on with a run');
      return null;
    });
    if (!row || row.due_at === null || row.due_at > latest) continue;
    const next = { due_at: row.due_at, failures: row.failures };
    await store.finetunings.save(row, waitFor(row, { type: NO_WORKER, message }, next, row.due_at), now);
  }
}
