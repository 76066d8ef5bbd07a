// Few large bodies at a time: each may take hundreds of megabytes until it is answered. Others wait unread, or come back.
import type { MiddlewareHandler } from 'hono';

/** Far beyond what anything but records is sent in; a cancel never waits. */
const LARGE_BYTES = 1024 * 1024;
/** Where records are sent to, and what does not say its size may be large. */
const OF_RECORDS = /^\/(api\/v1\/golden-sqls|trpc\/.*goldenRecords\.add)/;

export type Limits = {
  /** That are read and answered at once. */
  atOnce: number;
  /** That wait for it. */
  waiting: number;
  longestWaitMs: number;
};

const usual: Limits = { atOnce: 2, waiting: 50, longestWaitMs: 20_000 };

/** @param tooMany answers those that have waited as long as they may */
export function fewLargeBodies(tooMany: (request: Request) => Response, limits: Limits = usual): MiddlewareHandler {
  const queue: (() => void)[] = [];
  let taken = 0;

  /** False: its time is up, or whoever sent it has gone. */
  async function enter(signal: AbortSignal): Promise<boolean> {
    if (taken < limits.atOnce) {
      taken += 1;
      return true;
    }
    if (queue.length >= limits.waiting) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const letIn = () => resolve(true);
    queue.push(letIn);
    const over = AbortSignal.any([signal, AbortSignal.timeout(limits.longestWaitMs)]);
    const giveUp = () => {
      const at = queue.indexOf(letIn);
      if (at === -1) return;
      queue.splice(at, 1);
      resolve(false);
    };
    over.addEventListener('abort', giveUp, { once: true });
    if (over.aborted) giveUp();
    return promise.finally(() => over.removeEventListener('abort', giveUp));
  }

  /** Whoever waits longest takes the place. */
  function leave(): void {
    const next = queue.shift();
    if (next) next();
    else taken -= 1;
  }

  return async (c, next) => {
    const request = c.req.raw;
    if (!isLarge(request)) return next();
    if (!(await enter(request.signal))) return tooMany(request);
    try {
      await next();
    } finally {
      leave();
    }
  };
}

function isLarge({ headers, url, method }: Request): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  const length = Number(headers.get('content-length') ?? NaN);
  const isPacked = (headers.get('content-encoding') ?? 'identity') !== 'identity';
  if (length > LARGE_BYTES) return true;
  return (Number.isNaN(length) || isPacked) && OF_RECORDS.test(decoded(new URL(url).pathname));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
