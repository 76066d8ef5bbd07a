// How a request is let in: what transports ask of whoever keeps the keys, and the words of a refusal.
import { DomainError } from './errors.ts';
import { allows, type Principal, type Scope } from './principal.ts';

export type Admission = {
  /**
   * @param credential the text of a key; null: none was sent
   * @param from the address that it came from
   * @param cookie the header, for where no key was sent
   * @throws DomainError `unauthorized`; `rate_limited` after too many wrong keys from there; `unavailable` where it cannot be
   * said just now whose key it is
   */
  principalOf(credential: string | null, from?: string, cookie?: string | null): Promise<Principal>;
};

export const NO_KEY = 'This server needs an API key: send it as "Authorization: Bearer <key>".';
export const WRONG_KEY = 'The API key is wrong: it is none that this server knows.';

export const unauthorized = (message: string) => new DomainError('unauthorized', message);

/** @throws DomainError `scope_missing` where the principal may not do all of it */
export function demand(principal: Principal, needed: readonly Scope[]): void {
  const missing = needed.filter((scope) => !allows(principal, scope));
  if (missing.length === 0) return;
  const may = principal.scopes.join(', ');
  throw new DomainError(
    'scope_missing',
    `"${principal.name}" may ${may}; this needs ${missing.join(' and ')} as well.`,
  );
}
