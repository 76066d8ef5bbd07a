// The log: JSON, a line each, with times and levels in words, and without secrets or what customers have stored.
import { pino, stdTimeFunctions } from 'pino';
import { errorWords } from './finetuning/error-line.ts';
import type { Redact } from './redaction.ts';

/** In characters. */
const MOST_UNWRITTEN = 1_000_000;
const LONGEST_MESSAGE = 2000;
const LONGEST_STATEMENT = 300;
const MOST_CAUSES = 5;
/** What errors of Node, of the database and of the provider say beside their message; none of it is a value. */
const TELLING = ['code', 'syscall', 'address', 'port', 'status', 'severity', 'schema', 'table', 'column', 'constraint'];

/** @param to where lines are written; standard error, unless a test reads them. */
export const openLog = (level: string, redact: Redact, to: pino.DestinationStream = standardError()): pino.Logger =>
  pino(
    {
      level,
      // For people at a terminal as well as for programs: a time and a level that both can read.
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => shown(error) },
      // Every line, with all that is nested in it, as it is about to be written.
      hooks: { streamWrite: redact },
    },
    to,
  );

/** Where it cannot be written, as on a full disk, nothing ends by that: some lines are kept for later, others lost. */
function standardError(): pino.DestinationStream {
  const lines = pino.destination({ dest: 2, sync: true, maxLength: MOST_UNWRITTEN });
  lines.on('error', () => {});
  return lines;
}

/** An error as it may be shown: what it says and where it was, of a statement its text without the values. */
export function shown(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error).slice(0, LONGEST_MESSAGE);
  const told = TELLING.flatMap((name) => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [];
  });
  const isDeep = depth >= MOST_CAUSES;
  return {
    type: error.name,
    message: errorWords(error).slice(0, LONGEST_MESSAGE),
    ...Object.fromEntries(told),
    ...('query' in error ? { query: String(error.query).slice(0, LONGEST_STATEMENT) } : {}),
    // Its own first lines are the message again.
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(error.cause === undefined || isDeep ? {} : { cause: shown(error.cause, depth + 1) }),
    ...(error instanceof AggregateError && !isDeep
      ? { errors: error.errors.slice(0, MOST_CAUSES).map((each) => shown(each, depth + 1)) }
      : {}),
  };
}
