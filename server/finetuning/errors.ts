// Every way a request can be refused, in one table. Transports translate; nothing else invents a code.
import type { Finetuning } from './record.ts';

/** A field of the request, as FastAPI names it: ["body", "golden_records", 3]. */
export type Location = (string | number)[];
export type FieldError = { loc: Location; msg: string; type: string };

export const errorCodes = {
  not_found: { http: 404, trpc: 'NOT_FOUND' },
  /** The request is well-formed but names fields that cannot be served; see `fields`. */
  invalid: { http: 422, trpc: 'BAD_REQUEST' },
  /** Path and body of a cancel disagree. */
  mismatch: { http: 400, trpc: 'BAD_REQUEST' },
  already_succeeded: { http: 400, trpc: 'CONFLICT' },
  already_failed: { http: 400, trpc: 'CONFLICT' },
  idempotency_conflict: { http: 409, trpc: 'CONFLICT' },
  too_large: { http: 413, trpc: 'PAYLOAD_TOO_LARGE' },
} as const;

export type ErrorCode = keyof typeof errorCodes;

export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  /** With `already_…`: the finetuning as it is, its receipt included. */
  readonly finetuning: Finetuning | null;

  constructor(
    code: ErrorCode,
    message: string,
    detail: { fields?: readonly FieldError[]; finetuning?: Finetuning | null } = {},
  ) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.fields = detail.fields ?? [];
    this.finetuning = detail.finetuning ?? null;
  }
}

export const notFound = (what: 'Finetuning' | 'Golden record' | 'Database connection', id: string) =>
  new DomainError('not_found', `${what} not found: ${id}`);

/** One field that cannot be served. */
export const invalid = (loc: Location, msg: string, type = 'value_error') =>
  new DomainError('invalid', msg, { fields: [{ loc, msg, type }] });

export const invalidFields = (fields: readonly FieldError[]) =>
  new DomainError('invalid', fields.map((field) => field.msg).join('; '), { fields });
