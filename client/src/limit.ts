// The limit that every call has: of connecting, headers, body and all tries together.
import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { Call } from './arrival.ts';
import { outOfTime } from './connection-error.ts';
import type { AppRouter } from './generated/router.ts';
import { after, timeUp } from './timer.ts';
import { triesOf } from './tries.ts';

export const DEFAULT_TIMEOUT_MS = 30_000;

/** Fifty thousand golden records, each read by a parser, take the server a while. */
const OF_A_RECORD_MS = 5;

/** These wait for proof. */
const WAITING = new Set(['finetunings.cancel', 'finetunings.cancelMany', 'finetunings.delete']);

/** Where nobody says how long: what the server waits too, unless it is set otherwise. */
const USUAL_WAIT_MS = 5000;

/** `timeout` is the limit of the call; `within` is what a wait has left for it. */
type Limited = Call & { context: { timeout?: unknown; within?: unknown } };

/** In milliseconds. What is given with a call is kept as it is; the client's own is for the answer, not for what is waited. */
export function limitOf({ path, input, context }: Limited, timeout: number): number {
  const { timeout: own, within } = context;
  if (typeof own === 'number') return own;
  const wait: unknown = Object(input).wait_ms;
  const records = path === 'goldenRecords.add' && Array.isArray(input) ? input.length : 0;
  const usual = timeout + (typeof wait === 'number' ? wait : 0) + records * OF_A_RECORD_MS;
  return typeof within === 'number' ? Math.min(within, usual) : usual;
}

/**
 * What is to wait says for how long: then there is an answer within the limit, proven or not, whatever the server would
 * wait by itself. Of a call with little time that is half of it; without a limit it is the server's affair.
 */
export function inputWithin({ path, input }: Call, limit: number): unknown {
  if (!WAITING.has(path) || !Number.isFinite(limit) || Object(input).wait_ms !== undefined) return input;
  return { ...Object(input), wait_ms: Math.min(Math.floor(limit / 2), USUAL_WAIT_MS) };
}

/** Ends a call that takes too long or is given up, whatever the links below, or a fetch of one's own, make of it. */
export const limited =
  (address: string, timeout: number): TRPCLink<AppRouter> =>
  () =>
  ({ op, next }) =>
    observable((observer) => {
      const { signal } = op;
      const giveUp = () => observer.error(new TRPCClientError('the call was given up'));
      if (signal?.aborted) return giveUp();
      const limit = limitOf(op, timeout);
      // To leave is to abort: the link that sends has a signal of its own.
      const call = next({ ...op, input: inputWithin(op, limit), signal: null }).subscribe(observer);
      const stopTimer = after(limit, () => {
        const { failure, underWay } = triesOf(op);
        // A try that is under way may have arrived, whatever became of those before it.
        observer.error(failure && !underWay ? failure : outOfTime(address, limit, timeUp(limit), op));
      });
      signal?.addEventListener('abort', giveUp);
      return () => {
        stopTimer();
        signal?.removeEventListener('abort', giveUp);
        call.unsubscribe();
      };
    });
