// What an error says, without the values that a statement was sent with: they are the customers' records, and belong in
// no log, row or answer.

/** Data exceptions, whose messages repeat the value that was wrong. */
const DATA_EXCEPTION = /^22/;

/** Of a statement that failed, what the database said of it; of any other error its message. */
export function errorWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Drizzle's own message holds the statement and its values; the cause is what the database said.
  if ('params' in error && error.cause !== undefined) return errorWords(error.cause);
  if ('params' in error) return 'a statement failed';
  const sqlState = sqlStateOf(error);
  if (sqlState !== null && DATA_EXCEPTION.test(sqlState)) {
    return `a value cannot be stored or read (SQLSTATE ${sqlState})`;
  }
  // What wraps another error may repeat its message.
  return error.cause instanceof Error && error.cause.message !== ''
    ? error.message.replaceAll(error.cause.message, () => errorWords(error.cause))
    : error.message;
}

/** Null: it does not come from the database. */
function sqlStateOf(error: Error): string | null {
  return 'severity' in error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
