// An error that comes before a route or procedure is reached, in the shape that the caller of that path expects.
import { cut } from '../finetuning/cut.ts';
import { DomainError, type ErrorCode, errorCodes, invalid } from '../finetuning/errors.ts';
import { detail, unprocessable } from './rest/errors.ts';
import { isTrpc, trpcRefusal } from './trpc/refusal.ts';

export function refuse(
  request: Request,
  code: ErrorCode,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return isTrpc(request)
    ? trpcRefusal(request, new DomainError(code, message), headers)
    : detail(errorCodes[code].http, message, headers);
}

/** A page whose origin may not ask. */
export const refusePage = (request: Request, origin: string): Response =>
  refuse(
    request,
    'forbidden',
    `Requests from web pages at ${cut(origin)} are refused. Add that origin to ALLOWED_ORIGINS to serve them.`,
  );

/** 415: `Accept-Encoding` says what would be read (RFC 9110). */
export const refuseEncoding = (request: Request, message: string, headers: Record<string, string>): Response =>
  refuse(request, 'unsupported_encoding', message, headers);

/** A body that does not hold what its headers say. */
export function refuseBody(request: Request, message: string): Response {
  const refusal = invalid(['body'], message, 'body_unreadable');
  return isTrpc(request) ? trpcRefusal(request, refusal) : unprocessable(refusal.fields);
}
