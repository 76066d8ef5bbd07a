// Errors that come before tRPC has read the request, in the shape its clients expect: one per batched call.
import { getTRPCErrorShape, TRPCError, type TRPCErrorShape } from '@trpc/server';
import { type ErrorCode, errorCodes } from '../../finetuning/errors.ts';
import { appRouter } from './router.ts';

export const ENDPOINT = '/trpc';

export const isTrpc = (request: Request) => new URL(request.url).pathname.startsWith(`${ENDPOINT}/`);

export const trpcRefusal = (
  request: Request,
  code: ErrorCode,
  message: string,
  headers: Record<string, string>,
): Response => trpcError(request, errorCodes[code].trpc, errorCodes[code].http, message, headers);

export function trpcError(
  request: Request,
  code: TRPCError['code'],
  status: number,
  message: string,
  headers: Record<string, string>,
): Response {
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
  return Response.json(body, { status, headers });
}
