// Errors as FastAPI words them, which is what clients of the original service parse.
import { TRPCError } from '@trpc/server';
import { DomainError, errorCodes, type FieldError } from '../../finetuning/errors.ts';
import { RateLimited } from '../../finetuning/limits.ts';
import { refusedHeaders } from '../limit-headers.ts';

export const detail = (status: number, message: string, headers: Record<string, string> = {}) =>
  Response.json({ detail: message }, { status, headers });

export const unprocessable = (fields: readonly FieldError[]) => Response.json({ detail: fields }, { status: 422 });

/** In seconds; a database that restarts is back within a few. */
export const RETRY_AFTER = { 'retry-after': '2' };

/** Null: not an error that callers are meant to see. */
export function errorResponse(error: unknown): Response | null {
  const known = error instanceof TRPCError ? error.cause : error;
  if (!(known instanceof DomainError)) return null;
  if (known.code === 'invalid') return unprocessable(known.fields);
  return detail(errorCodes[known.code].http, known.message, whenToComeBack(known));
}

function whenToComeBack(error: DomainError): Record<string, string> {
  if (error instanceof RateLimited) return refusedHeaders(error.standing);
  return error.code === 'unavailable' ? RETRY_AFTER : {};
}
