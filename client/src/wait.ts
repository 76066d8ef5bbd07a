// Waiting for the end of a run, wanted or not.
import { GoldtuneConnectionError } from './connection-error.ts';
import { GoldtuneTimeout, isTransient } from './errors.ts';
import { follow, hasEnded } from './follow.ts';
import type { Cancellation, Finetuning } from './generated/router.ts';
import { type Connected, GRACE_MS, lastLook } from './last-look.ts';
import { DEFAULT_OUTAGE_MS, startPatience } from './patience.ts';
import { pause } from './pause.ts';
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

/** How long one request may wait for proof. */
const LONGEST_REQUEST_MS = 20_000;
const ASK_AGAIN_MS = 500;

export async function cancelAndWait(
  { trpc, address }: Connected,
  id: string,
  { timeout = Number.POSITIVE_INFINITY, outage = DEFAULT_OUTAGE_MS, signal, reason, metadata }: CancelOptions = {},
): Promise<Cancellation> {
  const deadline = performance.now() + milliseconds(timeout, 'timeout');
  const left = () => Math.max(0, Math.round(deadline - performance.now()));
  const patience = startPatience(milliseconds(outage, 'outage'));
  const clock = startClock(timeout + GRACE_MS, signal);
  const wish = { id, ...(reason ? { reason } : {}), ...(metadata ? { metadata } : {}) };
  let finetuning: Finetuning | null = null;
  let cause: GoldtuneConnectionError | undefined;
  try {
    for (;;) {
      try {
        const wait_ms = Math.min(left(), LONGEST_REQUEST_MS);
        finetuning = await trpc.finetunings.cancel.mutate({ ...wish, wait_ms }, { signal: clock.signal });
        patience.heard();
        if (finetuning.cancellation && finetuning.status === 'cancelled') return finetuning.cancellation;
      } catch (error) {
        // The link has tried several times by now; while there is time, so do we.
        if (!isTransient(error)) throw error;
        if (error instanceof GoldtuneConnectionError) cause = error;
        patience.failed(error);
      }
      if (left() === 0) break;
      await pause(Math.min(ASK_AGAIN_MS, left()), clock.signal);
    }
  } catch (error) {
    if (!clock.isUp()) throw error;
  } finally {
    clock.stop();
  }
  throw new GoldtuneTimeout({ id, finetuning, address, wish: 'cancel', cause });
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
    for await (const _ of follow(trpc, id, {
      after: 0,
      outage: milliseconds(outage, 'outage'),
      see,
      signal: clock.signal,
    }));
    return await trpc.finetunings.get.query({ id }, { signal: clock.signal });
  } catch (error) {
    if (!clock.isUp()) throw error;
  } finally {
    clock.stop();
  }
  const run = await lastLook(connected, id, signal);
  if (run && hasEnded(run)) return run;
  throw new GoldtuneTimeout({ id, finetuning: run ?? seen, address: connected.address });
}
