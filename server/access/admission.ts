// Who brings a request: the credential it came with, made into a principal or refused.
import { timingSafeEqual } from 'node:crypto';
import { type Admission, NO_KEY, unauthorized, WRONG_KEY } from '../finetuning/admission.ts';
import type { Clock, Log } from '../finetuning/dependencies.ts';
import { standingOf } from '../finetuning/keys.ts';
import type { Principal } from '../finetuning/principal.ts';
import { DEFAULT_ORGANIZATION } from '../finetuning/record.ts';
import { countGuesses } from './guesses.ts';
import type { KeyStore } from './key-store.ts';
import { digestOf, isKeyText } from './key-text.ts';
import { knownKeys } from './known-keys.ts';
import { openLastUse } from './last-use.ts';
import type { AdmittedPeople } from './people/admitted.ts';

export type OpenAdmission = Admission &
  AsyncDisposable & {
    /** A key opens less than it did: in this process from now on. */
    forget(): void;
  };

export type AdmissionOptions = {
  store: Pick<KeyStore, 'byDigest' | 'used'>;
  clock: Clock;
  monotonic: () => number;
  log: Log;
  /** The key of the configuration, which opens everything of the default organization. */
  adminApiKey: string | undefined;
  /** People who sign in. Undefined, as that key: whoever is at this machine is let in. */
  people?: AdmittedPeople | undefined;
};

const inDefault = { organization_id: DEFAULT_ORGANIZATION, scopes: ['admin'] } as const;

/** Whoever has the machine, and so the configuration. */
export const operator = (adminApiKey: string | undefined): Principal =>
  adminApiKey === undefined
    ? { ...inDefault, who: 'local', id: 'local', name: 'local' }
    : { ...inDefault, who: 'key', id: 'admin', name: 'admin' };

export function openAdmission({ store, clock, monotonic, log, adminApiKey, people }: AdmissionOptions): OpenAdmission {
  const isOpen = adminApiKey === undefined && people === undefined;
  const admin = adminApiKey === undefined ? null : Buffer.from(digestOf(adminApiKey));
  const guesses = countGuesses(clock);
  // Who shares an address with somebody that guesses is let in by a key that was let in before, and by that of the configuration.
  const keys = knownKeys((digest, from, isNew) => {
    const find = () => store.byDigest(digest);
    return isNew ? guesses.lookUp(from, true, find) : find();
  }, monotonic);
  const lastUse = openLastUse(store, clock, log);

  const noKey = (from: string) => guesses.lookUp(from, false, async () => null);

  async function ofKey(text: string, from: string): Promise<Principal> {
    const key = isKeyText(text) ? await keys.get(digestOf(text), from) : await noKey(from);
    if (key === null) throw unauthorized(WRONG_KEY);
    const standing = standingOf(key, clock());
    if (standing === 'revoked') throw unauthorized(`The API key "${key.name}" was revoked at ${key.revoked_at}.`);
    if (standing === 'expired') throw unauthorized(`The API key "${key.name}" expired at ${key.expires_at}.`);
    lastUse.note(key);
    return { organization_id: key.organization_id, who: 'key', id: key.id, name: key.name, scopes: key.scopes };
  }

  async function ofCookie(cookie: string | null): Promise<Principal> {
    const person = people && cookie !== null ? await people.principalOf(cookie) : null;
    if (person === null) throw unauthorized(people ? `${NO_KEY} People sign in at ${people.signInAt}` : NO_KEY);
    return person;
  }

  return {
    async principalOf(credential, from = '', cookie = null) {
      // Whatever else clients send where none is needed was never looked at. A key of ours is for its own organization.
      if (isOpen && (credential === null || !isKeyText(credential))) return operator(adminApiKey);
      if (credential === null) return ofCookie(cookie);
      // Digests have one length, so the comparison takes one time, whatever was given.
      if (admin !== null && timingSafeEqual(Buffer.from(digestOf(credential)), admin)) return operator(adminApiKey);
      return ofKey(credential, from);
    },
    forget: keys.forget,
    [Symbol.asyncDispose]: () => lastUse[Symbol.asyncDispose](),
  };
}
