// An error that comes before a route or procedure is reached, in the shape that the caller of that path expects.
import { type ErrorCode, errorCodes } from '../finetuning/errors.ts';
import { detail } from './rest/errors.ts';
import { isTrpc, trpcRefusal } from './trpc/refusal.ts';

export function refuse(
  request: Request,
  code: ErrorCode,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return isTrpc(request)
    ? trpcRefusal(request, code, message, headers)
    : detail(errorCodes[code].http, message, headers);
}
