// Errors that come before tRPC has read the request, in the shape its clients expect: one per batched call.
import { getTRPCErrorShape, TRPCError, type TRPCErrorShape } from '@trpc/server';
import { type DomainError, errorCodes } from '../../finetuning/errors.ts';
import { appRouter } from './router.ts';

export const ENDPOINT = '/trpc';

export const isTrpc = (request: Request) => new URL(request.url).pathname.startsWith(`${ENDPOINT}/`);

export function trpcRefusal(request: Request, refusal: DomainError, headers: Record<string, string>): Response {
  const { trpc, http } = errorCodes[refusal.code];
  const url = new URL(request.url);
  const paths = url.pathname.slice(ENDPOINT.length + 1).split(',');
  const one = (path: string): { error: TRPCErrorShape } => ({
    error: getTRPCErrorShape({
      config: appRouter._def._config,
      error: new TRPCError({ code: trpc, message: refusal.message, cause: refusal }),
      type: 'unknown',
      path,
      input: undefined,
      ctx: undefined,
    }),
  });
  const body = url.searchParams.get('batch') === '1' ? paths.map(one) : one(paths[0] ?? '');
  return Response.json(body, { status: http, headers });
}
