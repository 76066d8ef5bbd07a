// A real OpenID provider on loopback, and somebody who signs in at it by its own pages.
import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { Browser, type Page, PUBLIC_URL, peopleEnv } from './browser.ts';

export type Account = { email: string; email_verified: boolean; name: string };

/** Where it sends people back to. */
const CALLBACK = `${PUBLIC_URL}/auth/callback/openid`;
const CLIENT = { client_id: 'goldtune', client_secret: 'a-secret-of-the-client-that-is-long-enough' };

export async function startOpenIdProvider() {
  /** By what they type as their name at the provider. */
  const accounts = new Map<string, Account>();
  let answer: ReturnType<Provider['callback']> = () => {};
  let isSilent = false;
  const requests: string[] = [];
  await using resources = new AsyncDisposableStack();
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (!isSilent) answer(request, response);
  }).listen(0, '127.0.0.1');
  resources.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  await once(server, 'listening');
  const bound = server.address();
  const issuer = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
  answer = new Provider(issuer, {
    clients: [{ ...CLIENT, redirect_uris: [CALLBACK], grant_types: ['authorization_code'], response_types: ['code'] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    cookies: { keys: ['a key of the test'] },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: async () => ({ sub, ...accounts.get(sub) }),
    }),
  }).callback();

  const held = resources.move();
  return {
    issuer,
    accounts,
    requests,
    env: {
      ...peopleEnv,
      ...{ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: CLIENT.client_id, OIDC_CLIENT_SECRET: CLIENT.client_secret },
    },
    /** It answers nothing from now on. */
    fallSilent() {
      isSilent = true;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** As a person does it at the provider, from its first page to where it sends them back. */
export async function signInAt(issuer: string, authorization: string, login: string): Promise<string> {
  const browser = new Browser(issuer);
  browser.origin = null;
  const inside = (location: string | null) => (location ?? '').replace(issuer, '');
  let page = await browser.get(inside(authorization));
  for (let steps = 0; steps < 10; steps++) {
    if (page.location?.startsWith(PUBLIC_URL)) return page.location;
    if (page.location !== null) page = await browser.get(inside(page.location));
    else page = await browser.post(inside(actionOf(page)), answersOf(page, login));
  }
  throw new Error(`the provider leads nowhere: ${page.status} ${page.text.slice(0, 300)}`);
}

/** Says no, where they are asked whether they want to. */
export async function denyAt(issuer: string, authorization: string): Promise<string> {
  const browser = new Browser(issuer);
  browser.origin = null;
  const inside = (location: string | null) => (location ?? '').replace(issuer, '');
  let page = await browser.get(inside(authorization));
  while (page.location !== null) page = await browser.get(inside(page.location));
  page = await browser.get(inside(/href="([^"]+abort)"/.exec(page.text)?.[1] ?? ''));
  while (page.location !== null && !page.location.startsWith(PUBLIC_URL))
    page = await browser.get(inside(page.location));
  return page.location ?? '';
}

const actionOf = ({ text }: Page) => /action="([^"]+)"/.exec(text)?.[1] ?? '';
const answersOf = ({ text }: Page, login: string): Record<string, string> => {
  const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1] ?? '';
  return prompt === 'login' ? { prompt, login, password: 'any' } : { prompt };
};
