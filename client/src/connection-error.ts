// A call that got no answer of goldtune's: why, in words, and what may have become of it.
import { TRPCClientError } from '@trpc/client';
import { afterNoAnswer, type Call, withOutcome } from './arrival.ts';
import type { AppRouter } from './generated/router.ts';

export type Failure = {
  address: string;
  /** What happened, and nothing of what may have become of the call. */
  problem: string;
  status?: number | undefined;
  cause?: Error | undefined;
  /** Whether it is certain that nothing was done, by this try or one before. */
  neverArrived?: boolean;
};

/**
 * goldtune could not be reached, has not answered in the time of the call, or something else answered in its place. The
 * message says which; of a mutation that may have been carried out all the same, it says so, and how to send it again.
 *
 * `cause` is what the platform said of it; a `TimeoutError` where the time of the call was over.
 */
export class GoldtuneConnectionError extends TRPCClientError<AppRouter> {
  /** Where goldtune was looked for; it holds no secret. */
  readonly address: string;
  /** Of what answered instead. Null: nothing did. */
  readonly status: number | null;
  /** What happened, as in the message, and nothing of what may have become of the call. */
  readonly problem: string;
  /** Of a mutation: that it may have been carried out all the same, by any of its tries. */
  readonly mayHaveArrived: boolean;
  /** Of a `finetunings.create` or `bulkCancel` that may have arrived: sent again with this `idempotency_key`, it does so once. Else null. */
  readonly idempotencyKey: string | null;

  constructor({ address, problem, status, cause, neverArrived = false }: Failure, call: Call) {
    const outcome = neverArrived ? null : afterNoAnswer(call);
    super(withOutcome(problem, outcome), cause ? { cause } : {});
    // tRPC's constructor makes a plain TRPCClientError of whatever extends it.
    Object.setPrototypeOf(this, new.target.prototype);
    this.name = 'GoldtuneConnectionError';
    this.address = address;
    this.status = status ?? null;
    this.problem = problem;
    this.mayHaveArrived = outcome !== null;
    this.idempotencyKey = outcome?.idempotencyKey ?? null;
  }
}

/** The same call may get an answer later. */
export const mayPass = ({ status }: { status: number | null }): boolean =>
  status === null || status >= 500 || status === 429;

export const outOfTime = (address: string, ms: number, cause: Error, call: Call): GoldtuneConnectionError =>
  new GoldtuneConnectionError(
    { address, cause, problem: `goldtune at ${address} has not answered within ${ms / 1000} s` },
    call,
  );

/** Something answered, and it was not goldtune. */
export function otherAnswer(address: string, status: number): Failure {
  if (mayPass({ status })) return { address, status, problem: `goldtune at ${address} is unavailable: HTTP ${status}` };
  return {
    address,
    status,
    problem: `what answers at ${address} is not goldtune (HTTP ${status})`,
    neverArrived: true,
  };
}

export function unreached(address: string, cause: Error): Failure {
  const { words, neverArrived = false } = reasonOf(cause);
  return { address, cause, problem: `cannot reach goldtune at ${address}: ${words}`, neverArrived };
}

type Reason = { words: string; neverArrived?: boolean };

const reasons = new Map<string, Reason>([
  ['ECONNREFUSED', { words: 'connection refused', neverArrived: true }],
  ['ENOTFOUND', { words: 'no such host', neverArrived: true }],
  ['EAI_AGAIN', { words: 'no such host', neverArrived: true }],
  ['UND_ERR_CONNECT_TIMEOUT', { words: 'no answer in time', neverArrived: true }],
  ['ECONNRESET', { words: 'connection lost' }],
  ['UND_ERR_SOCKET', { words: 'connection lost' }],
]);

/** fetch wraps what happened in errors of its own: the innermost says it. */
function reasonOf(error: Error): Reason {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = reasons.get(code);
  if (reason) return reason;
  return error.cause instanceof Error ? reasonOf(error.cause) : { words: error.message || code };
}
