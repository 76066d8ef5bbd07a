// What stands between a caller and the service: compression, connections that are kept, paths that are added, slashes.
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { createTRPCClient, httpLink } from '@trpc/client';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AppRouter } from '../../server/http/trpc/router.ts';
import { startWorld } from '../world.ts';

const record = (db_connection_id: string, prompt_text: string) => ({ prompt_text, sql: 'SELECT 1', db_connection_id });

describe('a compressed body', () => {
  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('was taken for text that is not UTF-8: %s is read, over REST and tRPC', async (encoding, pack) => {
    await using world = await startWorld();
    const { connection } = await world.seed(1);
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const rest = await world.request(
      'POST',
      '/api/v1/golden-sqls',
      new Blob([new Uint8Array(pack(JSON.stringify([record(connection.id, 'Wie viele Bücher?')])))]),
      headers,
    );
    expect(rest).toMatchObject({ status: 201, body: [{ prompt_text: 'Wie viele Bücher?' }] });
    const overTrpc = await world.request(
      'POST',
      '/trpc/dbConnections.create',
      new Blob([new Uint8Array(pack(JSON.stringify({ alias: 'packed' })))]),
      headers,
    );
    expect(overTrpc).toMatchObject({ status: 200, body: { result: { data: { alias: 'packed' } } } });
  });

  test('that is a file of records is read as one', async () => {
    await using world = await startWorld();
    const { connection } = await world.seed(1);
    const answer = await world.request(
      'POST',
      `/api/v1/golden-sqls?db_connection_id=${connection.id}`,
      new Blob([new Uint8Array(gzipSync('prompt_text,sql\nhow many,SELECT 7\n'))]),
      { 'content-type': 'text/csv', 'content-encoding': 'gzip' },
    );
    expect(answer).toMatchObject({ status: 201, body: [{ prompt_text: 'how many', sql: 'SELECT 7' }] });
  });

  test('that grows beyond the limit when it is unpacked is refused like one that was sent so', async () => {
    await using world = await startWorld();
    for (const [encoding, pack] of [
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
      ['zstd', zstdCompressSync],
    ] as const) {
      const bomb = new Blob([new Uint8Array(pack(Buffer.alloc(40 * 1024 * 1024)))]);
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      expect(await world.request('POST', '/api/v1/golden-sqls', bomb, headers)).toMatchObject({
        status: 413,
        body: { detail: expect.stringContaining('larger than 32 MB') },
      });
      expect(await world.request('POST', '/trpc/goldenRecords.add', bomb, headers)).toMatchObject({
        status: 413,
        body: { error: { data: { reason: 'too_large' } } },
      });
    }
  });

  test('in an encoding that is not read is refused with 415 by its name', async () => {
    await using world = await startWorld();
    for (const encoding of ['compress', 'gzip, br', 'aws-chunked']) {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      const rest = await world.request('POST', '/api/v1/golden-sqls', '[]', headers);
      expect(rest).toMatchObject({ status: 415, body: { detail: expect.stringContaining(`"${encoding}"`) } });
      expect(rest.headers.get('accept-encoding')).toBe('gzip, x-gzip, deflate, br, zstd');
      expect(await world.request('POST', '/trpc/dbConnections.create', '{}', headers)).toMatchObject({
        status: 415,
        body: { error: { message: expect.stringContaining(`"${encoding}"`) } },
      });
    }
  });

  test('that is not what it says is refused, and stores nothing', async () => {
    await using world = await startWorld();
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const whole = gzipSync(JSON.stringify({ alias: 'half' }));
    for (const body of ['{"alias":"plain"}', new Blob([new Uint8Array(whole.subarray(0, whole.length - 12))])]) {
      expect(await world.request('POST', '/api/v1/database-connections', body, headers)).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body'], msg: expect.stringContaining('not gzip') }] },
      });
      expect(await world.request('POST', '/trpc/dbConnections.create', body, headers)).toMatchObject({ status: 422 });
    }
    expect(await world.trpc.dbConnections.list.query()).toEqual([]);
  });

  test('that is empty is none: a cancel needs none', async () => {
    await using world = await startWorld();
    const run = await world.createIn('running');
    expect(await world.cancel(run.id, '', { 'content-encoding': 'gzip' })).toMatchObject({ status: 200 });
  });
});

test('an idle connection was closed before the load balancer that holds it would: it is kept for longer than 60 s', async () => {
  await using world = await startWorld();
  expect((await world.request('GET', '/healthz')).headers.get('keep-alive')).toBe('timeout=75');
  await world.stop();
  world.env['KEEP_ALIVE_MS'] = '120000';
  await world.start();
  const socket = connect(Number(new URL(world.app.url ?? '').port), '127.0.0.1');
  const answer = async () => {
    socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    return String((await once(socket, 'data'))[0]);
  };
  expect(await answer()).toContain('timeout=120');
  expect(await answer()).toContain('200 OK');
  socket.destroy();
});

describe('a slash at the end of a path', () => {
  test.each([
    ['GET', '/api/v1/finetunings/?limit=5', '../finetunings?limit=5'],
    ['POST', '/api/v1/golden-sqls/', '../golden-sqls'],
    ['HEAD', '/api/v1/heartbeat/', '../heartbeat'],
    ['DELETE', `/api/v1/golden-sqls/${'a'.repeat(24)}/`, `../${'a'.repeat(24)}`],
    ['POST', `/api/v1/finetunings/${'a'.repeat(24)}/cancel/`, '../cancel'],
    ['GET', '/healthz/', '../healthz'],
    ['GET', '/docs/', '../docs'],
  ])('is answered as FastAPI does: %s %s', async (method, path, location) => {
    await using world = await startWorld();
    const answer = await fetch(`${world.app.url}${path}`, { method, redirect: 'manual' });
    expect({ status: answer.status, location: answer.headers.get('location') }).toEqual({ status: 307, location });
  });

  test('loses neither the method nor the body on the way, and leads nowhere that is not', async () => {
    await using world = await startWorld();
    expect(await world.request('POST', '/api/v1/database-connections/', { alias: 'slash' })).toMatchObject({
      status: 201,
      body: { alias: 'slash' },
    });
    expect(await world.request('GET', '/api/v1/nothing/')).toMatchObject({ status: 404 });
  });
});

describe('under a path that a proxy adds', () => {
  /** As nginx does with `location /tools/goldtune/ { proxy_pass http://…/; }`: it rewrites nothing and says nothing. */
  async function behind(url: string) {
    const server = createServer((request, response) => {
      const path = /^\/tools\/goldtune(\/.*)$/.exec(request.url ?? '')?.[1];
      if (path === undefined) return response.writeHead(404).end('not of goldtune');
      const headers = { ...request.headers, host: new URL(url).host };
      const onward = send(new URL(path, url), { method: request.method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      return request.pipe(onward);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tools/goldtune`,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  }

  test('every link leads back under it: of pages, of new records, of slashes, of the documentation', async () => {
    await using world = await startWorld();
    await using proxy = await behind(world.app.url ?? '');
    const body = JSON.stringify({ alias: 'prefixed' });
    const headers = { 'content-type': 'application/json' };
    const base = `${proxy.url}/api/v1/database-connections`;
    const created = await fetch(`${base}/`, { method: 'POST', body, headers });
    expect(created.status).toBe(201);
    const record = new URL(created.headers.get('location') ?? '', created.url);
    expect(await (await fetch(record)).json()).toMatchObject({ alias: 'prefixed' });

    await fetch(base, { method: 'POST', body, headers });
    const page = await fetch(`${base}?limit=1`);
    const next = /<(.+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
    expect(await (await fetch(new URL(next, page.url))).json()).toHaveLength(1);

    const named = z.object({ openapi: z.string(), docs: z.string() });
    const root = named.parse(await (await fetch(`${proxy.url}/`)).json());
    const document = await fetch(new URL(root.openapi, `${proxy.url}/`));
    const { servers } = z.object({ servers: z.array(z.object({ url: z.string() })) }).parse(await document.json());
    expect(new URL(servers[0]?.url ?? '', document.url).href).toBe(`${proxy.url}/`);
    const docs = await fetch(new URL(`${root.docs}/`, `${proxy.url}/`));
    expect(docs.status).toBe(200);
    for (const [, path] of (await docs.text()).matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect((await fetch(new URL(path ?? '', docs.url))).status, path).toBe(200);
    }
    const trpc = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${proxy.url}/trpc` })] });
    expect(await trpc.dbConnections.list.query()).toHaveLength(2);
  });
});
