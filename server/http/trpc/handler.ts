// The router over HTTP at /trpc.
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { cut } from '../../finetuning/cut.ts';
import type { Log } from '../../finetuning/dependencies.ts';
import { DomainError } from '../../finetuning/errors.ts';
import { RateLimited } from '../../finetuning/limits.ts';
import { parseInTurns } from '../fields/json-in-turns.ts';
import { isHungUp } from '../hung-up.ts';
import { NO_STORE } from '../no-store.ts';
import { RETRY_AFTER } from '../rest/errors.ts';
import type { Context } from './base.ts';
import { MOST_BATCHED, readable } from './readable.ts';
import { ENDPOINT, isTrpc, trpcRefusal } from './refusal.ts';
import { appRouter } from './router.ts';

export async function handleTrpc(request: Request, context: Context, log: Log): Promise<Response> {
  // Routes are found by the decoded address, procedures by the one that was sent: with another beginning they would be others
  // than were counted.
  if (!isTrpc(request)) return new Response(null, { status: 404 });
  try {
    return await answer(await readable(request), context, log);
  } catch (error) {
    if (error instanceof DomainError) return trpcRefusal(request, error);
    throw error;
  }
}

/** A request whose JSON is not parsed in one go. */
const readInTurns = (request: Request): Request =>
  Object.defineProperty(request, 'json', { value: async () => parseInTurns(await request.text()) });

const answer = (request: Request, context: Context, log: Log) =>
  fetchRequestHandler({
    endpoint: ENDPOINT,
    req: readInTurns(request),
    router: appRouter,
    createContext: () => context,
    maxBatchSize: MOST_BATCHED,
    responseMeta({ errors, paths = [] }) {
      const refusal = errors.map(({ cause }) => cause).find((cause) => cause instanceof RateLimited);
      const later = errors.some((error) => error.code === 'SERVICE_UNAVAILABLE') ? RETRY_AFTER : {};
      return {
        headers: {
          ...(refusal ? { 'retry-after': String(refusal.standing.reset_s) } : later),
          ...(paths.some((path) => /^(keys|people|me|webhookEndpoints|audit)\./.test(path)) ? NO_STORE : {}),
        },
      };
    },
    onError({ error, path }) {
      const about = { err: error.cause ?? error, path: path && cut(path) };
      if (isHungUp(about.err, request)) return;
      if (error.code === 'INTERNAL_SERVER_ERROR') log.error(about, 'a procedure failed');
      // A stream that ends because the server does has no further cause.
      if (error.code === 'SERVICE_UNAVAILABLE' && error.cause?.cause)
        log.warn(about, 'a procedure could not be served');
    },
  });
