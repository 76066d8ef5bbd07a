// Keys made, listed, rotated and revoked over REST and tRPC: the text of one is shown once, and what is taken back is gone at once.
import { expect, test } from 'vitest';
import { apiKeys, organizations } from '../../drizzle/schema.ts';
import { digestOf } from '../../server/access/key-text.ts';
import { keysFor } from '../../server/access/keys.ts';
import { keyStore } from '../../server/storage/api-keys.ts';
import { rowCounts } from '../picture.ts';
import { type Answer, bodyOf, startWorld, type World } from '../world.ts';

const ADMIN_API_KEY = 'a-secret-of-the-test';
const KEYS = '/api/v1/keys';
const UNKNOWN_ID = 'a'.repeat(24);
const DAY_MS = 24 * 60 * 60 * 1000;
const bearer = (key: unknown) => ({ authorization: `Bearer ${key}` });
const admin = bearer(ADMIN_API_KEY);

const keyedWorld = () => startWorld({ env: { ADMIN_API_KEY } });

async function make(world: World, input: object, by = admin): Promise<{ id: string; key: string } & object> {
  const made = bodyOf(await world.request('POST', KEYS, input, by), 201);
  return { ...made, id: String(made['id']), key: String(made['key']) };
}

const list = async (world: World, key: string): Promise<Answer> =>
  world.request('GET', '/api/v1/finetunings', undefined, bearer(key));
const rowOf = async (world: World, id: string) =>
  (await world.app.db.select().from(apiKeys)).find((row) => row.id === id);

test('a key that is made to cancel is told that it lacks run, and one that is made to read that it lacks cancel', async () => {
  await using world = await keyedWorld();
  const onCall = await make(world, { name: ' on call ', scopes: ['cancel', 'read', 'cancel'] });
  expect(onCall).toMatchObject({
    name: 'on call',
    scopes: ['read', 'cancel'],
    standing: 'valid',
    created_by: 'admin',
    expires_at: null,
    revoked_at: null,
  });
  expect((await list(world, onCall.key)).status).toBe(200);
  const create = await world.request('POST', '/trpc/finetunings.create', {}, bearer(onCall.key));
  expect(create).toMatchObject({
    status: 403,
    body: {
      error: {
        message: '"on call" may read, cancel; this needs run as well.',
        data: { code: 'FORBIDDEN', reason: 'scope_missing', httpStatus: 403 },
      },
    },
  });
  const reader = await make(world, { name: 'reader', scopes: ['read'] });
  const path = `/api/v1/finetunings/${UNKNOWN_ID}/cancel`;
  expect(await world.request('POST', path, undefined, bearer(reader.key))).toMatchObject({
    status: 403,
    body: { detail: '"reader" may read; this needs cancel as well.' },
  });
  // It is let in, to be told that there is none.
  expect((await world.request('POST', path, undefined, bearer(onCall.key))).status).toBe(404);
});

test('keys are managed by admin alone, and one that has all else makes none', async () => {
  await using world = await keyedWorld();
  const { id, key } = await make(world, { name: 'ci', scopes: ['read', 'run', 'cancel'] });
  const before = await rowCounts(world.app.db);
  const asked: [string, string, object?][] = [
    ['POST', KEYS, { name: 'more', scopes: ['admin'] }],
    ['GET', KEYS],
    ['POST', `${KEYS}/${id}/rotate`, {}],
    ['DELETE', `${KEYS}/${id}`],
  ];
  for (const [method, path, body] of asked) {
    expect([method, await world.request(method, path, body, bearer(key))]).toMatchObject([
      method,
      { status: 403, body: { detail: '"ci" may read, run, cancel; this needs admin as well.' } },
    ]);
  }
  expect(await rowCounts(world.app.db)).toEqual(before);
  expect(await rowOf(world, id)).toMatchObject({ revoked_at: null, replaced_by: null });
});

test('the text of a key is in the answer that makes it, and in no other, no row and no line of the log', async () => {
  await using world = await keyedWorld();
  const created = await world.request('POST', KEYS, { name: 'once', scopes: ['admin'] }, admin);
  expect(created.headers.get('cache-control')).toBe('no-store');
  const { id, key } = await make(world, { name: 'twice', scopes: ['read'] }, bearer(bodyOf(created, 201)['key']));
  const made = [{ key: String(bodyOf(created, 201)['key']) }, { key }];
  const others = [
    await world.request('GET', KEYS, undefined, admin),
    await world.request('POST', `${KEYS}/${id}/rotate`, undefined, admin),
    await world.request('DELETE', `${KEYS}/${id}`, undefined, admin),
    await world.request('GET', '/trpc/keys.list', undefined, admin),
  ];
  for (const answer of others) {
    expect(answer.status).toBeLessThan(300);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  }
  const rows = await world.app.db.select().from(apiKeys);
  expect(rows.map(({ digest }) => digest)).toEqual(expect.arrayContaining(made.map((one) => digestOf(one.key))));
  const seen = JSON.stringify([others.map(({ body }) => body), rows, world.log]);
  for (const one of made) expect(seen).not.toContain(one.key);
  expect(rows.find((row) => row.id === id)?.created_by).toBe('once');
});

test('a revoked key opens nothing from the next request on, and revoking it again changes nothing', async () => {
  await using world = await keyedWorld();
  const { id, key } = await make(world, { name: 'stolen', scopes: ['read'] });
  expect((await list(world, key)).status).toBe(200);
  const revoked = bodyOf(await world.request('DELETE', `${KEYS}/${id}`, undefined, admin), 200);
  expect(revoked).toMatchObject({ id, standing: 'revoked', revoked_at: expect.any(String) });
  expect(await list(world, key)).toMatchObject({
    status: 401,
    body: { detail: expect.stringContaining('"stolen" was revoked') },
  });
  const { last_used_at: _, ...asBefore } = revoked;
  expect(bodyOf(await world.request('DELETE', `${KEYS}/${id}`, undefined, admin), 200)).toMatchObject(asBefore);
  const overTrpc = await world.request('POST', '/trpc/keys.revoke', { id, now: true }, admin);
  expect(overTrpc).toMatchObject({
    status: 200,
    body: { result: { data: { ...asBefore, warnings: ['now is not known; known are id. It was ignored.'] } } },
  });
});

test('a key that has expired is refused, and shown as expired', async () => {
  await using world = await keyedWorld();
  const expires_at = new Date(Date.now() + DAY_MS).toISOString();
  const { id, key } = await make(world, { name: 'short', scopes: ['read'], expires_at });
  expect((await list(world, key)).status).toBe(200);
  await world.stop();
  await world.start();
  await world.app.db.update(apiKeys).set({ expires_at: '2026-01-01T00:00:00.000Z' });
  expect(await list(world, key)).toMatchObject({
    status: 401,
    body: { detail: expect.stringContaining('"short" expired') },
  });
  const all = (await world.request('GET', KEYS, undefined, admin)).body;
  expect(all).toMatchObject([{ id, standing: 'expired' }]);
  const rotated = await world.request('POST', `${KEYS}/${id}/rotate`, {}, admin);
  expect(rotated).toMatchObject({ status: 422, body: { detail: [{ msg: expect.stringContaining('has expired') }] } });
});

test('a rotated key opens beside its successor until the overlap is over, and is replaced once', async () => {
  await using world = await keyedWorld();
  const { id, key } = await make(world, { name: 'ci', scopes: ['read', 'run'] });
  const asked = Date.now();
  const rotated = bodyOf(await world.request('POST', `${KEYS}/${id}/rotate`, undefined, admin), 201);
  expect(rotated).toMatchObject({
    name: 'ci',
    scopes: ['read', 'run'],
    expires_at: null,
    replaces: { id, standing: 'valid', replaced_by: rotated['id'] },
  });
  const left = Date.parse(Object(rotated['replaces']).expires_at) - asked;
  expect(left).toBeGreaterThan(DAY_MS - 60_000);
  expect(left).toBeLessThan(DAY_MS + 60_000);
  expect((await list(world, key)).status).toBe(200);
  expect((await list(world, String(rotated['key']))).status).toBe(200);
  const again = await world.request('POST', `${KEYS}/${id}/rotate`, {}, admin);
  expect(again).toMatchObject({
    status: 422,
    body: { detail: [{ loc: ['path', 'id'], msg: expect.stringContaining(`replaced before, by ${rotated['id']}`) }] },
  });

  const input = { id: rotated['id'], overlap_ms: 0 };
  const overTrpc = bodyOf(await world.request('POST', '/trpc/keys.rotate', input, admin), 200);
  const successor = Object(Object(overTrpc['result']).data);
  expect(successor).toMatchObject({ replaces: { id: rotated['id'], standing: 'expired' } });
  expect((await list(world, String(rotated['key']))).status).toBe(401);
  expect((await list(world, successor.key)).status).toBe(200);
});

test('a key of another organization is a 404 to rotate and to revoke, is in no list, and stays as it is', async () => {
  await using world = await keyedWorld();
  const other = 'f'.repeat(24);
  await world.app.db.insert(organizations).values({ id: other, name: 'other', created_at: new Date().toISOString() });
  const principal = { organization_id: other, who: 'key', id: 'them', name: 'them', scopes: ['admin'] } as const;
  const now = () => new Date().toISOString();
  const theirs = await keysFor(keyStore(world.app.db), now, () => {}, principal).create({
    name: 'theirs',
    scopes: ['admin'],
    expires_at: null,
  });
  const ours = await make(world, { name: 'ours', scopes: ['read'] });
  for (const [by, id] of [
    [admin, theirs.id],
    [bearer(theirs.key), ours.id],
    [admin, UNKNOWN_ID],
    [admin, '7'],
  ] as const) {
    const missing = { status: 404, body: { detail: `API key not found: ${id}` } };
    expect(await world.request('POST', `${KEYS}/${id}/rotate`, {}, by)).toMatchObject(missing);
    expect(await world.request('DELETE', `${KEYS}/${id}`, undefined, by)).toMatchObject(missing);
  }
  expect((await world.request('GET', KEYS, undefined, admin)).body).toMatchObject([{ id: ours.id }]);
  expect((await world.request('GET', KEYS, undefined, bearer(theirs.key))).body).toMatchObject([{ id: theirs.id }]);
  for (const { id } of [ours, theirs]) {
    expect(await rowOf(world, id)).toMatchObject({ revoked_at: null, replaced_by: null, expires_at: null });
  }
  const made = await make(world, { name: 'theirs too', scopes: ['read'] }, bearer(theirs.key));
  expect(await rowOf(world, made.id)).toMatchObject({ organization_id: other, created_by: 'theirs' });
});

test('the list is newest first, and is paged without gaps or repeats', async () => {
  await using world = await keyedWorld();
  const made: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) made.push((await make(world, { name, scopes: ['read'] })).id);
  const seen: string[] = [];
  let next: string | undefined = `${KEYS}?limit=2`;
  while (next !== undefined) {
    const answer: Answer = await world.request('GET', next, undefined, admin);
    seen.push(...Object.values(Object(answer.body)).map((item) => Object(item).id));
    const link: string | undefined = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    next = link && `${KEYS}${link}`;
  }
  expect(seen).toEqual(made.toReversed());
});

test('what cannot be a key is refused by the name of its field, and nothing is stored', async () => {
  await using world = await keyedWorld();
  const { id } = await make(world, { name: 'there', scopes: ['read'] });
  const before = await world.app.db.select().from(apiKeys);
  const usual = { name: 'x', scopes: ['read'] };
  const bad: [object, (string | number)[]][] = [
    [{ scopes: ['read'] }, ['body', 'name']],
    [{ ...usual, name: ' ' }, ['body', 'name']],
    [{ ...usual, name: 'x'.repeat(101) }, ['body', 'name']],
    [{ name: 'x' }, ['body', 'scopes']],
    [{ ...usual, scopes: [] }, ['body', 'scopes']],
    [{ ...usual, scopes: ['read', 'write'] }, ['body', 'scopes', 1]],
    [{ ...usual, expires_at: 'tomorrow' }, ['body', 'expires_at']],
    [{ ...usual, expires_at: '2026-01-01T00:00:00Z' }, ['body', 'expires_at']],
    [{ ...usual, expires_at: '9999-01-01T00:00:00Z' }, ['body', 'expires_at']],
    [{ ...usual, organization_id: UNKNOWN_ID }, ['body', 'organization_id']],
    [{ ...usual, key: 'goldtune_of-my-own' }, ['body', 'key']],
  ];
  for (const [input, loc] of bad) {
    const told = { status: 422, body: { detail: [{ loc }] } };
    expect([input, await world.request('POST', KEYS, input, admin)]).toMatchObject([input, told]);
  }
  for (const overlap_ms of [-1, 0.5, 'a day', 91 * DAY_MS]) {
    expect(await world.request('POST', `${KEYS}/${id}/rotate`, { overlap_ms }, admin)).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'overlap_ms'] }] },
    });
  }
  expect(await world.app.db.select().from(apiKeys)).toEqual(before);
});

test('without a key in the configuration this machine makes keys too, and each stands for its organization', async () => {
  await using world = await startWorld();
  const made = bodyOf(await world.request('POST', KEYS, { name: 'mine', scopes: ['read'] }), 201);
  expect(made).toMatchObject({ created_by: 'local' });
  const key = bearer(made['key']);
  expect((await world.request('GET', '/api/v1/finetunings', undefined, key)).status).toBe(200);
  expect((await world.request('GET', KEYS, undefined, key)).status).toBe(403);
  bodyOf(await world.request('DELETE', `${KEYS}/${made['id']}`), 200);
  expect((await world.request('GET', '/api/v1/finetunings', undefined, key)).status).toBe(401);
});
