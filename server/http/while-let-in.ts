// How long a stream lasts: as long as the request that opened it would be let in once more.
import { DomainError } from '../finetuning/errors.ts';
import { HEARTBEAT_MS } from './heartbeat.ts';

/** Its signal tells a stream to end: whoever reads it has left, or is not let in any more, which is its reason then. */
export type Lasting = Disposable & { signal: AbortSignal };

/**
 * Asks again at each heartbeat. What cannot be said just now, as while the database is away, ends nothing.
 * @param ask rejects with `unauthorized` or `scope_missing` once it is over
 * @param left by whoever reads
 */
export function whileLetIn(
  ask: () => Promise<unknown>,
  left: AbortSignal | undefined,
  pause_ms = HEARTBEAT_MS,
): Lasting {
  const shutOut = new AbortController();
  let isAsking = false;
  const again = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      await ask();
    } catch (error) {
      if (isOver(error)) end(error);
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(again, pause_ms).unref();
  const stop = () => {
    clearInterval(timer);
    left?.removeEventListener('abort', stop);
  };
  const end = (reason: unknown) => {
    stop();
    shutOut.abort(reason);
  };
  left?.addEventListener('abort', stop);
  if (left?.aborted) stop();
  return { signal: left ? AbortSignal.any([left, shutOut.signal]) : shutOut.signal, [Symbol.dispose]: stop };
}

const isOver = (error: unknown): boolean =>
  error instanceof DomainError && (error.code === 'unauthorized' || error.code === 'scope_missing');
