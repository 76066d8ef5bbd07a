// What a call can fail with, and whether to try again.
import { isTRPCClientError, type TRPCClientError } from '@trpc/client';
import { type AppRouter, type ErrorData, type Finetuning, retryableCodes } from './generated/router.ts';

/** A refusal by goldtune: `data.reason` is the code of docs/errors.md, `data.httpStatus` the HTTP status. */
export type GoldtuneError = Omit<TRPCClientError<AppRouter>, 'data'> & Error & { readonly data: ErrorData };

/**
 * Tells a refusal by goldtune from everything else that can go wrong, such as a server that cannot be reached.
 *
 * @example
 * try {
 *   await goldtune.finetunings.cancel.mutate({ id });
 * } catch (error) {
 *   if (isGoldtuneError(error) && error.data.reason === 'already_succeeded') console.log(error.data.finetuning.model_id);
 *   else throw error;
 * }
 */
export function isGoldtuneError(error: unknown): error is GoldtuneError {
  if (!isTRPCClientError<AppRouter>(error)) return false;
  return typeof error.data?.reason === 'string';
}

/** The time given was over before the end. A cancel that was asked for is stored and goes on all the same. */
export class GoldtuneTimeout extends Error {
  /** As it was last seen. */
  readonly finetuning: Finetuning;

  constructor(finetuning: Finetuning) {
    const pursued = finetuning.cancellation?.state === 'requested' ? '; its cancel is stored and goes on' : '';
    super(`finetuning ${finetuning.id} is still ${finetuning.status} after the time given${pursued}`);
    this.name = 'GoldtuneTimeout';
    this.finetuning = finetuning;
  }
}

/** The same request may succeed if it is sent again. */
export function isTransient(error: unknown): boolean {
  if (isGoldtuneError(error)) return retryableCodes.includes(error.data.reason);
  if (!isTRPCClientError<AppRouter>(error) || isAbort(error.cause)) return false;
  // No answer of goldtune's: from something between, or none at all.
  const response = error.meta?.['response'];
  return !(response instanceof Response) || response.status >= 500 || response.status === 429;
}

const isAbort = (cause: unknown) => cause instanceof Error && cause.name === 'AbortError';
