// The library of sign-ins (better-auth), as it is used here: to prove a password, and to be sent to an OpenID provider and back.
// Loaded once somebody signs in. Nothing of it is reached from outside but through what this file gives.

import { APIError } from 'better-auth/api';
import { type BetterAuthOptions, betterAuth } from 'better-auth/minimal';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { z } from 'zod';
import type { Log } from '../../finetuning/dependencies.ts';
import { newId } from '../../finetuning/object-id.ts';
import type { Cookies } from '../../finetuning/sign-in.ts';
import { addressOfMetadata, type OpenId } from './discover.ts';
import { attributes, cookiePrefix } from './session-cookie.ts';

/** What it is called among the ways to sign in, and in the address that it sends people back to. */
const PROVIDER = 'openid';

export type SignInsOptions = {
  /** Where browsers find this server. */
  publicUrl: string;
  secret: string;
  sessionSeconds: number;
  tables: NonNullable<BetterAuthOptions['database']>;
  openId: OpenId | null;
  log: Log;
  /** Whether a provider's word lets somebody in who is not known yet. */
  mayJoin: (email: string) => Promise<boolean>;
  /** Whether they are known by another name of this provider's, which an account of theirs there has. */
  isKnownAt: (issuer: string, person_id: string) => Promise<boolean>;
  /** Whether somebody who has proven who they are is a member of anything, now at the latest. */
  admit: (person_id: string) => Promise<boolean>;
};

/** Why nobody was signed in: a word of the library's or of ours, or of the provider's. */
export type Refused = { refused: string };

export type SignIns = {
  /** Null: it is wrong. */
  password(email: string, password: string): Promise<Cookies | null>;
  begin(): Promise<{ location: string; cookies: Cookies }>;
  end(query: string, cookie: string): Promise<Cookies | Refused>;
};

const NOT_INVITED = 'not_invited';
const answered = z.object({ url: z.url() });

export async function openSignIns(options: SignInsOptions): Promise<SignIns> {
  const { publicUrl } = options;
  const failed = `${publicUrl}/auth/failed`;
  const auth = betterAuth({ ...settings(options), onAPIError: { errorURL: failed } });
  // An OpenID provider that cannot be used shows here.
  await auth.$context;

  return {
    async password(email, password) {
      const answer = await auth.api.signInEmail({ body: { email, password }, asResponse: true });
      // 403: they are no member of anything any more.
      if (answer.status === 401 || answer.status === 403) return null;
      if (!answer.ok) throw new Error(`signing in was answered ${answer.status}`);
      return answer.headers.getSetCookie();
    },

    async begin() {
      const answer = await auth.api.signInSocial({
        body: {
          provider: PROVIDER,
          callbackURL: `${publicUrl}/auth/account`,
          errorCallbackURL: failed,
          disableRedirect: true,
        },
        asResponse: true,
      });
      if (!answer.ok) throw new Error(`the way to the OpenID provider was answered ${answer.status}`);
      const { url } = answered.parse(await answer.json());
      return { location: url, cookies: answer.headers.getSetCookie() };
    },

    async end(query, cookie) {
      const answer = await auth.handler(
        new Request(`${publicUrl}/auth/callback/${PROVIDER}${query}`, { headers: { cookie } }),
      );
      const location = URL.parse(answer.headers.get('location') ?? '', publicUrl);
      const error = location?.searchParams.get('error') ?? null;
      if (answer.status === 302 && error !== null) return { refused: error };
      if (answer.status !== 302) throw new Error(`the way back from the OpenID provider was answered ${answer.status}`);
      return answer.headers.getSetCookie();
    },
  };
}

function settings(options: SignInsOptions) {
  const { publicUrl, secret, sessionSeconds, tables, openId, log, mayJoin, admit, isKnownAt } = options;
  const { origin, pathname, protocol } = new URL(publicUrl);
  const isHttps = protocol === 'https:';
  const withoutTokens = async (account: Record<string, unknown>) => ({
    data: {
      ...account,
      ...{ accessToken: null, accessTokenExpiresAt: null },
      ...{ refreshToken: null, refreshTokenExpiresAt: null, idToken: null },
    },
  });
  /** An e-mail may be given to somebody else one day, whose account is another one. */
  const ofOnePerson = async (account: Record<string, unknown>) => {
    const { providerId, userId } = account;
    if (openId && providerId === PROVIDER && (await isKnownAt(openId.issuer, String(userId))))
      throw refusal('other_account');
    return withoutTokens(account);
  };
  return {
    appName: 'goldtune',
    baseURL: origin,
    basePath: `${pathname.replace(/\/$/, '')}/auth`,
    // As a list of one: else a list in the environment would take its place.
    secrets: [{ version: 1, value: secret }],
    database: tables,
    telemetry: { enabled: false },
    // Its words alone: what it adds to them may be the values of a statement, tokens of sessions among them.
    logger: { level: 'error', log: (_level, message) => log.warn({ told: message }, 'the library of sign-ins says') },
    trustedOrigins: [origin],
    emailAndPassword: { enabled: true, disableSignUp: true },
    user: {
      modelName: 'people',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    session: {
      modelName: 'sessions',
      fields: {
        ...{ userId: 'person_id', createdAt: 'created_at', updatedAt: 'updated_at', expiresAt: 'expires_at' },
        ...{ ipAddress: 'ip_address', userAgent: 'user_agent' },
      },
      expiresIn: sessionSeconds,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    account: {
      modelName: 'sign_in_accounts',
      fields: {
        ...{ userId: 'person_id', providerId: 'provider_id', accountId: 'account_id' },
        ...{ createdAt: 'created_at', updatedAt: 'updated_at', idToken: 'id_token' },
        ...{ accessToken: 'access_token', accessTokenExpiresAt: 'access_token_expires_at' },
        ...{ refreshToken: 'refresh_token', refreshTokenExpiresAt: 'refresh_token_expires_at' },
      },
      updateAccountOnSignIn: false,
      storeStateStrategy: 'database',
      skipStateCookieCheck: false,
      // Somebody may have taken this e-mail, with a password of their own, whose it is not.
      accountLinking: { enabled: true, trustedProviders: [], requireLocalEmailVerified: true },
    },
    verification: {
      modelName: 'verifications',
      fields: { createdAt: 'created_at', updatedAt: 'updated_at', expiresAt: 'expires_at' },
    },
    // Tries are counted by us (people/tries.ts).
    rateLimit: { enabled: false },
    advanced: {
      useSecureCookies: false,
      cookiePrefix: cookiePrefix(isHttps),
      defaultCookieAttributes: attributes(isHttps),
      crossSubDomainCookies: { enabled: false },
      // Whatever the environment says.
      disableCSRFCheck: false,
      disableOriginCheck: false,
      ipAddress: { disableIpTracking: true },
      database: { generateId: () => newId() },
    },
    databaseHooks: {
      user: {
        create: {
          before: async ({ email, emailVerified }) => {
            if (!emailVerified) throw refusal('email_not_verified');
            if (!(await mayJoin(email))) throw refusal(NOT_INVITED);
          },
        },
      },
      session: {
        create: {
          before: async ({ userId }) => {
            if (!(await admit(userId))) throw refusal(NOT_INVITED);
          },
        },
      },
      account: { create: { before: ofOnePerson }, update: { before: withoutTokens } },
    },
    plugins: openId ? [throughOpenId(openId)] : [],
  } satisfies BetterAuthOptions;
}

/** The provider's word is taken where it is signed by the keys that it names, for us, and for this very sign-in. */
const throughOpenId = ({ issuer, clientId, clientSecret }: OpenId) =>
  genericOAuth({
    config: [
      {
        providerId: PROVIDER,
        discoveryUrl: addressOfMetadata(issuer),
        clientId,
        clientSecret,
        scopes: ['openid', 'email', 'profile'],
        pkce: true,
        requireIdTokenVerification: true,
        // What one provider calls somebody, another may call somebody else.
        accountSubject: ({ profile }) => (typeof profile.sub === 'string' ? `${issuer} ${profile.sub}` : ''),
      },
    ],
  });

const refusal = (code: string) => new APIError('FORBIDDEN', { code, message: code });
