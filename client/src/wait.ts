// Waiting for the end of a run, wanted or not.
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
  const wish = { id, ...(reason ? { reason } : {}), ...(metadata ? { metadata } : {}) };
  let finetuning: Finetuning | null = null;
  let cause: Error | undefined;
  for (;;) {
    const wait_ms = Math.min(left(), LONGEST_REQUEST_MS);
    const options = { context: { within: left() + GRACE_MS }, ...(signal ? { signal } : {}) };
    try {
      finetuning = await trpc.finetunings.cancel.mutate({ ...wish, wait_ms }, options);
      if (finetuning.cancellation && finetuning.status === 'cancelled') return finetuning.cancellation;
      cause = undefined;
      patience.heard();
    } catch (error) {
      // The link has tried several times by now; while there is time, so do we.
      if (!isTransient(error)) throw error;
      cause = error;
    }
    if (left() === 0) throw new GoldtuneTimeout({ id, finetuning, address, wish: 'cancel', cause });
    if (cause) patience.failed(cause);
    await pause(Math.min(ASK_AGAIN_MS, left()), signal);
  }
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
