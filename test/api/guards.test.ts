// Who is let in: without a key this machine and its pages, with one whoever brings it; over REST and tRPC alike.
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { openApiDocument } from '../../server/http/rest/openapi.ts';
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
    const exposed = listOf(answer.headers, 'access-control-expose-headers');
    expect(exposed).toEqual(expect.arrayContaining(['idempotent-replayed', ...documentedHeaders()]));
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
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    expect(foreign.body, 'whose setting that is, is said').toMatchObject(
      transport === 'REST'
        ? { detail: expect.stringContaining('ALLOWED_ORIGINS') }
        : { error: { message: expect.stringContaining('ALLOWED_ORIGINS') } },
    );
  });

  test('a proxy may bring the key and pass on the Origin of its own pages', async () => {
    await using world = await startWorld({ env });
    expect([200, 201]).toContain((await create(world, path, { ...FOREIGN, ...key })).status);
  });
});

describe.each(creating)('with ALLOWED_ORIGINS, over %s', (_transport, path) => {
  const [first, second] = ['https://app.example', 'https://admin.example:8443'];
  const env = { ALLOWED_ORIGINS: `${first}, ${second}` };
  const ADMIN_API_KEY = 'a-secret-of-the-test';
  const key = { authorization: `Bearer ${ADMIN_API_KEY}` };

  test('a page of each of them may send what our clients send, with the key, and read the answer; without, it reads why', async () => {
    await using world = await startWorld({ env: { ...env, ADMIN_API_KEY } });
    for (const origin of [first, second]) {
      const asked = await preflight(world, path, origin);
      expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
      expect(listOf(asked.headers, 'access-control-allow-headers')).toEqual(HEADERS);
      const answer = await create(world, path, { origin, ...key });
      expect([200, 201]).toContain(answer.status);
      for (const { headers } of [asked, answer]) {
        expect(headers.get('access-control-allow-origin')).toBe(origin);
        expect(headers.get('access-control-allow-credentials'), 'no cookie ever counts').toBeNull();
        expect(listOf(headers, 'vary'), 'a cache keeps the pages apart').toContain('Origin');
      }
      const refused = await create(world, path, { origin });
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin]);
    }
  });

  test('any other page is refused with 403, with a key and without', async () => {
    for (const given of [env, { ...env, ADMIN_API_KEY }]) {
      await using world = await startWorld({ env: given });
      for (const origin of [
        'https://app.example.evil.example',
        'http://app.example',
        'https://app.example:444',
        'null',
      ]) {
        const asked = await preflight(world, path, origin);
        expect([origin, asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([origin, 403, null]);
      }
    }
  });

  test('without a key they are served on this machine, and a name that was made to point at it still is not', async () => {
    await using world = await startWorld({ env });
    const answer = await create(world, path, { origin: first });
    expect([200, 201]).toContain(answer.status);
    expect(answer.headers.get('access-control-allow-origin')).toBe(first);
    expect((await create(world, path, FOREIGN)).status).toBe(403);
    expect(await throughHost(world, path, 'app.example')).toMatchObject({ status: 403 });
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

/** Each that the document of the API names, since a page that follows it reads them; a browser shows it Cache-Control unasked. */
const documentedHeaders = () => {
  const found = new Set<string>();
  JSON.stringify(openApiDocument('test'), (name, value: unknown) => {
    // Those of answers are an object by name, those of requests are parameters.
    if (name === 'headers') for (const header of Object.keys(Object(value))) found.add(header.toLowerCase());
    return value;
  });
  found.delete('cache-control');
  return [...found];
};

const listOf = (headers: Headers, name: string) => (headers.get(name) ?? '').split(',').map((part) => part.trim());
