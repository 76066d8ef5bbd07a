// The router over HTTP at /trpc.
import { getTRPCErrorShape, TRPCError, type TRPCErrorShape } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { Log } from '../../finetuning/dependencies.ts';
import type { Context } from './base.ts';
import { appRouter } from './router.ts';

const ENDPOINT = '/trpc';
/** Calls in one HTTP request. */
const MOST_BATCHED = 50;

export const handleTrpc = (request: Request, context: Context, log: Log) =>
  fetchRequestHandler({
    endpoint: ENDPOINT,
    req: request,
    router: appRouter,
    createContext: () => context,
    maxBatchSize: MOST_BATCHED,
    onError({ error, path }) {
      if (error.code === 'INTERNAL_SERVER_ERROR') log.error({ err: error.cause ?? error, path }, 'a procedure failed');
    },
  });

/** An error that comes before tRPC has read the request, in the shape its clients expect: one per batched call. */
export function trpcRefusal(request: Request, code: TRPCError['code'], message: string, status: number): Response {
  const url = new URL(request.url);
  const paths = url.pathname.slice(ENDPOINT.length + 1).split(',');
  const one = (path: string): { error: TRPCErrorShape } => ({
    error: getTRPCErrorShape({
      config: appRouter._def._config,
      error: new TRPCError({ code, message }),
      type: 'unknown',
      path,
      input: undefined,
      ctx: undefined,
    }),
  });
  const body = url.searchParams.get('batch') === '1' ? paths.map(one) : one(paths[0] ?? '');
  return Response.json(body, { status });
}
