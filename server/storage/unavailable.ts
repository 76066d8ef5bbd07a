// A database that cannot do what is asked just now is no fault of the request: the domain hears `Unavailable`, and may ask again.
import { DrizzleQueryError } from 'drizzle-orm';
import { Unavailable } from '../finetuning/unavailable.ts';

type Reason = { words: string; passes: boolean };

const OUT_OF_REACH: Reason = { words: 'The database cannot be reached', passes: false };
const LOST: Reason = { words: 'The connection to the database was lost', passes: true };
const SILENT: Reason = { words: 'The database did not answer in time', passes: true };
const LOCKED: Reason = { words: 'Somebody else holds a lock on this in the database', passes: true };
const NOT_NOW: Reason = { words: 'The database could not carry this out just now', passes: true };
const READ_ONLY: Reason = { words: 'The database takes no writes at the moment', passes: false };
const DISK_FULL: Reason = { words: 'Nothing can be written now: the disk is full', passes: false };
const EXHAUSTED: Reason = { words: 'The database has no room for this just now', passes: false };

/** By SQLSTATE: what the same statement may not meet when it is sent again. */
const SERVER_CODES: [RegExp, Reason][] = [
  // A server that is told to stop, or crashed; sessions that it ends for being idle or long; a commit without an answer.
  [/^(57P0[1245]|25P0[34]|08007)$/, LOST],
  // Connection exceptions; log-ins that are refused while a password or a database is changed; a server that starts.
  [/^(08...|28...|3D000|55000|57P0.)$/, OUT_OF_REACH],
  [/^25006$/, READ_ONLY],
  [/^53100$/, DISK_FULL],
  // Too many connections, no memory; a failed disk.
  [/^(53...|58...)$/, EXHAUSTED],
  [/^55P03$/, LOCKED],
  [/^57014$/, SILENT],
  // Serialization, deadlock.
  [/^(4000[13]|40P01)$/, NOT_NOW],
];
/** Of the operating system, where a file or a socket is written. */
const SYSTEM_CODES: [RegExp, Reason][] = [
  [/^(ENOSPC|EDQUOT)$/, DISK_FULL],
  [/^(ECONNRESET|EPIPE)$/, LOST],
  // Of certificates, which do not tell the call that failed.
  [/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/, OUT_OF_REACH],
];
/** `pg` and PGlite give these no code. */
const MESSAGES: [RegExp, Reason][] = [
  [/^(Connection terminated|Client (has encountered a connection error|was closed)|PGlite is clos)/, LOST],
  [/^(Query read timeout|timeout exceeded when trying to connect|no answer in time)/, SILENT],
  [
    /^(timeout e|Cannot use a pool after|The server does not support SSL|There was an error establishing an SSL)/,
    OUT_OF_REACH,
  ],
];

/** A session that is given up for its silence fails with this. */
export const silent = () => new Error('no answer in time');

/** Where no connection could be made, another try would fail too; where all are in use, it need not. */
export const unreached = (cause: unknown): Error =>
  reasonToAskAgain(cause) === LOST
    ? Object.assign(new Error('no connection could be made', { cause }), { code: '08001' })
    : cause instanceof Error
      ? cause
      : new Error(String(cause));

/** Null: an error of another kind, which asking again would meet again. */
function reasonToAskAgain(error: unknown): Reason | null {
  if (error instanceof DrizzleQueryError) return reasonToAskAgain(error.cause);
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const found = reasonIn(MESSAGES, error.message) ?? reasonIn(SYSTEM_CODES, code);
  if (found) return found;
  // Whatever else the operating system refuses here, it refuses to a connection.
  if ('syscall' in error) return OUT_OF_REACH;
  // Of several addresses of one host, none answers.
  if (error instanceof AggregateError)
    return error.errors.map(reasonToAskAgain).find((reason) => reason !== null) ?? null;
  return reasonIn(SERVER_CODES, code);
}

const reasonIn = (table: readonly [RegExp, Reason][], text: string) =>
  table.find(([pattern]) => pattern.test(text))?.[1] ?? null;

/** The same call, which rejects with `Unavailable` where the database cannot do it just now. */
export async function tellingUnavailable<T>(
  call: () => T | Promise<T>,
  /** Whether it may have been done though it failed. */
  mayBeDone: () => boolean = () => false,
): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const reason = reasonToAskAgain(cause);
    if (reason === null) throw cause;
    throw new Unavailable(reason.words, { cause, passes: reason.passes, mayBeDone: mayBeDone() });
  }
}

/** The same methods, each rejecting with `Unavailable` where the database cannot do it just now. */
export function translated<Part extends object>(part: Part): Part {
  return new Proxy(part, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...input: unknown[]) => tellingUnavailable(() => member.apply(target, input));
    },
  });
}
