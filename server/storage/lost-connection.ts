// A database that cannot be reached is no fault of the request: the domain hears `unavailable`, and may ask again.
import { DrizzleQueryError } from 'drizzle-orm';
import { DomainError } from '../finetuning/errors.ts';

/** What Node and `pg` say of a connection that cannot be made, or breaks. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** SQLSTATE: connection exceptions, too many connections, a server that is shutting down or starting up. */
const SERVER_CODES = /^(08...|53300|57P0[123])$/;
/** `pg` gives these no code. */
const MESSAGES =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

function isLostConnection(error: unknown): boolean {
  if (error instanceof DrizzleQueryError) return isLostConnection(error.cause);
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return SOCKET_CODES.has(code) || SERVER_CODES.test(code) || MESSAGES.test(error.message);
}

/** The same store, whose methods reject with DomainError `unavailable` where the database cannot be reached. */
export function tellingUnavailable<Store extends object>(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...input: unknown[]) => {
        try {
          return await member.apply(target, input);
        } catch (error) {
          if (!isLostConnection(error)) throw error;
          throw new DomainError('unavailable', 'The database cannot be reached; try again a little later.', {
            cause: error,
          });
        }
      };
    },
  });
}
