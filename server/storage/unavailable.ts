// A database that cannot do what is asked just now is no fault of the request: the domain hears `unavailable`, and may ask again.
import { DrizzleQueryError } from 'drizzle-orm';
import { DomainError } from '../finetuning/errors.ts';

const OUT_OF_REACH = 'The database cannot be reached; try again a little later.';
const READ_ONLY = 'The database takes no writes at the moment; try again a little later.';
const NOT_NOW = 'The database could not carry this out just now; try again a little later.';

/** By SQLSTATE: what the same statement may not meet when it is sent again. */
const SERVER_CODES: [RegExp, string][] = [
  // Connection exceptions; log-ins that are refused while a password or a database is changed; sessions that the
  // server ends for being idle or long; a server that is shutting down, crashed, or starting up.
  [/^(08...|28...|3D000|25P0[34]|55000|57P0.)$/, OUT_OF_REACH],
  [/^25006$/, READ_ONLY],
  // Too many connections, no memory, no disk; serialization, deadlock, lock and statement time-outs; a failed disk.
  [/^(53...|4000[13]|40P01|55P03|57014|58...)$/, NOT_NOW],
];
/** `pg` and PGlite give these no code. */
const MESSAGES =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|Query read timeout|timeout e|Cannot use a pool after|The server does not support SSL|There was an error establishing an SSL|PGlite is clos)/;
/** Of certificates, which do not tell the call that failed. */
const TLS_CODES = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

/** Null: an error of another kind, which asking again would meet again. */
function reasonToAskAgain(error: unknown): string | null {
  if (error instanceof DrizzleQueryError) return reasonToAskAgain(error.cause);
  if (!(error instanceof Error)) return null;
  // Whatever the operating system refuses here, it refuses to a connection.
  if ('syscall' in error || MESSAGES.test(error.message)) return OUT_OF_REACH;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (TLS_CODES.test(code)) return OUT_OF_REACH;
  // Of several addresses of one host, none answers.
  if (error instanceof AggregateError)
    return error.errors.map(reasonToAskAgain).find((reason) => reason !== null) ?? null;
  return SERVER_CODES.find(([codes]) => codes.test(code))?.[1] ?? null;
}

/** The same call, which rejects with DomainError `unavailable` where the database cannot do it just now. */
export async function tellingUnavailable<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const reason = reasonToAskAgain(error);
    if (reason === null) throw error;
    throw new DomainError('unavailable', reason, { cause: error });
  }
}

/** The same methods, each rejecting with DomainError `unavailable` where the database cannot do it just now. */
export function translated<Part extends object>(part: Part): Part {
  return new Proxy(part, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...input: unknown[]) => tellingUnavailable(() => member.apply(target, input));
    },
  });
}
