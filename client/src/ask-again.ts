// Asking for the end of a run again and again, which does no harm, until it is proven or the time is over.
import { isTransient } from './errors.ts';
import { GRACE_MS } from './last-look.ts';
import { DEFAULT_OUTAGE_MS, startPatience } from './patience.ts';
import { pause } from './pause.ts';
import { milliseconds } from './timer.ts';

/** How long one request may wait for proof. */
const LONGEST_REQUEST_MS = 20_000;
const ASK_AGAIN_MS = 500;

type Waiting = { timeout?: number; outage?: number; signal?: AbortSignal };

type Wish<Proof> = {
  /** Null: it is not proven yet. */
  ask(wait_ms: number, options: { context: { within: number }; signal?: AbortSignal }): Promise<Proof | null>;
  /** What there is to say, or to throw, then; `cause` is why there was no answer to the last asking. */
  timeUp(cause: Error | undefined): Proof;
};

export async function askUntilProven<Proof>(
  { ask, timeUp }: Wish<Proof>,
  { timeout = Number.POSITIVE_INFINITY, outage = DEFAULT_OUTAGE_MS, signal }: Waiting,
): Promise<Proof> {
  const deadline = performance.now() + milliseconds(timeout, 'timeout');
  const left = () => Math.max(0, Math.round(deadline - performance.now()));
  const patience = startPatience(milliseconds(outage, 'outage'));
  for (;;) {
    let cause: Error | undefined;
    try {
      const options = { context: { within: left() + GRACE_MS }, ...(signal ? { signal } : {}) };
      const proof = await ask(Math.min(left(), LONGEST_REQUEST_MS), options);
      if (proof !== null) return proof;
      patience.heard();
    } catch (error) {
      // The link has tried by now; while there is time, so do we.
      if (!isTransient(error)) throw error;
      cause = error;
    }
    if (left() === 0) return timeUp(cause);
    if (cause) patience.failed(cause);
    await pause(Math.min(ASK_AGAIN_MS, left()), signal);
  }
}
