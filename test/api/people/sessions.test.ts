// A session: what its cookie is, what ends it, and what it opens to whose pages.
import { sql } from 'drizzle-orm';
import { EventSource } from 'eventsource';
import { expect, test } from 'vitest';
import { sessions, signInAccounts } from '../../../drizzle/people.ts';
import { MOST_TRIES } from '../../../server/access/people/tries.ts';
import { until } from '../../until.ts';
import { startWorld, type World } from '../../world.ts';
import { administrator, Browser, PASSWORD, PUBLIC_URL, peopleEnv, tokenOf } from './browser.ts';

const me = (world: World, headers: Record<string, string>) => world.request('GET', '/api/v1/me', undefined, headers);

async function invited(world: World, ada: Browser, email: string, role = 'viewer') {
  const { body } = await world.request('POST', '/api/v1/invitations', { email, role }, ada.headers);
  const browser = new Browser(world.app.url);
  const token = tokenOf(Object(body).link);
  const joined = await browser.post('/auth/invitation', { token, name: email, email, password: PASSWORD });
  expect([joined.status, joined.location]).toEqual([303, 'account']);
  return browser;
}

test.each([
  [PUBLIC_URL, '__Host-goldtune.session_token', '; Secure'],
  ['http://localhost:8080', 'goldtune.session_token', ''],
])('the cookie of %s is one that scripts do not read and other sites do not bring', async (url, name, secure) => {
  await using world = await startWorld({ env: { ...peopleEnv, PUBLIC_URL: url } });
  const browser = new Browser(world.app.url);
  browser.origin = new URL(url).origin;
  const token = tokenOf(world.app.firstAdministratorLink);
  await browser.post('/auth/invitation', { token, name: 'Ada', email: 'ada@example.com', password: PASSWORD });
  expect(browser.set).toEqual([
    expect.stringMatching(new RegExp(`^${name}=[^;]+; Max-Age=604800; Path=/; HttpOnly${secure}; SameSite=Lax$`)),
  ]);
  expect(await me(world, browser.headers)).toMatchObject({
    status: 200,
    body: { who: 'person', name: 'Ada', organization: { name: 'default' }, scopes: ['admin'] },
  });
  // What is kept of a password is no password.
  const [account] = await world.app.db.select().from(signInAccounts);
  expect(account?.password).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/);
});

test('who signs out, is removed, or whose session has ended is let in no more, from the next request on', async () => {
  await using world = await startWorld({ env: peopleEnv });
  const ada = await administrator(world);
  const grace = await invited(world, ada, 'grace@example.com');
  const { headers } = grace;
  expect((await me(world, headers)).status).toBe(200);
  await grace.post('/auth/sign-out', {});
  expect(grace.cookies.size).toBe(0);
  expect((await me(world, headers)).status).toBe(401);

  await grace.signIn('grace@example.com');
  const { id } = Object((await me(world, grace.headers)).body);
  expect(await world.request('DELETE', `/api/v1/people/${id}`, undefined, ada.headers)).toMatchObject({ status: 200 });
  expect((await me(world, grace.headers)).status).toBe(401);
  expect((await new Browser(world.app.url).signIn('grace@example.com')).status).toBe(401);

  await world.app.db.update(sessions).set({ expires_at: sql`now()` });
  expect(await me(world, ada.headers)).toMatchObject({
    status: 401,
    body: { detail: expect.stringContaining(`sign in at ${PUBLIC_URL}/auth/sign-in`) },
  });
});

test('a key that is sent goes before the cookie, and one that is wrong is not made up for by it', async () => {
  await using world = await startWorld({ env: peopleEnv });
  const ada = await administrator(world);
  const made = await world.request('POST', '/api/v1/keys', { name: 'ci', scopes: ['read'] }, ada.headers);
  const { cookie } = ada;
  const withKey = await me(world, { cookie, authorization: `Bearer ${Object(made.body).key}` });
  expect(withKey).toMatchObject({ status: 200, body: { who: 'key', name: 'ci' } });
  expect((await me(world, { ...ada.headers, authorization: 'Bearer wrong' })).status).toBe(401);
});

test('another role counts from the next request on, and who may look may not start', async () => {
  await using world = await startWorld({ env: peopleEnv });
  const ada = await administrator(world);
  const grace = await invited(world, ada, 'grace@example.com');
  const create = () => world.request('POST', '/api/v1/database-connections', { alias: 'a' }, grace.headers);
  expect((await create()).status).toBe(403);
  const { id } = Object((await me(world, grace.headers)).body);
  await world.request('PUT', `/api/v1/people/${id}`, { role: 'member' }, ada.headers);
  expect((await create()).status).toBe(201);
});

test('a front end of ALLOWED_ORIGINS is let in by the cookie, streams too, and no other page is', async () => {
  const front = 'https://app.goldtune.example';
  await using world = await startWorld({ env: { ...peopleEnv, ALLOWED_ORIGINS: front } });
  const ada = await administrator(world);
  const { cookie } = ada;
  const answer = await me(world, { cookie, origin: front });
  expect([answer.status, ...corsOf(answer.headers)]).toEqual([200, front, 'true']);
  expect(answer.headers.get('vary')).toContain('Origin');
  const asked = await world.request('OPTIONS', '/api/v1/finetunings', undefined, {
    ...{ origin: front, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
  });
  expect([asked.status, ...corsOf(asked.headers)]).toEqual([204, front, 'true']);
  const signIn = await new Browser(world.app.url).post(
    '/auth/sign-in',
    { email: 'ada@example.com', password: PASSWORD },
    { origin: front, accept: 'application/json' },
  );
  expect([signIn.status, ...corsOf(signIn.headers)]).toEqual([200, front, 'true']);

  const key = await world.request('POST', '/api/v1/database-connections', { alias: 'a' }, { cookie, origin: front });
  expect(key.status).toBe(201);
  const page = 'http://localhost:5173';
  for (const path of [
    '/api/v1/me',
    '/trpc/me.get',
    `/trpc/finetunings.watch?input=${encodeURIComponent('{"id":"x"}')}`,
  ]) {
    const foreign = await world.request('GET', path, undefined, { cookie, origin: page });
    expect([path, foreign.status, ...corsOf(foreign.headers)]).toEqual([path, 403, page, null]);
    const evil = await world.request('GET', path, undefined, { cookie, origin: 'https://evil.example' });
    expect([path, evil.status, ...corsOf(evil.headers)]).toEqual([path, 403, null, null]);
  }
});

test('a stream is read by the cookie of a page of ours, and not from anywhere else', async () => {
  await using world = await startWorld({ env: { ...peopleEnv, ADMIN_API_KEY: 'a-secret-of-the-test' } });
  const ada = await administrator(world);
  const headers = { authorization: 'Bearer a-secret-of-the-test' };
  const connection = await world.request('POST', '/api/v1/database-connections', { alias: 'a' }, headers);
  const records = Array.from({ length: 12 }, (_, at) => ({
    ...{ prompt_text: `question ${at}`, sql: 'SELECT 1', db_connection_id: Object(connection.body).id },
  }));
  expect((await world.request('POST', '/api/v1/golden-sqls', records, headers)).status).toBe(201);
  const run = await world.request(
    'POST',
    '/api/v1/finetunings',
    { db_connection_id: Object(connection.body).id },
    ada.headers,
  );
  expect(run.status).toBe(201);
  const address = `${world.app.url}/api/v1/finetunings/${Object(run.body).id}/events`;
  const listen = async (given: Record<string, string>) => {
    const heard: string[] = [];
    const source = new EventSource(address, {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...given } }),
    });
    source.onmessage = () => heard.push('an event');
    source.onerror = ({ code }) => heard.push(String(code));
    await until(() => heard.length > 0, 'the stream says something');
    source.close();
    return heard[0];
  };
  expect(await listen(ada.headers)).toBe('an event');
  expect(await listen({ cookie: ada.cookie, origin: 'https://evil.example' })).toBe('403');
  await world.cancel(Object(run.body).id, undefined, ada.headers);
});

test('what a cookie authorizes is refused where nobody says whose page it is, but for reading from the own origin', async () => {
  await using world = await startWorld({ env: peopleEnv });
  const ada = await administrator(world);
  const { cookie } = ada;
  const create = (headers: Record<string, string>) =>
    world.request('POST', '/api/v1/database-connections', { alias: 'a' }, { cookie, ...headers });
  expect(await create({})).toMatchObject({ status: 403, body: { detail: expect.stringContaining('header Origin') } });
  // Fetch metadata does for reading alone.
  expect((await create({ 'sec-fetch-site': 'same-origin' })).status).toBe(403);
  const reads = async (site: string) => (await me(world, { cookie, 'sec-fetch-site': site })).status;
  expect([await reads('same-origin'), await reads('none')]).toEqual([200, 200]);
  expect([await reads('same-site'), await reads('cross-site')]).toEqual([403, 403]);
});

test('after ten wrong passwords of one e-mail in a minute none is looked at, and others sign in all the same', async () => {
  await using world = await startWorld({ env: peopleEnv });
  const ada = await administrator(world);
  await invited(world, ada, 'grace@example.com');
  const browser = new Browser(world.app.url);
  const tried = await Promise.all(
    Array.from({ length: MOST_TRIES + 2 }, () => browser.signIn('ada@example.com', 'wrong password')),
  );
  const statuses = tried.map(({ status }) => status).toSorted();
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  // A minute may have turned meanwhile, once.
  const refused = await browser.signIn('ada@example.com');
  if (statuses.filter((status) => status === 429).length === 2) {
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  }
  expect((await browser.signIn('grace@example.com')).status).toBe(303);
  expect((await me(world, ada.headers)).status).toBe(200);
});

const corsOf = (headers: Headers) => [
  headers.get('access-control-allow-origin'),
  headers.get('access-control-allow-credentials'),
];
