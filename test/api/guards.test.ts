// Who is let in: without a key this machine and its pages, with one whoever brings it; over REST and tRPC alike.
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { rowCounts } from '../picture.ts';
import { startWorld, type World } from '../world.ts';

const FOREIGN = { origin: 'https://evil.example' };
const PAGE = 'http://localhost:5173';
/** What clients send beyond what browsers let every page send. */
const HEADERS = ['authorization', 'content-type', 'idempotency-key', 'last-event-id', 'prefer', 'trpc-accept'];

/** What creates a record, on each transport. */
const creating = [
  ['REST', '/api/v1/database-connections'],
  ['tRPC', '/trpc/dbConnections.create'],
] as const;

const create = (world: World, path: string, headers: Record<string, string>) =>
  world.request('POST', path, { alias: 'library' }, headers);

/** `fetch` cannot name another host than it calls. */
async function throughHost(world: World, path: string, host: string): Promise<{ status: number; body: unknown }> {
  const headers = { host, 'content-type': 'application/json' };
  const sent = request(`${world.app.url}${path}`, { method: 'POST', headers });
  sent.end('{"alias": "library"}');
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (!response) throw new Error('there was no answer');
  return { status: response.statusCode ?? 0, body: await json(response) };
}

describe.each(creating)('without a key, over %s', (transport, path) => {
  const forbidden =
    transport === 'REST'
      ? { detail: expect.any(String) }
      : { error: { data: { reason: 'forbidden', httpStatus: 403 } } };

  test.each([
    ['a foreign Origin', FOREIGN],
    ['an opaque Origin', { origin: 'null' }],
    ['an Origin that only begins like this machine', { origin: 'http://localhost.evil.example' }],
  ])('%s is refused with 403, and nothing is stored', async (_what, headers) => {
    await using world = await startWorld();
    const answer = await create(world, path, headers);
    expect(answer).toMatchObject({ status: 403, body: forbidden });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect((await rowCounts(world.app.db))['db_connections']).toBe(0);
  });

  test('a name that was made to point at this machine is refused with 403, and nothing is stored', async () => {
    await using world = await startWorld();
    for (const host of ['rebound.example', '127.0.0.1.rebound.example', '192.168.0.7:8080']) {
      expect(await throughHost(world, path, host), host).toMatchObject({ status: 403, body: forbidden });
    }
    expect((await rowCounts(world.app.db))['db_connections']).toBe(0);
  });

  test('every name of this machine is let in, with whatever port', async () => {
    await using world = await startWorld();
    for (const host of ['localhost:1', 'LOCALHOST', '127.0.0.1', '127.0.0.2:8080', '[::1]:8080']) {
      expect([host, (await throughHost(world, path, host)).status]).toEqual([host, transport === 'REST' ? 201 : 200]);
    }
  });

  test('a page of this machine may send JSON from another port, and read the answer and its headers', async () => {
    await using world = await startWorld();
    const asked = await preflight(world, path, PAGE);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(listOf(asked.headers, 'access-control-allow-methods')).toEqual(
      expect.arrayContaining(['GET', 'POST', 'PUT', 'DELETE']),
    );
    expect(listOf(asked.headers, 'access-control-allow-headers')).toEqual(HEADERS);
    const answer = await create(world, path, { origin: PAGE });
    expect([200, 201]).toContain(answer.status);
    expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(listOf(answer.headers, 'access-control-expose-headers')).toEqual(
      expect.arrayContaining(['link', 'location', 'preference-applied']),
    );
    const refused = await world.request('POST', path, {}, { origin: PAGE });
    expect(refused.headers.get('access-control-allow-origin'), 'an error can be read too').toBe(PAGE);
  });

  test('a foreign page is told 403 when its browser asks beforehand', async () => {
    await using world = await startWorld();
    const asked = await preflight(world, path, FOREIGN.origin);
    expect(asked.status).toBe(403);
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe.each(creating)('with ADMIN_API_KEY, over %s', (transport, path) => {
  const env = { ADMIN_API_KEY: 'a-secret-of-the-test' };
  const key = { authorization: `Bearer ${env.ADMIN_API_KEY}` };

  test('a request without it, or with another, is answered 401 and stores nothing; one with it is served', async () => {
    await using world = await startWorld({ env });
    const unauthorized =
      transport === 'REST'
        ? { detail: expect.stringContaining('API key') }
        : { error: { data: { reason: 'unauthorized', httpStatus: 401 } } };
    for (const headers of [FOREIGN, { authorization: 'Bearer wrong' }, { authorization: env.ADMIN_API_KEY }]) {
      const answer = await create(world, path, headers);
      expect(answer).toMatchObject({ status: 401, body: unauthorized });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect((await rowCounts(world.app.db))['db_connections']).toBe(0);
    expect([200, 201]).toContain((await create(world, path, key)).status);
  });

  test('a page of the machine its browser runs on may bring the key; any other may not ask', async () => {
    await using world = await startWorld({ env });
    const asked = await preflight(world, path, PAGE);
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, PAGE]);
    expect((await create(world, path, { origin: PAGE })).status).toBe(401);
    const answer = await create(world, path, { origin: PAGE, ...key });
    expect([200, 201]).toContain(answer.status);
    const foreign = await preflight(world, path, FOREIGN.origin);
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('a server may listen without a key wherever its requests are let in, and nowhere else', () => {
  for (const HOST of ['localhost', '127.0.0.1', '127.0.0.2', '::1'])
    expect(readConfig({ HOST })).toMatchObject({ HOST });
  for (const HOST of ['0.0.0.0', '::', '192.168.0.7', '127.0.0.1.evil.example']) {
    expect(() => readConfig({ HOST }), HOST).toThrow('set ADMIN_API_KEY');
  }
});

/** What a browser sends before a JSON request from a page of another origin. */
const preflight = (world: World, path: string, origin: string) =>
  world.request('OPTIONS', path, undefined, {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': HEADERS.join(),
  });

const listOf = (headers: Headers, name: string) => (headers.get(name) ?? '').split(',').map((part) => part.trim());
