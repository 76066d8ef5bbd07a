// Signing in at a real OpenID provider, all the way by HTTP; and what happens where it cannot be relied on.
import { expect, test } from 'vitest';
import { members, people, sessions, signInAccounts, verifications } from '../../../drizzle/people.ts';
import { listening } from '../../provider/listening.ts';
import { startWorld, type World } from '../../world.ts';
import { administrator, Browser, PUBLIC_URL, peopleEnv } from './browser.ts';
import { denyAt, signInAt, startOpenIdProvider } from './openid-provider.ts';

type Provider = Awaited<ReturnType<typeof startOpenIdProvider>>;

async function through({ issuer }: Provider, world: World, login: string, browser = new Browser(world.app.url)) {
  const begun = await browser.get('/auth/openid');
  expect([begun.status, begun.location]).toEqual([302, expect.stringContaining(`${issuer}/auth?`)]);
  const back = await signInAt(issuer, begun.location ?? '', login);
  return { browser, back, answer: await browser.get(back) };
}

const invite = (world: World, ada: Browser, email: string, role = 'member') =>
  world.request('POST', '/api/v1/invitations', { email, role }, ada.headers);

test('who is invited signs in at the provider, and is who they are from then on', async () => {
  await using provider = await startOpenIdProvider();
  await using world = await startWorld({ env: provider.env });
  const ada = await administrator(world);
  expect((await ada.get('/auth/sign-in')).text).toContain('href="openid"');
  await invite(world, ada, 'grace@example.com');
  provider.accounts.set('grace', { email: 'Grace@example.com', email_verified: true, name: 'Grace' });
  const first = await through(provider, world, 'grace');
  expect([first.answer.status, first.answer.location]).toEqual([303, '../account']);
  const authorization = provider.requests.find((path) => path.startsWith('/auth?')) ?? '';
  expect(authorization).toMatch(/code_challenge_method=S256/);
  expect(authorization).toMatch(/state=[\w-]{20,}/);
  expect(authorization).toMatch(/nonce=[\w-]{20,}/);
  const me = () => world.request('GET', '/api/v1/me', undefined, first.browser.headers);
  expect(await me()).toMatchObject({ status: 200, body: { name: 'Grace', scopes: ['read', 'run', 'cancel'] } });

  const again = await through(provider, world, 'grace');
  expect(again.answer.status).toBe(303);
  const known = await world.app.db.select().from(people);
  expect(known.map(({ email }) => email).toSorted()).toEqual(['ada@example.com', 'grace@example.com']);
  const accounts = await world.app.db.select().from(signInAccounts);
  for (const { access_token, refresh_token, id_token } of accounts) {
    expect({ access_token, refresh_token, id_token }).toEqual({
      access_token: null,
      refresh_token: null,
      id_token: null,
    });
  }
  expect(await world.app.db.select().from(verifications)).toEqual([]);
});

test('who has the first link signs in at the provider too; who took an e-mail with a password does not lend it to anybody', async () => {
  await using provider = await startOpenIdProvider();
  await using world = await startWorld({ env: provider.env });
  const ada = await administrator(world);
  provider.accounts.set('ada', { email: 'ada@example.com', email_verified: true, name: 'Ada L.' });
  const { browser } = await through(provider, world, 'ada');
  expect(await world.request('GET', '/api/v1/me', undefined, browser.headers)).toMatchObject({ body: { name: 'Ada' } });

  const { body } = await invite(world, ada, 'eve@example.com');
  const token = new URL(Object(body).link).searchParams.get('token') ?? '';
  const given = { token, name: 'Eve', email: 'eve@example.com', password: 'correct horse battery' };
  await new Browser(world.app.url).post('/auth/invitation', given);
  provider.accounts.set('eve', { email: 'eve@example.com', email_verified: true, name: 'Eve' });
  const { answer } = await through(provider, world, 'eve');
  expect([answer.status, answer.text]).toEqual([401, expect.stringContaining('signs in with a password here')]);
});

test('whoever is given an e-mail later, at the provider, is not who had it before', async () => {
  await using provider = await startOpenIdProvider();
  await using world = await startWorld({ env: provider.env });
  const ada = await administrator(world);
  await invite(world, ada, 'jane@example.com', 'admin');
  provider.accounts.set('jane', { email: 'jane@example.com', email_verified: true, name: 'Jane' });
  expect((await through(provider, world, 'jane')).answer.status).toBe(303);
  provider.accounts.set('newcomer', { email: 'jane@example.com', email_verified: true, name: 'Another Jane' });
  const { answer, browser } = await through(provider, world, 'newcomer');
  expect([answer.status, answer.text]).toEqual([401, expect.stringContaining('another account of the provider')]);
  expect((await world.request('GET', '/api/v1/me', undefined, browser.headers)).status).toBe(401);
  const [account] = (await world.app.db.select().from(signInAccounts)).filter(({ password }) => password === null);
  expect(account?.account_id).toBe(`${provider.issuer} jane`);
});

test('whose e-mail is of a domain that is named comes in without an invitation, and nobody else does', async () => {
  await using provider = await startOpenIdProvider();
  await using world = await startWorld({
    env: { ...provider.env, OIDC_ALLOWED_DOMAINS: 'example.com', OIDC_ROLE: 'operator' },
  });
  provider.accounts.set('ok', { email: 'ok@example.com', email_verified: true, name: 'Ok' });
  provider.accounts.set('other', { email: 'a@other.example', email_verified: true, name: 'Other' });
  provider.accounts.set('ends', { email: 'a@evil-example.com', email_verified: true, name: 'Ends' });
  provider.accounts.set('unverified', { email: 'no@example.com', email_verified: false, name: 'No' });
  const { browser } = await through(provider, world, 'ok');
  const me = await world.request('GET', '/api/v1/me', undefined, browser.headers);
  expect(me).toMatchObject({ status: 200, body: { scopes: ['read', 'cancel'] } });
  for (const [login, said] of [
    ['other', 'Nobody has invited'],
    ['ends', 'Nobody has invited'],
    ['unverified', 'does not say that this e-mail is yours'],
  ] as const) {
    const { answer } = await through(provider, world, login);
    expect([login, answer.status, answer.text]).toEqual([login, 401, expect.stringContaining(said)]);
    expect(answer.headers.getSetCookie().filter((cookie) => /session_token=[^;]/.test(cookie))).toEqual([]);
  }
  expect(await world.app.db.select().from(people)).toHaveLength(1);
  expect(await world.app.db.select().from(members)).toHaveLength(1);
  expect(await world.app.db.select().from(sessions)).toHaveLength(1);
});

test('a way back that is of another browser, another provider, made up, used before, or a refusal signs nobody in', async () => {
  await using provider = await startOpenIdProvider();
  await using world = await startWorld({ env: { ...provider.env, OIDC_ALLOWED_DOMAINS: 'example.com' } });
  provider.accounts.set('ok', { email: 'ok@example.com', email_verified: true, name: 'Ok' });
  const begin = async () => {
    const browser = new Browser(world.app.url);
    const { location } = await browser.get('/auth/openid');
    return { browser, location: location ?? '' };
  };
  const refused = async (browser: Browser, back: string, said: string) => {
    const answer = await browser.get(back);
    expect([answer.status, answer.text]).toEqual([401, expect.stringContaining(said)]);
  };
  const elsewhere = await begin();
  const back = await signInAt(provider.issuer, elsewhere.location, 'ok');
  await refused(new Browser(world.app.url), back, 'another browser');
  // What another browser was caught with has not used it up for the right one, nor is it of any use to it.
  const mixed = await begin();
  const ofMixed = new URL(await signInAt(provider.issuer, mixed.location, 'ok'));
  ofMixed.searchParams.set('iss', 'https://evil.example');
  await refused(mixed.browser, ofMixed.href, 'another provider');
  const madeUp = await begin();
  await refused(madeUp.browser, `${PUBLIC_URL}/auth/callback/openid?code=x&state=y`, 'Begin again');
  await refused(madeUp.browser, `${PUBLIC_URL}/auth/callback/openid`, 'no answer to a sign-in');
  const wrongCode = await begin();
  const ofWrong = new URL(await signInAt(provider.issuer, wrongCode.location, 'ok'));
  ofWrong.searchParams.set('code', 'x');
  await refused(wrongCode.browser, ofWrong.href, 'did not confirm');
  const no = await begin();
  await refused(no.browser, await denyAt(provider.issuer, no.location), 'not to let you in');
  expect(await world.app.db.select().from(sessions)).toEqual([]);

  const right = await through(provider, world, 'ok');
  expect(right.answer.status).toBe(303);
  await refused(right.browser, right.back, 'used before');
  expect(await world.app.db.select().from(sessions)).toHaveLength(1);
});

test('a provider that is silent, is away or calls itself otherwise is told as that, and passwords go on', async () => {
  await using silent = await listening(() => {});
  await using otherwise = await listening((_request, response) => {
    response.setHeader('content-type', 'application/json');
    const at = 'https://evil.example';
    response.end(
      JSON.stringify({
        ...{ issuer: at, authorization_endpoint: at, token_endpoint: at, jwks_uri: at },
        id_token_signing_alg_values_supported: ['RS256'],
      }),
    );
  });
  const env = { ...peopleEnv, OIDC_CLIENT_ID: 'goldtune', OIDC_CLIENT_SECRET: 'secret' };
  for (const [OIDC_ISSUER, said] of [
    [`http://127.0.0.1:${silent.port}`, 'does not answer'],
    [`http://127.0.0.1:${otherwise.port}`, 'calls itself https://evil.example'],
    ['http://127.0.0.1:1', 'is not reached'],
  ] as const) {
    await using world = await startWorld({ env: { ...env, OIDC_ISSUER } });
    await administrator(world);
    const browser = new Browser(world.app.url);
    const asked = browser.get('/auth/openid');
    expect((await browser.signIn('ada@example.com')).status).toBe(303);
    const answer = await asked;
    expect([answer.status, answer.text]).toEqual([503, expect.stringContaining(said)]);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  }
});

test('a provider that falls silent on the way back signs nobody in, and is told as that', async () => {
  await using provider = await startOpenIdProvider();
  await using world = await startWorld({ env: { ...provider.env, OIDC_ALLOWED_DOMAINS: 'example.com' } });
  provider.accounts.set('ok', { email: 'ok@example.com', email_verified: true, name: 'Ok' });
  const browser = new Browser(world.app.url);
  const { location } = await browser.get('/auth/openid');
  const back = await signInAt(provider.issuer, location ?? '', 'ok');
  provider.fallSilent();
  expect(await browser.get(back)).toMatchObject({ status: 503, text: expect.stringContaining('does not answer') });
  expect(await world.app.db.select().from(sessions)).toEqual([]);
});
