// How people come in: by a password, by an OpenID provider, by a link.
import { unauthorized } from '../../finetuning/admission.ts';
import type { Clock, Log } from '../../finetuning/dependencies.ts';
import { DomainError, invalid, notFound } from '../../finetuning/errors.ts';
import { newId } from '../../finetuning/object-id.ts';
import type { SignIn } from '../../finetuning/sign-in.ts';
import { Unavailable } from '../../finetuning/unavailable.ts';
import { digestOf } from '../key-text.ts';
import { createDiscovery, type OpenId } from './discover.ts';
import { openOnce } from './library.ts';
import type { Membership, PeopleStore, SessionStore } from './people-store.ts';
import { isOurs, wordsOfRefusal } from './refusals.ts';
import { forgotten, tokenIn } from './session-cookie.ts';
import type { SignInsOptions } from './sign-ins.ts';
import { countTries } from './tries.ts';
import { within } from './within.ts';

export type SignInOptions = {
  publicUrl: string;
  secret: string;
  openId: OpenId | null;
  /** What somebody with this e-mail becomes whom the provider lets in, without an invitation. */
  unasked: (email: string) => Membership | null;
  store: PeopleStore & SessionStore;
  /** Loaded once somebody signs in. */
  tables: () => Promise<SignInsOptions['tables']>;
  clock: Clock;
  monotonic: () => number;
  log: Log;
};

const SESSION_S = 7 * 24 * 60 * 60;
/** For all that the provider is asked on the way back. */
const LONGEST_MS = 10_000;

const WRONG = 'The e-mail or the password is wrong.';
const OVER = 'This link opens nothing: it was used or taken back, or is too old. Ask for another one.';
const NO_PROVIDER = 'No OpenID provider is configured here: set OIDC_ISSUER.';
const NOT_NOW = 'Nobody can be signed in just now';

export function createSignIn(options: SignInOptions): SignIn {
  const { publicUrl, secret, openId, unasked, store, clock, monotonic, log } = options;
  const cookies = { isHttps: new URL(publicUrl).protocol === 'https:', secret };
  const tries = countTries(clock);
  const discover = openId && createDiscovery(openId, monotonic);
  const library = openOnce({
    ...options,
    sessionSeconds: SESSION_S,
    mayJoin: async (email) => unasked(email) !== null || store.isInvited(email, clock()),
    isKnownAt: store.isKnownAt,
    admit: (person_id) => store.admit(person_id, unasked, clock()),
  });

  /** @throws Unavailable where the provider cannot be used just now */
  async function throughOpenId() {
    if (!discover || !openId) throw invalid(['path'], NO_PROVIDER);
    await discover();
    return library('openId');
  }

  async function withPassword(email: string, password: string, from: string) {
    const { password: proven } = await library('passwords');
    const signedIn = await tries.ofPassword(email, from, () => proven(email, password));
    if (!signedIn) throw unauthorized(WRONG);
    return signedIn;
  }

  async function session(cookie: string) {
    const token = await tokenIn(cookie, cookies);
    const found = token === null ? null : await store.session(token, clock());
    return token !== null && found ? { ...found, token } : null;
  }

  async function opened(token: string, from: string) {
    const found = await tries.ofLink(from, () => store.invitation(digestOf(token), clock()));
    if (!found) throw new DomainError('not_found', OVER);
    return found;
  }

  return {
    hasOpenId: openId !== null,
    withPassword,

    async begin(from) {
      await tries.begun(from);
      return (await throughOpenId()).begin();
    },

    async end(query, cookie, from) {
      const { end } = await throughOpenId();
      let why = '';
      const signedIn = await tries.ofLink(from, async () => {
        const outcome = await within(
          LONGEST_MS,
          `The OpenID provider ${openId?.issuer} does not answer`,
          end(query, cookie),
        );
        if (!('refused' in outcome)) return outcome;
        why = outcome.refused;
        if (isOurs(why)) throw new Unavailable(NOT_NOW);
        return null;
      });
      if (!signedIn) throw unauthorized(wordsOfRefusal(why));
      return signedIn;
    },

    async out(cookie) {
      const token = await tokenIn(cookie, cookies);
      if (token !== null) await store.endSession(token);
      return [forgotten(cookies.isHttps)];
    },

    async signedIn(cookie) {
      const found = await session(cookie);
      if (!found) return null;
      const { name, role, organization_id, person_id } = found;
      return { name, role, organization_id, organizations: await store.organizationsOf(person_id) };
    },

    async choose(cookie, organization_id) {
      const found = await session(cookie);
      if (!found) throw unauthorized(WRONG);
      if (!(await store.choose(found.token, organization_id))) throw notFound('Organization', organization_id);
    },

    async invitation(token, from) {
      const { organization, email, role, isOfKnown } = await opened(token, from);
      return { organization, email, role, isOfKnown };
    },

    async join(token, { name, email, password }, from) {
      const invitation = await opened(token, from);
      const { hashPassword } = await import('better-auth/crypto');
      const person = {
        id: newId(),
        account_id: newId(),
        name,
        email: invitation.email ?? email,
        password: await hashPassword(password),
      };
      const outcome = await store.join(digestOf(token), person, clock());
      switch (outcome) {
        case 'over':
          throw new DomainError('not_found', OVER);
        case 'known':
          throw invalid(['body', 'email'], `${person.email} is known here already: sign in, and open the link again.`);
        case 'joined':
          log.info({ person: person.id, organization: invitation.organization_id }, 'somebody has joined');
          return withPassword(person.email, password, from);
        default:
          return outcome satisfies never;
      }
    },

    async joinAs(token, cookie, from) {
      const invitation = await opened(token, from);
      const found = await session(cookie);
      if (!found) throw unauthorized(WRONG);
      if ((await store.joinAs(digestOf(token), found.person_id, clock())) === 'over') {
        throw invalid(
          ['body'],
          `This invitation is for ${invitation.email}; sign in as that person, and open it again.`,
        );
      }
      await store.choose(found.token, invitation.organization_id);
    },
  };
}
