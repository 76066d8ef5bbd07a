// A delete that is waited for: asked for again, which does no harm, until goldtune has forgotten the run.
import { GoldtuneTimeout, isGoldtuneError } from '../../errors.ts';
import { GRACE_MS } from '../../last-look.ts';
import { startClock } from '../../timer.ts';
import type { Session } from '../session.ts';

/** How long one request may wait. */
const LONGEST_REQUEST_MS = 20_000;

/**
 * @returns whether it is forgotten; false: the time is over, and the delete is stored and goes on.
 * @throws GoldtuneTimeout where goldtune has not answered in that time.
 */
export async function deleteAndWait(
  { goldtune, address }: Pick<Session, 'goldtune' | 'address'>,
  id: string,
  { timeout, signal }: { timeout: number; signal: AbortSignal },
): Promise<boolean> {
  const deadline = performance.now() + timeout;
  // Asked for only, it has the time of any request.
  const clock = startClock(timeout === 0 ? Number.POSITIVE_INFINITY : timeout + GRACE_MS, signal);
  let asked = false;
  try {
    for (;;) {
      const left = Math.max(0, Math.round(deadline - performance.now()));
      const wait_ms = Math.min(left, LONGEST_REQUEST_MS);
      const { forgotten } = await goldtune.finetunings.delete.mutate({ id, wait_ms }, { signal: clock.signal });
      if (forgotten) return true;
      asked = true;
      if (performance.now() >= deadline) return false;
    }
  } catch (error) {
    // It was there when it was asked for first.
    if (asked && isGoldtuneError(error) && error.data.reason === 'not_found') return true;
    if (!clock.isUp()) throw error;
    if (asked) return false;
    throw new GoldtuneTimeout({ id, finetuning: null, address, wish: 'delete' });
  } finally {
    clock.stop();
  }
}
