// The first start on a network: a link that makes the first administrator, once.
import { expect, test } from 'vitest';
import { members, people, sessions } from '../../../drizzle/people.ts';
import { startWorld } from '../../world.ts';
import { administrator, Browser, PASSWORD, PUBLIC_URL, peopleEnv, tokenOf } from './browser.ts';

test('the link of the first start makes the first administrator, who is signed in by it and may do everything', async () => {
  await using world = await startWorld({ env: peopleEnv });
  const link = world.app.firstAdministratorLink ?? '';
  expect(link).toMatch(new RegExp(`^${PUBLIC_URL}/auth/first-administrator\\?token=[\\w-]{43}$`));
  const browser = new Browser(world.app.url);
  const page = await browser.get(link);
  expect([page.status, page.text]).toEqual([200, expect.stringContaining('<form method="post" action="invitation">')]);
  await administrator(world);
  const ada = await administratorAgain(world.app.url);
  const keys = await world.request('GET', '/api/v1/keys', undefined, ada.headers);
  expect(keys).toMatchObject({ status: 200, body: [] });
  const made = await world.request('POST', '/api/v1/keys', { name: 'ci', scopes: ['read'] }, ada.headers);
  expect(made).toMatchObject({ status: 201, body: { created_by: 'Ada' } });
});

async function administratorAgain(url: string | null) {
  const browser = new Browser(url);
  expect(await browser.signIn('Ada@Example.com')).toMatchObject({ status: 303, location: 'account' });
  return browser;
}

test('of two who open it at once one becomes administrator, and afterwards neither it nor the link of another start opens anything', async () => {
  await using world = await startWorld({ env: peopleEnv });
  const first = tokenOf(world.app.firstAdministratorLink);
  await world.stop();
  await world.start();
  const second = tokenOf(world.app.firstAdministratorLink);
  const join = (token: string, email: string) =>
    new Browser(world.app.url).post('/auth/invitation', { token, name: 'One', email, password: PASSWORD });
  const answers = await Promise.all([
    join(first, 'a@example.com'),
    join(second, 'b@example.com'),
    join(second, 'c@example.com'),
  ]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 404, 404]);
  expect(await world.app.db.select().from(people)).toHaveLength(1);
  expect(await world.app.db.select().from(members)).toMatchObject([{ role: 'admin' }]);
  expect(await world.app.db.select().from(sessions)).toHaveLength(1);
  expect((await join(first, 'd@example.com')).status).toBe(404);
  await world.stop();
  await world.start();
  expect(world.app.firstAdministratorLink).toBeNull();
});
