// What went wrong, as an outcome and as one line for people. Neither ever holds a stack or the API key.
import { isTRPCClientError } from '@trpc/client';
import { CommanderError } from 'commander';
import { GoldtuneTimeout, isGoldtuneError, isTransient } from '../errors.ts';
import type { ErrorCode } from '../generated/router.ts';
import type { Outcome } from './exit-codes.ts';
import { oneLine } from './text.ts';

/** What was given cannot be used; the message says what to give instead. */
export class InputError extends Error {}

/** Ctrl-C; the message says what goes on all the same. */
export class Interrupted extends Error {}

const outcomes: Record<ErrorCode, Outcome> = {
  not_found: 'not_found',
  invalid: 'invalid',
  mismatch: 'invalid',
  idempotency_conflict: 'invalid',
  in_use: 'in_use',
  too_large: 'invalid',
  unsupported_encoding: 'invalid',
  already_succeeded: 'too_late',
  already_failed: 'too_late',
  unauthorized: 'denied',
  forbidden: 'denied',
  unavailable: 'unreachable',
  method_not_allowed: 'unexpected',
  internal: 'unexpected',
};

export function outcomeOf(error: unknown): Outcome {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 'done' : 'invalid';
  if (error instanceof InputError) return 'invalid';
  if (error instanceof Interrupted) return 'interrupted';
  if (error instanceof GoldtuneTimeout) return 'pending';
  // A newer server may have codes that are unknown here.
  if (isGoldtuneError(error)) return outcomes[error.data.reason] ?? 'unexpected';
  return isTRPCClientError(error) ? 'unreachable' : 'unexpected';
}

/** What the client was made with. */
type Address = { url: string; apiKey?: string | undefined };

/** One line. The address belongs into it, the key never does. */
export function explain(error: unknown, about: Address): string {
  const line = oneLine(wordsOf(error, about));
  return about.apiKey ? line.replaceAll(about.apiKey, '***') : line;
}

function wordsOf(error: unknown, about: Address): string {
  if (isGoldtuneError(error)) {
    if (error.data.reason !== 'unauthorized') return error.message;
    return `${error.message} Give ${about.apiKey ? 'the right one as ' : ''}--api-key or GOLDTUNE_API_KEY.`;
  }
  if (!isTRPCClientError(error)) return error instanceof Error ? error.message : String(error);
  const { url } = about;
  const response = error.meta?.['response'];
  if (!(response instanceof Response)) {
    return `cannot reach goldtune at ${url}: ${reasonOf(error)}; start it with \`npm start\`, or give its address as --url`;
  }
  return isTransient(error)
    ? `goldtune at ${url} is unavailable: HTTP ${response.status}; try again shortly`
    : `what answers at ${url} is not goldtune (HTTP ${response.status}); give its address as --url`;
}

const reasons = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection lost'],
  ['ENOTFOUND', 'no such host'],
  ['EAI_AGAIN', 'no such host'],
  ['UND_ERR_SOCKET', 'connection lost'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no answer in time'],
]);

/** fetch wraps what happened in errors of its own: the innermost says it. */
function reasonOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = reasons.get(code);
  if (reason) return reason;
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message || code;
}
