// The doors at /auth: each says here who may knock, and what a page of another origin is told.
import { expect, test } from 'vitest';
import { people, sessions } from '../../../drizzle/people.ts';
import type { SignIn } from '../../../server/finetuning/sign-in.ts';
import { peopleDoors } from '../../../server/http/people/doors.ts';
import { startWorld } from '../../world.ts';
import { administrator, Browser, PUBLIC_URL, peopleEnv } from './browser.ts';

/** What each answers who has nothing, and a page of another origin. Whoever adds a door decides that here. */
const expected: Record<string, { stranger: number; foreign: number }> = {
  'GET /auth/sign-in': { stranger: 200, foreign: 200 },
  'POST /auth/sign-in': { stranger: 401, foreign: 403 },
  'POST /auth/sign-out': { stranger: 303, foreign: 403 },
  'GET /auth/account': { stranger: 303, foreign: 200 },
  'POST /auth/organization': { stranger: 401, foreign: 403 },
  'GET /auth/openid': { stranger: 422, foreign: 422 },
  'GET /auth/callback/openid': { stranger: 422, foreign: 422 },
  'GET /auth/first-administrator': { stranger: 404, foreign: 404 },
  'GET /auth/invitation': { stranger: 404, foreign: 404 },
  'POST /auth/invitation': { stranger: 404, foreign: 403 },
  'POST /auth/membership': { stranger: 404, foreign: 403 },
};

const fields: Record<string, Record<string, string>> = {
  '/auth/sign-in': { email: 'eve@example.com', password: 'something else' },
  '/auth/organization': { organization_id: 'f'.repeat(24) },
  '/auth/invitation': { token: 'x', name: 'Eve', email: 'eve@example.com', password: 'correct horse battery' },
  '/auth/membership': { token: 'x' },
};

const doors = peopleDoors(Object.create(null) satisfies SignIn, () => '').map(({ method, path }) => ({
  name: `${method} /auth/${path}`,
  knock: (browser: Browser) => {
    const address = `/auth/${path}`;
    return method === 'GET' ? browser.get(address) : browser.post(address, fields[address] ?? {});
  },
}));

test('each door says here whom it opens to, and no line is of a door that is gone', () => {
  expect(Object.keys(expected).toSorted()).toEqual(doors.map(({ name }) => name).toSorted());
});

test('each door is shut to strangers, and changes nothing for a page of another origin, which reads nothing either', async () => {
  await using world = await startWorld({ env: peopleEnv });
  const ada = await administrator(world);
  const before = [await world.app.db.select().from(people), await world.app.db.select().from(sessions)];
  for (const { name, knock } of doors) {
    const stranger = await knock(new Browser(world.app.url));
    const foreign = new Browser(world.app.url);
    foreign.origin = 'https://evil.example';
    for (const [cookie, value] of ada.cookies) foreign.cookies.set(cookie, value);
    const answer = await knock(foreign);
    expect({ name, stranger: stranger.status, foreign: answer.status }).toEqual({ name, ...expected[name] });
    expect(answer.headers.get('access-control-allow-origin'), name).toBeNull();
    for (const { headers } of [stranger, answer]) {
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, name).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect([headers.get('cache-control'), headers.get('referrer-policy')], name).toEqual(['no-store', 'same-origin']);
    }
  }
  expect([await world.app.db.select().from(people), await world.app.db.select().from(sessions)]).toEqual(before);
});

test('what is no door of ours is none: nothing of the library of sign-ins is reached from outside', async () => {
  await using world = await startWorld({ env: peopleEnv });
  const ada = await administrator(world);
  for (const path of ['sign-up/email', 'sign-in/email', 'get-session', 'list-sessions', 'update-user', 'ok', 'error']) {
    const answers = [await ada.get(`/auth/${path}`), await ada.post(`/auth/${path}`, {})];
    expect([path, ...answers.map(({ status }) => status)]).toEqual([path, 404, 404]);
  }
});

test('where people are not set up there are no such doors, and nobody is invited', async () => {
  await using world = await startWorld();
  for (const { name, knock } of doors) {
    const browser = new Browser(world.app.url);
    browser.origin = null;
    expect([name, (await knock(browser)).status]).toEqual([name, 404]);
  }
  const invited = await world.request('POST', '/api/v1/invitations', { email: 'a@example.com', role: 'viewer' });
  expect(invited).toMatchObject({
    status: 422,
    body: { detail: [{ msg: expect.stringContaining('set PUBLIC_URL') }] },
  });
});

test('a form that holds too little, a password that is too short, a body that is too long: nothing is stored, and it is said why', async () => {
  await using world = await startWorld({ env: peopleEnv });
  const browser = new Browser(world.app.url);
  const token = new URL(world.app.firstAdministratorLink ?? '').searchParams.get('token') ?? '';
  const given = { token, name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  for (const [change, status] of [
    [{ password: 'short' }, 422],
    [{ email: 'ada' }, 422],
    [{ name: ' ' }, 422],
    [{ name: 'a'.repeat(20_000) }, 413],
  ] as const) {
    const answer = await browser.post('/auth/invitation', { ...given, ...change }, { accept: 'application/json' });
    expect([change, answer.status]).toEqual([change, status]);
  }
  const asJson = await fetch(`${world.app.url}/auth/invitation`, {
    method: 'POST',
    headers: { origin: PUBLIC_URL, 'content-type': 'application/json' },
    body: JSON.stringify({ ...given, role: 'admin' }),
  });
  expect([asJson.status, await asJson.text()]).toEqual([422, expect.stringContaining('role')]);
  expect(await world.app.db.select().from(people)).toEqual([]);
});

test('a link of another form than ours, longer or with NUL in it, was answered 500; it opens nothing', async () => {
  await using world = await startWorld({ env: peopleEnv });
  const browser = new Browser(world.app.url);
  for (const token of ['x'.repeat(101), '%00', '']) {
    for (const path of ['invitation', 'first-administrator']) {
      const { status, text } = await browser.get(`/auth/${path}?token=${token}`);
      expect([token, status, text]).toEqual([token, 404, expect.stringContaining('This link opens nothing')]);
    }
  }
  expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
});
