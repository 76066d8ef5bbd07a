// The router over HTTP at /trpc.
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Log } from '../../finetuning/dependencies.ts';
import { parseInTurns } from '../fields/json-in-turns.ts';
import { RETRY_AFTER } from '../rest/errors.ts';
import type { Context } from './base.ts';
import { ENDPOINT } from './refusal.ts';
import { appRouter } from './router.ts';

/** Calls in one HTTP request. */
const MOST_BATCHED = 50;

/** A request whose JSON is not parsed in one go. */
const readInTurns = (request: Request): Request =>
  Object.defineProperty(request, 'json', { value: async () => parseInTurns(await request.text()) });

export const handleTrpc = (request: Request, context: Context, log: Log) =>
  fetchRequestHandler({
    endpoint: ENDPOINT,
    req: readInTurns(request),
    router: appRouter,
    createContext: () => context,
    maxBatchSize: MOST_BATCHED,
    responseMeta: ({ errors }) =>
      errors.some((error) => error.code === 'SERVICE_UNAVAILABLE') ? { headers: RETRY_AFTER } : {},
    onError({ error, path }) {
      const about = { err: error.cause ?? error, path };
      if (error.code === 'INTERNAL_SERVER_ERROR') log.error(about, 'a procedure failed');
      // A stream that ends because the server does has no further cause.
      if (error.code === 'SERVICE_UNAVAILABLE' && error.cause?.cause)
        log.warn(about, 'a procedure could not be served');
    },
  });
