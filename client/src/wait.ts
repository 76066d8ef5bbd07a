// Waiting for the end of a run, wanted or not.
import { askUntilProven } from './ask-again.ts';
import { GoldtuneTimeout } from './errors.ts';
import { follow, hasEnded } from './follow.ts';
import type { Cancellation, Finetuning } from './generated/router.ts';
import { type Connected, lastLook } from './last-look.ts';
import { DEFAULT_OUTAGE_MS } from './patience.ts';
import { milliseconds, startClock } from './timer.ts';

export type WaitOptions = {
  /** In milliseconds; default: as long as it takes. The answer to the last look may come up to 2 s later. */
  timeout?: number;
  /** How long goldtune may be out of reach, in milliseconds, before its connection error is thrown; default 5 minutes. */
  outage?: number;
  /** Gives the waiting up, and nothing else: what was asked for goes on. */
  signal?: AbortSignal;
};

export type CancelOptions = WaitOptions & {
  /** Kept on the receipt. */
  reason?: string;
  /** Merged over the finetuning's own. */
  metadata?: Record<string, string>;
};

export async function cancelAndWait(
  { trpc, address }: Connected,
  id: string,
  { reason, metadata, ...waiting }: CancelOptions = {},
): Promise<Cancellation> {
  const wish = { id, ...(reason ? { reason } : {}), ...(metadata ? { metadata } : {}) };
  let finetuning: Finetuning | null = null;
  return askUntilProven<Cancellation>(
    {
      async ask(wait_ms, options) {
        finetuning = await trpc.finetunings.cancel.mutate({ ...wish, wait_ms }, options);
        return finetuning.status === 'cancelled' ? finetuning.cancellation : null;
      },
      timeUp(cause) {
        throw new GoldtuneTimeout({ id, finetuning, address, wish: 'cancel', cause });
      },
    },
    waiting,
  );
}

export async function waitFor(
  connected: Connected,
  id: string,
  { timeout = Number.POSITIVE_INFINITY, outage = DEFAULT_OUTAGE_MS, signal }: WaitOptions = {},
): Promise<Finetuning> {
  const { trpc } = connected;
  const clock = startClock(milliseconds(timeout, 'timeout'), signal);
  let seen: Finetuning | null = null;
  const see = (run: Finetuning) => {
    seen = run;
  };
  try {
    const following = { after: 0, outage: milliseconds(outage, 'outage'), see, signal: clock.signal };
    for await (const _ of follow(trpc, id, following));
    return await trpc.finetunings.get.query({ id }, { signal: clock.signal });
  } catch (error) {
    if (!clock.isUp()) throw error;
  } finally {
    clock.stop();
  }
  const timeUp = await lastLook(connected, id, seen, signal);
  if (timeUp.finetuning && hasEnded(timeUp.finetuning)) return timeUp.finetuning;
  throw timeUp;
}
