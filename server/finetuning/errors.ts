// Every way a request can be refused, in one table. Transports translate; nothing else invents a code.
import { cut } from './cut.ts';
import type { Finetuning } from './record.ts';

/** A field of the request, over both transports as FastAPI names it: ["body", "golden_records", 3]. */
export type Location = (string | number)[];
export type FieldError = { loc: Location; msg: string; type: string };

/**
 * The one table of errors: `docs/errors.md`, the OpenAPI document and the client's types are made from it.
 * `retryable`: the same request, sent again unchanged, may succeed.
 */
export const errorCodes = {
  not_found: {
    http: 404,
    trpc: 'NOT_FOUND',
    retryable: false,
    meaning:
      'There is no such path, finetuning, golden record, database connection, API key, person, invitation, bulk cancel, webhook endpoint or delivery, or it was deleted.',
  },
  no_logs: {
    http: 404,
    trpc: 'NOT_FOUND',
    retryable: false,
    meaning:
      'There are no logs of the run: its provider shows none, is not configured any more, or has no job of it; the message says which.',
  },
  invalid: {
    http: 422,
    trpc: 'BAD_REQUEST',
    retryable: false,
    meaning:
      'A field is missing, not known, malformed or names something that cannot be served; `fields` says which and why.',
  },
  mismatch: {
    http: 400,
    trpc: 'BAD_REQUEST',
    retryable: false,
    meaning: 'The path and the body of a cancel name different finetunings; nothing was cancelled.',
  },
  already_succeeded: {
    http: 400,
    trpc: 'CONFLICT',
    retryable: false,
    meaning: 'It is too late to cancel: the run has succeeded. Over tRPC the error carries it, with its receipt.',
  },
  already_failed: {
    http: 400,
    trpc: 'CONFLICT',
    retryable: false,
    meaning: 'It is too late to cancel: the run has failed. Over tRPC the error carries it, with its receipt.',
  },
  idempotency_conflict: {
    http: 409,
    trpc: 'CONFLICT',
    retryable: false,
    meaning: 'The idempotency key was used for another request, or the run it made was deleted; take a new key.',
  },
  in_use: {
    http: 409,
    trpc: 'CONFLICT',
    retryable: false,
    meaning:
      'The database connection is used by finetunings or golden records, as many as the message says, and nothing was deleted; delete those first.',
  },
  too_large: {
    http: 413,
    trpc: 'PAYLOAD_TOO_LARGE',
    retryable: false,
    meaning: 'The request body is over the limit; send it in parts.',
  },
  unsupported_encoding: {
    http: 415,
    trpc: 'UNSUPPORTED_MEDIA_TYPE',
    retryable: false,
    meaning:
      'The body came in a Content-Encoding that is not read, and `Accept-Encoding` names those that are; or over tRPC in another Content-Type than `application/json`.',
  },
  unauthorized: {
    http: 401,
    trpc: 'UNAUTHORIZED',
    retryable: false,
    meaning:
      'This server needs an API key or the cookie of somebody who is signed in, and the request brought neither, a wrong one, or one that was revoked or has ended; of a webhook, its signature is none that fits, or is old.',
  },
  forbidden: {
    http: 403,
    trpc: 'FORBIDDEN',
    retryable: false,
    meaning:
      'The Origin or Host is another: pages of this machine and of `ALLOWED_ORIGINS` are served, and without an API key this machine alone. A cookie opens to pages of `PUBLIC_URL` and of `ALLOWED_ORIGINS` alone, and each request by one says in `Origin` whose page it is.',
  },
  scope_missing: {
    http: 403,
    trpc: 'FORBIDDEN',
    retryable: false,
    meaning:
      'The key or the person may not do this, and nothing was done: the message says which of the scopes `read`, `run`, `cancel` and `admin` they have, and which they lack.',
  },
  method_not_allowed: {
    http: 405,
    trpc: 'METHOD_NOT_SUPPORTED',
    retryable: false,
    meaning: 'The path exists, but not with this method; `Allow` names those it has.',
  },
  rate_limited: {
    http: 429,
    trpc: 'TOO_MANY_REQUESTS',
    retryable: true,
    meaning:
      'More was asked for than is allowed to one caller: the message and `RateLimit-Policy` say what the limit is, `Retry-After` in how many seconds to come back. Cancels and deletes have a limit of their own, so that nobody is kept from one by other calls.',
  },
  unavailable: {
    http: 503,
    trpc: 'SERVICE_UNAVAILABLE',
    retryable: true,
    meaning:
      'The server is shutting down, its database cannot be reached, takes no writes or is too busy, as many streams of events are open as it holds, or the provider whose logs are asked for does not answer. A query, a cancel, or a create or bulk cancel with an idempotency key may be sent again a little later.',
  },
  internal: {
    http: 500,
    trpc: 'INTERNAL_SERVER_ERROR',
    retryable: true,
    meaning:
      'Something unexpected went wrong and was logged; where a run holds what cannot be read, the message says so. A query, a cancel, or a create or bulk cancel with an idempotency key may be sent again.',
  },
} as const;

export type ErrorCode = keyof typeof errorCodes;
export const isErrorCode = (code: string): code is ErrorCode => code in errorCodes;

export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  /** With `already_…`: the finetuning as it is, its receipt included. */
  readonly finetuning: Finetuning | null;

  constructor(
    code: ErrorCode,
    message: string,
    detail: { fields?: readonly FieldError[]; finetuning?: Finetuning | null; cause?: unknown } = {},
  ) {
    super(message, detail.cause === undefined ? {} : { cause: detail.cause });
    this.name = 'DomainError';
    this.code = code;
    this.fields = detail.fields ?? [];
    this.finetuning = detail.finetuning ?? null;
  }
}

type Named =
  | ('Finetuning' | 'Bulk cancel' | 'Golden record' | 'Database connection' | 'Webhook endpoint' | 'Delivery')
  | ('API key' | 'Person' | 'Invitation' | 'Organization');

export const notFound = (what: Named, id: string) => new DomainError('not_found', `${what} not found: ${cut(id)}`);

/** One field that cannot be served. */
export const invalid = (loc: Location, msg: string, type = 'value_error') =>
  new DomainError('invalid', msg, { fields: [{ loc, msg, type }] });

export const invalidFields = (fields: readonly FieldError[], message = fields.map((field) => field.msg).join('; ')) =>
  new DomainError('invalid', message, { fields });

/** Of fields of one kind, of which there may be as many as a request holds. */
const MOST_NAMED = 20;

/** The first of them, and how many more there are. @param within what they all are in. */
export function invalidMany(fields: readonly FieldError[], within: Location): DomainError {
  const beyond = fields.length - MOST_NAMED;
  const msg = `${beyond.toLocaleString('en-US')} more are not met either`;
  const more = beyond > 0 ? [{ loc: within, msg, type: 'value_error' }] : [];
  return invalidFields([...fields.slice(0, MOST_NAMED), ...more]);
}
