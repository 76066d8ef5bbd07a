// What went wrong, as an outcome and as one line for people. Neither ever holds a stack or the API key.
import { CommanderError } from 'commander';
import { GoldtuneConnectionError, mayPass } from '../connection-error.ts';
import { GoldtuneTimeout, isGoldtuneError } from '../errors.ts';
import type { ErrorCode } from '../generated/router.ts';
import type { Outcome } from './exit-codes.ts';
import { oneLine } from './text.ts';

/** What was given cannot be used; the message says what to give instead. */
export class InputError extends Error {}

/** Ctrl-C; the message says what goes on all the same. */
export class Interrupted extends Error {}

const outcomes: Record<ErrorCode, Outcome> = {
  not_found: 'not_found',
  no_logs: 'not_found',
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
  rate_limited: 'unreachable',
  scope_missing: 'denied',
  unavailable: 'unreachable',
  method_not_allowed: 'unexpected',
  internal: 'unexpected',
};

export function outcomeOf(error: unknown): Outcome {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 'done' : 'invalid';
  if (error instanceof InputError) return 'invalid';
  if (error instanceof Interrupted) return 'interrupted';
  // Where goldtune has not answered at all, nobody knows whether anything is stored.
  if (error instanceof GoldtuneTimeout) return error.finetuning ? 'pending' : 'unreachable';
  // A newer server may have codes that are unknown here.
  if (isGoldtuneError(error)) return outcomes[error.data.reason] ?? 'unexpected';
  return error instanceof GoldtuneConnectionError ? 'unreachable' : 'unexpected';
}

/** A server takes no shorter one. What is shorter may be a word of the line, and is no secret of it. */
const SHORTEST_KEY = 16;

/** One line. The API key is cut out wherever it stands in it. */
export function explain(error: unknown, apiKey?: string): string {
  const line = oneLine(wordsOf(error, apiKey));
  return apiKey && apiKey.length >= SHORTEST_KEY ? line.replaceAll(apiKey, '***') : line;
}

function wordsOf(error: unknown, apiKey?: string): string {
  if (isGoldtuneError(error) && error.data.reason === 'unauthorized') {
    return `${error.message} Give ${apiKey ? 'the right one as ' : ''}--api-key or GOLDTUNE_API_KEY.`;
  }
  if (error instanceof GoldtuneConnectionError) return `${error.message}; ${adviceOn(error)}`;
  return error instanceof Error ? error.message : String(error);
}

function adviceOn(error: GoldtuneConnectionError): string {
  if (error.status !== null) return mayPass(error) ? 'try again shortly' : 'give its address as --url';
  return error.cause?.name === 'TimeoutError'
    ? 'see whether it is goldtune that listens there, or give it more time with --request-timeout'
    : 'start it with `npm start`, or give its address as --url';
}
