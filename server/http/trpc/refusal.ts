// Errors that come before tRPC has read the request, in the shape its clients expect.
import { getTRPCErrorShape, TRPCError } from '@trpc/server';
import { type DomainError, errorCodes } from '../../finetuning/errors.ts';
import { appRouter } from './router.ts';

export const ENDPOINT = '/trpc';

export const isTrpc = (request: Request) => new URL(request.url).pathname.startsWith(`${ENDPOINT}/`);

/** One error, of a batch too: clients take it for each of its calls, and it does not grow with them. */
export function trpcRefusal(request: Request, refusal: DomainError, headers: Record<string, string> = {}): Response {
  const { trpc, http } = errorCodes[refusal.code];
  const error = getTRPCErrorShape({
    config: appRouter._def._config,
    error: new TRPCError({ code: trpc, message: refusal.message, cause: refusal }),
    type: 'unknown',
    path: new URL(request.url).pathname.slice(ENDPOINT.length + 1),
    input: undefined,
    ctx: undefined,
  });
  return Response.json({ error }, { status: http, headers });
}
