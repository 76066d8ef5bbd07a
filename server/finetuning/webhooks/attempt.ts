// What an attempt to deliver a webhook came to, and what follows from it. Pure.

export type Attempt =
  /** Whatever the status. */
  | { kind: 'answered'; status: number; answer: string }
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

const GONE = 410;

/** @param attempts how many there were, this one among them */
export function verdictOn(attempt: Attempt, attempts: number, pauses_ms = PAUSES_MS): Verdict {
  if (attempt.kind === 'answered') {
    if (attempt.status >= 200 && attempt.status < 300) return { kind: 'delivered' };
    if (attempt.status === GONE) return { kind: 'gone' };
  }
  const in_ms = pauses_ms[attempts - 1];
  return in_ms === undefined ? { kind: 'given_up' } : { kind: 'again', in_ms };
}

/** For people; null: it was taken. */
export function troubleOf(attempt: Attempt): string | null {
  if (attempt.kind === 'failed') return attempt.error;
  if (attempt.status >= 200 && attempt.status < 300) return null;
  if (attempt.status >= 300 && attempt.status < 400)
    return `HTTP ${attempt.status}: redirects are not followed; give the address that it leads to`;
  return `HTTP ${attempt.status}`;
}
