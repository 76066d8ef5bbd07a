// Waiting for the end of a run, wanted or not.
import type { TRPCClient } from '@trpc/client';
import { GoldtuneTimeout, isTransient } from './errors.ts';
import type { AppRouter, Cancellation, Finetuning } from './generated/router.ts';
import { pause } from './pause.ts';
import { watch } from './watch.ts';

export type WaitOptions = {
  /** In milliseconds; default: as long as it takes. */
  timeout?: number;
  /** Gives the waiting up, and nothing else: what was asked for goes on. */
  signal?: AbortSignal;
};

export type CancelOptions = WaitOptions & {
  /** Kept on the receipt. */
  reason?: string;
  /** Merged over the finetuning's own. */
  metadata?: Record<string, string>;
};

/** How long one request may wait for proof. */
const LONGEST_REQUEST_MS = 20_000;
const ASK_AGAIN_MS = 500;

export async function cancelAndWait(
  trpc: TRPCClient<AppRouter>,
  id: string,
  { timeout = Number.POSITIVE_INFINITY, signal, reason, metadata }: CancelOptions = {},
): Promise<Cancellation> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const left = Math.max(0, Math.round(deadline - performance.now()));
    const seen = await trpc.finetunings.cancel
      .mutate(
        {
          id,
          wait_ms: Math.min(left, LONGEST_REQUEST_MS),
          ...(reason ? { reason } : {}),
          ...(metadata ? { metadata } : {}),
        },
        signal ? { signal } : {},
      )
      .catch((error: unknown) => {
        // The link has tried several times by now; while there is time, so do we.
        if (!isTransient(error) || performance.now() >= deadline) throw error;
        return null;
      });
    if (seen?.cancellation && seen.status === 'cancelled') return seen.cancellation;
    if (seen && performance.now() >= deadline) throw new GoldtuneTimeout(seen);
    await pause(Math.min(ASK_AGAIN_MS, Math.max(0, deadline - performance.now())), signal);
  }
}

export async function waitFor(
  trpc: TRPCClient<AppRouter>,
  id: string,
  { timeout, signal }: WaitOptions = {},
): Promise<Finetuning> {
  const timeUp = timeout === undefined ? undefined : AbortSignal.timeout(Math.max(0, Math.round(timeout)));
  const either = [timeUp, signal].filter((given) => given !== undefined);
  try {
    for await (const _ of watch(trpc, id, either.length > 0 ? { signal: AbortSignal.any(either) } : {}));
  } catch (error) {
    if (!timeUp?.aborted || signal?.aborted) throw error;
    const seen = await trpc.finetunings.get.query({ id });
    if (!hasEnded(seen)) throw new GoldtuneTimeout(seen);
  }
  return trpc.finetunings.get.query({ id });
}

const hasEnded = ({ status }: Finetuning) => status === 'succeeded' || status === 'failed' || status === 'cancelled';
