// Keys over REST and tRPC: each is let in as its own organization, to do what its scopes say, and nothing further.
import { expect, test } from 'vitest';
import { apiKeys, organizations } from '../../drizzle/schema.ts';
import { keysFor } from '../../server/access/keys.ts';
import type { Scope } from '../../server/finetuning/principal.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { keyStore } from '../../server/storage/api-keys.ts';
import { rowCounts } from '../picture.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const ADMIN_API_KEY = 'a-secret-of-the-test';
const OTHER = 'f'.repeat(24);
const admin = { authorization: `Bearer ${ADMIN_API_KEY}` };

const keysOf = (world: World, organization_id = DEFAULT_ORGANIZATION) =>
  keysFor(
    keyStore(world.app.db),
    () => new Date().toISOString(),
    () => {},
    { organization_id, who: 'key', id: 'admin', name: 'admin', scopes: ['admin'] },
  );

async function keyed(world: World, scopes: readonly Scope[], organization_id?: string, name = 'ci') {
  const { key } = await keysOf(world, organization_id).create({ name, scopes, expires_at: null });
  return { authorization: `Bearer ${key}` };
}

/** A run of the default organization. */
async function run(world: World): Promise<{ id: string; connection: string }> {
  const connection = bodyOf(
    await world.request('POST', '/api/v1/database-connections', { alias: 'library' }, admin),
    201,
  );
  const records = Array.from({ length: 10 }, (_, index) => ({
    prompt_text: `How many ${index}?`,
    sql: `SELECT ${index}`,
    db_connection_id: connection['id'],
  }));
  bodyOf(await world.request('POST', '/api/v1/golden-sqls', records, admin), 201);
  const input = { db_connection_id: connection['id'] };
  const made = bodyOf(await world.request('POST', '/api/v1/finetunings', input, admin), 201);
  return { id: String(made['id']), connection: String(connection['id']) };
}

const keyedWorld = () => startWorld({ env: { ADMIN_API_KEY } });

test('a key that may cancel stops a run, is named in its receipt, and can neither start nor read one', async () => {
  await using world = await keyedWorld();
  const { id, connection } = await run(world);
  const key = await keyed(world, ['cancel'], undefined, 'on call');
  const create = await world.request('POST', '/api/v1/finetunings', { db_connection_id: connection }, key);
  expect(create).toMatchObject({ status: 403, body: { detail: '"on call" may cancel; this needs run as well.' } });
  for (const path of ['', '/events', '/logs']) {
    expect((await world.request('GET', `/api/v1/finetunings/${id}${path}`, undefined, key)).status, path).toBe(403);
  }
  expect((await world.request('DELETE', `/api/v1/finetunings/${id}`, undefined, key)).status).toBe(403);
  expect((await rowCounts(world.app.db))['finetunings']).toBe(1);

  const stopped = bodyOf(await world.request('POST', `/api/v1/finetunings/${id}/cancel`, undefined, key), 200);
  expect(stopped).toMatchObject({ status: 'cancelled', cancellation: { requested_by: 'on call' } });
});

test('over tRPC a key is refused in the shape of tRPC, by each procedure that needs more than it has', async () => {
  await using world = await keyedWorld();
  const { id, connection } = await run(world);
  const refused = { status: 403, body: { error: { data: { code: 'FORBIDDEN', reason: 'scope_missing' } } } };
  const one = encodeURIComponent(JSON.stringify({ id }));
  const [reader, runner, stopper] = [
    await keyed(world, ['read']),
    await keyed(world, ['run']),
    await keyed(world, ['cancel']),
  ];
  expect(await world.request('GET', `/trpc/finetunings.get?input=${one}`, undefined, reader)).toMatchObject({
    status: 200,
  });
  expect(await world.request('GET', `/trpc/finetunings.get?input=${one}`, undefined, runner)).toMatchObject(refused);
  // A subscription is refused within its stream, as tRPC does it.
  const watched = await fetch(`${world.app.url}/trpc/finetunings.watch?input=${one}`, { headers: stopper });
  const told = (await watched.text()).split('\n\n').filter((event) => event.includes('data: {'));
  expect(told.filter((event) => !event.includes('connected'))).toEqual([
    expect.stringContaining('"reason":"scope_missing"'),
  ]);
  const create = (key: Record<string, string>) =>
    world.request('POST', '/trpc/finetunings.create', { db_connection_id: connection }, key);
  expect(await create(reader)).toMatchObject(refused);
  expect(await create(stopper)).toMatchObject(refused);
  expect(await create(runner)).toMatchObject({ status: 200 });
  for (const key of [reader, runner]) {
    expect(await world.request('POST', '/trpc/finetunings.cancel', { id }, key)).toMatchObject(refused);
    expect(await world.request('POST', '/trpc/finetunings.cancelMany', { ids: [id] }, key)).toMatchObject(refused);
  }
  // To delete is to stop, and to take away.
  for (const key of [runner, stopper]) {
    expect(await world.request('POST', '/trpc/finetunings.delete', { id }, key)).toMatchObject(refused);
  }
  expect(await world.request('POST', '/trpc/finetunings.cancel', { id }, stopper)).toMatchObject({ status: 200 });
  expect(
    await world.request('POST', '/trpc/dbConnections.delete', { id: connection }, stopper),
    'what is no run is not stopped but changed',
  ).toMatchObject(refused);
});

test('what a key may not do is said before what it sent is looked at', async () => {
  await using world = await keyedWorld();
  const answer = await world.request('POST', '/trpc/finetunings.create', { nonsense: 1 }, await keyed(world, ['read']));
  expect(answer.status).toBe(403);
});

test('a run of another organization is a 404 everywhere, and is neither listed nor stopped', async () => {
  await using world = await keyedWorld();
  const { id, connection } = await run(world);
  await world.app.db.insert(organizations).values({ id: OTHER, name: 'other', created_at: new Date().toISOString() });
  const theirs = await keyed(world, ['admin'], OTHER);
  const asked: [string, string, unknown?][] = [
    ['GET', `/api/v1/finetunings/${id}`],
    ['PUT', `/api/v1/finetunings/${id}`, { alias: 'theirs' }],
    ['POST', `/api/v1/finetunings/${id}/cancel`],
    ['DELETE', `/api/v1/finetunings/${id}`],
    ['GET', `/api/v1/finetunings/${id}/events`],
    ['GET', `/api/v1/finetunings/${id}/logs`],
    ['GET', `/api/v1/database-connections/${connection}`],
    ['PUT', `/api/v1/database-connections/${connection}`, { alias: 'theirs' }],
    ['DELETE', `/api/v1/database-connections/${connection}`],
  ];
  for (const [method, path, body] of asked) {
    expect([method, path, (await world.request(method, path, body, theirs)).status]).toEqual([method, path, 404]);
  }
  const stream = { ...theirs, accept: 'text/event-stream' };
  expect((await world.request('GET', `/api/v1/finetunings/${id}/events`, undefined, stream)).status).toBe(404);
  for (const path of ['finetunings', 'golden-sqls', 'database-connections']) {
    expect(await world.request('GET', `/api/v1/${path}`, undefined, theirs)).toMatchObject({ status: 200, body: [] });
  }
  const many = await world.request('POST', '/trpc/finetunings.cancelMany', { ids: [id] }, theirs);
  expect(many).toMatchObject({
    body: { result: { data: [{ id, finetuning: null, error: { reason: 'not_found' } }] } },
  });
  expect(bodyOf(await world.request('GET', `/api/v1/finetunings/${id}`, undefined, admin), 200)).toMatchObject({
    alias: null,
    cancellation: null,
  });
});

test('X-API-Key opens as the bearer token does, which goes before it', async () => {
  await using world = await keyedWorld();
  const list = (headers: Record<string, string>) =>
    world.request('GET', '/api/v1/finetunings', undefined, headers).then(({ status }) => status);
  const { authorization } = await keyed(world, ['read']);
  const key = authorization.replace('Bearer ', '');
  expect(await list({ 'x-api-key': key })).toBe(200);
  expect(await list({ 'x-api-key': ADMIN_API_KEY })).toBe(200);
  expect(await list({ 'x-api-key': 'wrong' })).toBe(401);
  // A proxy's own scheme is none of ours.
  expect(await list({ 'x-api-key': key, authorization: 'Basic Zm9vOmJhcg==' })).toBe(200);
  expect(await list({ 'x-api-key': key, authorization: 'Bearer wrong' })).toBe(401);
});

test('a revoked key and an expired one are refused, and the answer says which; their last use is on the row', async () => {
  await using world = await keyedWorld();
  const keys = keysOf(world);
  const made = await keys.create({ name: 'lost', scopes: ['read'], expires_at: null });
  const list = (key: string) =>
    world.request('GET', '/api/v1/finetunings', undefined, { authorization: `Bearer ${key}` });
  expect((await list(made.key)).status).toBe(200);
  const used = async () => (await world.app.db.select().from(apiKeys)).find(({ id }) => id === made.id)?.last_used_at;
  await world.until(async () => Boolean(await used()), 'the last use is noted');

  const revoked = await keys.create({ name: 'stolen', scopes: ['read'], expires_at: null });
  await keys.revoke(revoked.id);
  const refused = await list(revoked.key);
  expect(refused).toMatchObject({ status: 401, body: { detail: expect.stringContaining('"stolen" was revoked') } });
  expect(refused.headers.get('www-authenticate')).toBe('Bearer');
  const { key } = await keys.create({
    name: 'short',
    scopes: ['read'],
    expires_at: new Date(Date.now() + 60_000).toISOString(),
  });
  await world.app.db.update(apiKeys).set({ expires_at: '2026-01-01T00:00:00.000Z' });
  expect(await list(key)).toMatchObject({ status: 401, body: { detail: expect.stringContaining('"short" expired') } });
});

test('without a key in the configuration this machine needs none, and a key of another organization sees its own alone', async () => {
  await using world = await startWorld();
  const { id } = await world.create();
  await world.app.db.insert(organizations).values({ id: OTHER, name: 'other', created_at: new Date().toISOString() });
  const theirs = await keyed(world, ['read'], OTHER);
  const path = `/api/v1/finetunings/${id}`;
  expect((await world.request('GET', path)).status).toBe(200);
  expect((await world.request('GET', path, undefined, { authorization: 'Bearer sk-something' })).status).toBe(200);
  expect((await world.request('GET', path, undefined, theirs)).status).toBe(404);
});
