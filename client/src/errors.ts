// What a call can fail with, and whether to try again.
import { isTRPCClientError, type TRPCClientError } from '@trpc/client';
import { afterNoAnswer, type Call, isCreate, withOutcome } from './arrival.ts';
import { GoldtuneConnectionError, mayPass } from './connection-error.ts';
import { type AppRouter, type ErrorData, type Finetuning, retryableCodes } from './generated/router.ts';

/** A refusal by goldtune: `data.reason` is the code of docs/errors.md, `data.httpStatus` the HTTP status. */
export type GoldtuneError = Omit<TRPCClientError<AppRouter>, 'data'> &
  Error & {
    readonly data: ErrorData;
    /** Of a `finetunings.create` that may have started a run all the same: sent again with this `idempotency_key`, it starts one. */
    readonly idempotencyKey?: string;
  };

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

/** Of a create that may have done what it was to do: how to send it again. About a key in conflict, goldtune has said all. */
export function showingOutcome(
  error: TRPCClientError<AppRouter> & GoldtuneError,
  call: Call,
): TRPCClientError<AppRouter> {
  const outcome = isCreate(call) && error.data.reason !== 'idempotency_conflict' ? afterNoAnswer(call) : null;
  if (!outcome) return error;
  const { idempotencyKey } = outcome;
  return Object.assign(error, {
    message: withOutcome(error.message, outcome),
    ...(idempotencyKey === null ? {} : { idempotencyKey }),
  });
}

/** What was asked for, so that its outcome is not known where no answer came. */
type Wish = 'cancel' | 'delete';

type TimeGiven = {
  id: string;
  finetuning: Finetuning | null;
  address: string;
  wish?: Wish;
  /** What the last call failed with. */
  cause?: Error | undefined;
};

/**
 * The time given for a run was over before its end. A cancel that goldtune has received is stored and goes on all the
 * same; where no answer came in that time, the message says that it may have arrived, and it can be sent again safely.
 */
export class GoldtuneTimeout extends Error {
  /** Of the finetuning. */
  readonly id: string;
  /** The finetuning as it was last seen. Null: goldtune has not answered at all; `cause` says why, if that is known. */
  readonly finetuning: Finetuning | null;

  constructor({ id, finetuning, address, wish, cause }: TimeGiven) {
    super(finetuning ? stillGoingOn(finetuning) : noWord(id, address, wish, cause), cause ? { cause } : {});
    this.name = 'GoldtuneTimeout';
    this.id = id;
    this.finetuning = finetuning;
  }
}

function stillGoingOn({ id, status, cancellation }: Finetuning): string {
  const pursued = cancellation?.state === 'requested' ? '; its cancel is stored and goes on' : '';
  return `finetuning ${id} is still ${status} after the time given${pursued}`;
}

function noWord(id: string, address: string, wish?: Wish, cause?: Error): string {
  const silent = !cause || Object(cause.cause).name === 'TimeoutError';
  const problem = cause instanceof GoldtuneConnectionError ? cause.problem : cause?.message;
  const why = silent ? `goldtune at ${address} has not answered` : problem;
  const outcome = wish ? `; its ${wish} may have arrived, and can be sent again safely` : '';
  return `no word of finetuning ${id} in the time given: ${why}${outcome}`;
}

/** Nothing was done; it may be asked for again when the message says. */
export const isRateLimited = (error: unknown): boolean =>
  isGoldtuneError(error) && error.data.reason === 'rate_limited';

/** The same request may succeed if it is sent again. */
export function isTransient(error: unknown): error is GoldtuneConnectionError | GoldtuneError {
  if (isGoldtuneError(error)) return retryableCodes.includes(error.data.reason);
  return error instanceof GoldtuneConnectionError && mayPass(error);
}
