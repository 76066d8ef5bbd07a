// A delete that is waited for: asked for again, which does no harm, until goldtune has forgotten the run.
import type { GoldtuneClient } from '../../client.ts';
import { isGoldtuneError } from '../../errors.ts';

/** How long one request may wait. */
const LONGEST_REQUEST_MS = 20_000;

/** @returns whether it is forgotten; false: the time is over, and the delete is stored and goes on. */
export async function deleteAndWait(
  goldtune: GoldtuneClient,
  id: string,
  { timeout, signal }: { timeout: number; signal: AbortSignal },
): Promise<boolean> {
  const deadline = performance.now() + timeout;
  for (let asked = false; ; asked = true) {
    const left = Math.max(0, Math.round(deadline - performance.now()));
    const wait_ms = Math.min(left, LONGEST_REQUEST_MS);
    try {
      const { forgotten } = await goldtune.finetunings.delete.mutate({ id, wait_ms }, { signal });
      if (forgotten) return true;
    } catch (error) {
      // It was there when it was asked for first.
      if (asked && isGoldtuneError(error) && error.data.reason === 'not_found') return true;
      throw error;
    }
    if (performance.now() >= deadline) return false;
  }
}
