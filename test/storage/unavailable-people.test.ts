// While Postgres cannot be reached, nobody who is signed in is told that they are not, and who signs in is told to come back.
import { expect, test } from 'vitest';
import { administrator, Browser } from '../api/people/browser.ts';
import { signInAt, startOpenIdProvider } from '../api/people/openid-provider.ts';
import { openLine } from '../client/connection.ts';
import { createDatabase } from '../postgres/database.ts';
import { startWorld } from '../world.ts';

test('a database that cannot be reached signs nobody out, and every door says 503, by whatever way they come in', async () => {
  await using database = await createDatabase();
  await using provider = await startOpenIdProvider();
  const url = new URL(database.url);
  await using line = await openLine(`http://${url.host}`);
  url.host = new URL(line.url).host;
  await using world = await startWorld({
    env: { ...provider.env, OIDC_ALLOWED_DOMAINS: 'example.com', DATABASE_URL: url.href },
  });
  const ada = await administrator(world);
  provider.accounts.set('grace', { email: 'grace@example.com', email_verified: true, name: 'Grace' });
  const grace = new Browser(world.app.url);
  const begun = await grace.get('/auth/openid');
  const back = await signInAt(provider.issuer, begun.location ?? '', 'grace');
  const token = 'x'.repeat(43);

  line.leadTo(null);
  const cancel = await world.request('POST', `/api/v1/finetunings/${'a'.repeat(24)}/cancel`, undefined, ada.headers);
  expect(cancel).toMatchObject({ status: 503, body: { detail: expect.stringContaining('database') } });
  expect(cancel.headers.get('retry-after')).toBe('2');
  const stranger = new Browser(world.app.url);
  const newcomer = { token, name: 'Eve', email: 'eve@example.com', password: 'correct horse battery' };
  const answers = {
    'by a password': await stranger.signIn('ada@example.com'),
    'to the provider': await stranger.get('/auth/openid'),
    'back from the provider': await grace.get(back),
    'a page of an invitation': await stranger.get(`/auth/invitation?token=${token}`),
    'by an invitation': await stranger.post('/auth/invitation', newcomer),
    'an account': await ada.get('/auth/account'),
    'to sign out': await ada.post('/auth/sign-out', {}),
  };
  for (const [what, { status, headers, text }] of Object.entries(answers)) {
    expect({ what, status, later: headers.get('retry-after') }).toEqual({ what, status: 503, later: '2' });
    expect(text, what).not.toMatch(/127\.0\.0\.1|ECONN|select/);
    expect(headers.getSetCookie(), what).toEqual([]);
  }
  // Of what the library says, its words alone.
  expect(JSON.stringify(world.log)).not.toMatch(/correct horse|select/);

  line.leadTo(`http://${new URL(database.url).host}`);
  await world.until(async () => (await world.request('GET', '/readyz')).status === 200, 'the database is back');
  expect((await world.request('GET', '/api/v1/me', undefined, ada.headers)).status).toBe(200);
  expect((await stranger.signIn('ada@example.com')).status).toBe(303);
});
