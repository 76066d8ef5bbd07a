// What an attempt to deliver a webhook came to, and what follows from it. Pure.

export type Attempt =
  /** Whatever the status; and how long the receiver asks to be left alone, where it does. */
  | { kind: 'answered'; status: number; answer: string; retry_after_ms: number | null }
  /** No answer came, and why. */
  | { kind: 'failed'; error: string };

export type Verdict =
  | { kind: 'delivered' }
  | { kind: 'again'; in_ms: number }
  | { kind: 'given_up' }
  /** The receiver says that there is nobody any more. */
  | { kind: 'gone' };

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];
/** Before each further attempt: in all, a day. */
export const PAUSES_MS: readonly number[] = [
  ...[5 * SECOND, 30 * SECOND],
  ...[2 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR],
];

/** However long a receiver asks to be left alone. */
const LONGEST_PAUSE_MS = 8 * HOUR;

const GONE = 410;

/** @param attempts how many there were, this one among them */
export function verdictOn(attempt: Attempt, attempts: number, pauses_ms = PAUSES_MS): Verdict {
  if (attempt.kind === 'answered') {
    if (attempt.status >= 200 && attempt.status < 300) return { kind: 'delivered' };
    if (attempt.status === GONE) return { kind: 'gone' };
  }
  const pause_ms = pauses_ms[attempts - 1];
  if (pause_ms === undefined) return { kind: 'given_up' };
  const asked_ms = attempt.kind === 'answered' ? (attempt.retry_after_ms ?? 0) : 0;
  return { kind: 'again', in_ms: Math.max(pause_ms, Math.min(asked_ms, LONGEST_PAUSE_MS)) };
}

/** @param now of the receiver. Null: it does not say, or not in a way that is known */
export function retryAfter(given: string | undefined, now: number): number | null {
  if (given === undefined) return null;
  const ms = /^\s*\d{1,9}\s*$/.test(given) ? Number(given) * SECOND : Date.parse(given) - now;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** For people; null: it was taken. */
export function troubleOf(attempt: Attempt): string | null {
  if (attempt.kind === 'failed') return attempt.error;
  if (attempt.status >= 200 && attempt.status < 300) return null;
  if (attempt.status >= 300 && attempt.status < 400)
    return `HTTP ${attempt.status}: redirects are not followed; give the address that it leads to`;
  return `HTTP ${attempt.status}`;
}
