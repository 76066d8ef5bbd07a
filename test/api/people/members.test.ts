// Who is in an organization: invited, joined, given another role, removed; an administrator is left after each.
import { expect, test } from 'vitest';
import { apiKeys, organizations } from '../../../drizzle/access.ts';
import { invitations, members, people, sessions } from '../../../drizzle/people.ts';
import { INVITATION_MS, peopleFor } from '../../../server/access/people/people.ts';
import { peopleStore } from '../../../server/storage/people/people.ts';
import { bodyOf, startWorld, type World } from '../../world.ts';
import { administrator, Browser, PASSWORD, PUBLIC_URL, peopleEnv, tokenOf } from './browser.ts';

const OTHER = 'f'.repeat(24);
const now = () => new Date().toISOString();

async function worldWithAda() {
  await using resources = new AsyncDisposableStack();
  const world = resources.use(await startWorld({ env: peopleEnv }));
  const ada = await administrator(world);
  const invite = async (email: string, role = 'viewer') => {
    const made = await world.request('POST', '/api/v1/invitations', { email, role }, ada.headers);
    return String(bodyOf(made, 201)['link']);
  };
  const held = resources.move();
  return { world, ada, invite, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

const join = (world: World, link: string, email: string) => {
  const browser = new Browser(world.app.url);
  const given = { token: tokenOf(link), name: email, email, password: PASSWORD };
  return { browser, answered: browser.post('/auth/invitation', given) };
};

async function joined(world: World, link: string, email: string) {
  const { browser, answered } = join(world, link, email);
  expect((await answered).status).toBe(303);
  const { body } = await world.request('GET', '/api/v1/me', undefined, browser.headers);
  return { browser, id: String(Object(body).id) };
}

test('an invitation opens once, for its e-mail and its role whatever is sent, and its link is shown once', async () => {
  await using given = await worldWithAda();
  const { world, ada, invite } = given;
  const link = await invite(' Grace@Example.com ', 'operator');
  expect(link).toMatch(new RegExp(`^${PUBLIC_URL}/auth/invitation\\?token=`));
  const listed = await world.request('GET', '/api/v1/invitations', undefined, ada.headers);
  expect(listed).toMatchObject({ status: 200, body: [{ email: 'grace@example.com', created_by: 'Ada' }] });
  expect(JSON.stringify(listed.body)).not.toContain(tokenOf(link));
  expect(JSON.stringify(await world.app.db.select().from(invitations))).not.toContain(tokenOf(link));

  const page = await new Browser(world.app.url).get(link);
  expect(page.text).toContain('grace@example.com becomes operator of default');
  const answers = await Promise.all(
    ['eve@example.com', 'mallory@example.com'].map((email) => join(world, link, email).answered),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 404]);
  const known = await world.request('GET', '/api/v1/people', undefined, ada.headers);
  expect(known.body).toMatchObject([
    { email: 'grace@example.com', role: 'operator' },
    { email: 'ada@example.com', role: 'admin' },
  ]);
  const again = await world.request(
    'POST',
    '/api/v1/invitations',
    { email: 'grace@example.com', role: 'viewer' },
    ada.headers,
  );
  expect(again).toMatchObject({ status: 422, body: { detail: [{ msg: expect.stringContaining('already') }] } });
});

test('one that was revoked, is too old, or whose place another has taken opens nothing', async () => {
  await using given = await worldWithAda();
  const { world, ada, invite } = given;
  const replaced = await invite('grace@example.com');
  const revoked = await invite('grace@example.com');
  const [open] = Object((await world.request('GET', '/api/v1/invitations', undefined, ada.headers)).body);
  expect((await world.request('DELETE', `/api/v1/invitations/${open.id}`, undefined, ada.headers)).status).toBe(200);
  expect((await world.request('DELETE', `/api/v1/invitations/${open.id}`, undefined, ada.headers)).status).toBe(404);
  const long = () => new Date(Date.now() - INVITATION_MS).toISOString();
  const store = peopleStore(world.app.db);
  const [organization] = await world.app.db.select().from(organizations);
  const before = { organization_id: organization?.id ?? '', name: 'Ada' };
  const old = await peopleFor(store, long, PUBLIC_URL, before).invite({ email: 'hedy@example.com', role: 'viewer' });
  for (const link of [replaced, revoked, old.link]) {
    expect((await new Browser(world.app.url).get(link)).status).toBe(404);
    expect((await join(world, link, 'a@example.com').answered).status).toBe(404);
  }
  expect(await world.app.db.select().from(people)).toHaveLength(1);
});

test('the last administrator can be neither removed nor made less; of two who do it to each other one is left', async () => {
  await using given = await worldWithAda();
  const { world, ada, invite } = given;
  const id = String(Object((await world.request('GET', '/api/v1/me', undefined, ada.headers)).body).id);
  const put = (who: string, role: string, by: Browser) =>
    world.request('PUT', `/api/v1/people/${who}`, { role }, by.headers);
  const remove = (who: string, by: Browser) => world.request('DELETE', `/api/v1/people/${who}`, undefined, by.headers);
  for (const refused of [await put(id, 'viewer', ada), await remove(id, ada)]) {
    expect(refused).toMatchObject({
      status: 422,
      body: { detail: [{ msg: expect.stringContaining('only administrator') }] },
    });
  }
  expect((await put(id, 'admin', ada)).status).toBe(200);
  const grace = await joined(world, await invite('grace@example.com', 'admin'), 'grace@example.com');
  await Promise.all([put(grace.id, 'viewer', ada), remove(id, grace.browser)]);
  const left = await world.app.db.select().from(members);
  expect(left.filter(({ role }) => role === 'admin')).toHaveLength(1);
});

test('who is removed is forgotten with all that lets them in; the keys that they made stay, and invited again they begin anew', async () => {
  await using given = await worldWithAda();
  const { world, ada, invite } = given;
  const grace = await joined(world, await invite('grace@example.com', 'admin'), 'grace@example.com');
  await world.request('POST', '/api/v1/keys', { name: 'ci', scopes: ['read'] }, grace.browser.headers);
  expect((await world.request('DELETE', `/api/v1/people/${grace.id}`, undefined, ada.headers)).status).toBe(200);
  expect(await world.app.db.select().from(people)).toMatchObject([{ name: 'Ada' }]);
  expect(await world.app.db.select().from(sessions)).toHaveLength(1);
  expect(await world.app.db.select().from(apiKeys)).toMatchObject([{ created_by: 'grace@example.com' }]);
  await joined(world, await invite('grace@example.com'), 'grace@example.com');
});

test('somebody who is known joins another organization by its invitation, chooses which one they act for, and finds nothing of the other', async () => {
  await using given = await worldWithAda();
  const { world, ada } = given;
  await world.app.db.insert(organizations).values({ id: OTHER, name: 'Other', created_at: now() });
  const others = peopleFor(peopleStore(world.app.db), now, PUBLIC_URL, { organization_id: OTHER, name: 'somebody' });
  const { link } = await others.invite({ email: 'ada@example.com', role: 'viewer' });
  const forEve = await others.invite({ email: 'eve@example.com', role: 'viewer' });
  expect((await ada.get(link)).text).toContain('action="membership"');
  // Neither does a password do that somebody else makes up, nor is it passed on.
  expect((await join(world, link, 'ada@example.com').answered).status).toBe(422);
  expect((await ada.post('/auth/membership', { token: tokenOf(forEve.link) })).status).toBe(422);
  await world.request('POST', '/api/v1/database-connections', { alias: 'ours' }, ada.headers);

  expect((await ada.post('/auth/membership', { token: tokenOf(link) })).status).toBe(303);
  const me = async () => Object((await world.request('GET', '/api/v1/me', undefined, ada.headers)).body);
  expect(await me()).toMatchObject({ organization: { id: OTHER, name: 'Other' }, scopes: ['read'] });
  const seen = await world.request('GET', '/api/v1/database-connections', undefined, ada.headers);
  expect(seen).toMatchObject({ status: 200, body: [] });
  const account = await ada.get('/auth/account');
  expect(account.text).toContain('Go on in default');
  const [, own = ''] = /name="organization_id" value="(\w+)"/.exec(account.text) ?? [];
  expect((await ada.post('/auth/organization', { organization_id: own })).status).toBe(303);
  expect(await me()).toMatchObject({ organization: { name: 'default' }, scopes: ['admin'] });
  expect((await ada.post('/auth/organization', { organization_id: 'e'.repeat(24) })).status).toBe(404);

  // Removed there, they are still here.
  await others.remove(String((await me()).id));
  expect(await me()).toMatchObject({ organization: { name: 'default' } });
  expect((await ada.post('/auth/organization', { organization_id: OTHER })).status).toBe(404);
});
