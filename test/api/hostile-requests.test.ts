// What is sent to wear the server out, or to make it say more than was asked: a small answer, and nobody else waits.
import { once } from 'node:events';
import { Agent, type ClientRequest, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { createTRPCClient, httpBatchLink, httpBatchStreamLink } from '@trpc/client';
import { describe, expect, test } from 'vitest';
import type { AppRouter } from '../../server/http/trpc/router.ts';
import { startWorld, type World } from '../world.ts';

const UNKNOWN_ID = 'a'.repeat(24);
const FINETUNINGS = '/api/v1/finetunings';
const RECORDS = '/api/v1/golden-sqls';
const JSON_TYPE = { 'content-type': 'application/json' };
const env = { ADMIN_API_KEY: 'a-secret-of-the-test' };

/** An answer as it came, to a request as no client would send it; the server ends the connection. */
async function raw(world: World, lines: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(world.app.url ?? '').port), '127.0.0.1');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return text(socket);
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

describe('a request whose first line is unusual', () => {
  test('a probe that speaks HTTP/1.0, and names no host, was answered 400', async () => {
    await using world = await startWorld();
    for (const path of ['/healthz', '/readyz', `${FINETUNINGS}`]) {
      expect([path, statusOf(await raw(world, [`GET ${path} HTTP/1.0`]))]).toEqual([path, 200]);
    }
  });

  test('a whole address as the target is answered as its path is, where its host is this machine', async () => {
    await using world = await startWorld();
    const ask = async (target: string) =>
      statusOf(await raw(world, [`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close']));
    for (const path of ['/healthz', FINETUNINGS, '/trpc/finetunings.list', '/docs']) {
      expect([path, await ask(`http://127.0.0.1:8080${path}`)]).toEqual([path, 200]);
    }
    for (const path of [FINETUNINGS, '/trpc/finetunings.list']) {
      expect([path, await ask(`http://rebound.example${path}`)]).toEqual([path, 403]);
    }
    expect(await ask('ftp://127.0.0.1/healthz')).toBe(400);
  });

  test('a target, a header or a path beyond what Node takes is refused', async () => {
    await using world = await startWorld();
    const long = 'a'.repeat(60_000);
    expect(statusOf(await raw(world, [`GET /${long} HTTP/1.1`, 'Host: 127.0.0.1']))).toBe(431);
    expect(statusOf(await raw(world, ['GET / HTTP/1.1', 'Host: 127.0.0.1', `Prefer: ${long}`]))).toBe(431);
  });

  test('dots and encoded slashes where an id should be lead nowhere', async () => {
    await using world = await startWorld();
    const run = await world.createIn('running');
    for (const id of ['..', '%2e%2e', `..%2F${run.id}`, `x%2F..%2F${run.id}`, '%ff', '%', `${run.id}%2F`]) {
      const answer = await raw(world, [
        `POST ${FINETUNINGS}/${id}/cancel HTTP/1.1`,
        'Host: 127.0.0.1',
        'Connection: close',
        'Content-Length: 0',
      ]);
      expect([id, statusOf(answer)]).toEqual([id, 404]);
    }
    expect(await world.get(run.id)).toMatchObject({ status: 'running', cancellation: null });
  });
});

test('an Origin of another scheme than that of the web was taken for a page of this machine', async () => {
  await using world = await startWorld();
  for (const origin of ['foo://127.0.0.1', 'file://localhost', 'chrome-extension://127.0.0.1']) {
    const answer = await world.request('POST', '/api/v1/database-connections', { alias: 'x' }, { origin });
    expect([origin, answer.status]).toEqual([origin, 403]);
  }
});

describe('a batch', () => {
  test('of fifteen thousand calls, without a key, was answered with as many errors', async () => {
    await using world = await startWorld({ env });
    const path = `/trpc/${','.repeat(15_000)}?batch=1`;
    for (const authorization of ['', 'Bearer wrong']) {
      const answer = await world.request('GET', path, undefined, { authorization });
      expect(answer).toMatchObject({ status: 401, body: { error: { data: { reason: 'unauthorized' } } } });
      expect(JSON.stringify(answer.body).length).toBeLessThan(1000);
    }
    const answer = await world.request('GET', path, undefined, { authorization: `Bearer ${env.ADMIN_API_KEY}` });
    expect(answer).toMatchObject({ status: 422, body: { error: { data: { reason: 'invalid' } } } });
    expect(JSON.stringify(answer.body).length).toBeLessThan(1000);
    const alone = await world.request('GET', `/trpc/${','.repeat(15_000)}`, undefined, {
      authorization: `Bearer ${env.ADMIN_API_KEY}`,
    });
    expect(alone.status).toBe(404);
    expect(JSON.stringify(alone.body).length).toBeLessThan(1000);
  });

  test('that is refused whole is told to each of its calls', async () => {
    await using world = await startWorld({ env });
    const url = `${world.app.url}/trpc`;
    for (const link of [httpBatchLink, httpBatchStreamLink]) {
      const reasonsOf = async (calls: number, key: string) => {
        const client = createTRPCClient<AppRouter>({
          links: [link({ url, headers: { authorization: `Bearer ${key}` } })],
        });
        const asked = Array.from({ length: calls }, () => client.finetunings.get.query({ id: UNKNOWN_ID }));
        const answers = await Promise.allSettled(asked);
        return answers.map((answer) => (answer.status === 'rejected' ? answer.reason.data?.reason : null));
      };
      expect(await reasonsOf(51, env.ADMIN_API_KEY)).toEqual(Array(51).fill('invalid'));
      expect(await reasonsOf(3, 'wrong-but-long-enough')).toEqual(Array(3).fill('unauthorized'));
      expect(await reasonsOf(3, env.ADMIN_API_KEY)).toEqual(Array(3).fill('not_found'));
    }
  });
});

test('what was sent is not sent back: no refusal is longer than a page, whatever is long in the request', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const long = 'a'.repeat(10_000);
  const huge = 'b'.repeat(2_000_000);
  const deep = '['.repeat(200_000);
  const asked: [method: string, path: string, body?: unknown, headers?: Record<string, string>][] = [
    ['GET', `/${long}`],
    ['GET', `${FINETUNINGS}/${long}`],
    ['GET', `${FINETUNINGS}?${long}=1`],
    ['GET', `${FINETUNINGS}?status=${long}`],
    ['GET', `${FINETUNINGS}?${'a&'.repeat(5000)}`],
    ['GET', `${FINETUNINGS}?${Array.from({ length: 2500 }, (_, index) => `k${index}`).join('&')}`],
    ['GET', FINETUNINGS, undefined, { origin: `https://${long}.example` }],
    ['GET', `${FINETUNINGS}/${run.id}/events`, undefined, { 'last-event-id': '9'.repeat(10_000) }],
    ['GET', `${FINETUNINGS}/${run.id}/events?after=2147483648`],
    ['GET', `${FINETUNINGS}/${run.id}/events?after=${'9'.repeat(10_000)}`],
    ['POST', `${FINETUNINGS}/${run.id}/cancel`, {}, { prefer: 'wait=1,'.repeat(1000) }],
    ['POST', `${FINETUNINGS}/${run.id}/cancel`, { finetuning_id: huge }],
    ['POST', `${FINETUNINGS}/${run.id}/cancel`, { metadata: { a: huge } }],
    ['POST', FINETUNINGS, {}, { 'idempotency-key': long }],
    ['POST', FINETUNINGS, { db_connection_id: UNKNOWN_ID, base_llm: { model_parameters: { n_epochs: huge } } }],
    ['POST', FINETUNINGS, { db_connection_id: UNKNOWN_ID, base_llm: { model_name: huge } }],
    ['POST', FINETUNINGS, { db_connection_id: UNKNOWN_ID, golden_records: Array(500_000).fill('x') }],
    ['POST', FINETUNINGS, `{"db_connection_id": ${deep}`],
    ['POST', FINETUNINGS, `{"db_connection_id": ${deep}${']'.repeat(200_000)}}`],
    ['POST', FINETUNINGS, huge],
    ['POST', FINETUNINGS, {}, { 'content-encoding': long }],
    ['POST', '/api/v1/database-connections', { alias: 'x', dialect: huge }],
    ['POST', RECORDS, Array(1_000_000).fill(0)],
    ['POST', RECORDS, new Blob([new Uint8Array(gzipSync(Buffer.alloc(100_000_000)))]), { 'content-encoding': 'gzip' }],
    ['GET', `/trpc/${long}`],
    ['GET', `/trpc/${'%'.repeat(5000)}`],
    ['GET', `/trpc/finetunings.list?input=${long}`],
    ['GET', `/trpc/finetunings.list?batch=1&input=${long}`],
    ['GET', `/trpc/finetunings.list?connectionParams=${long}`],
    ['GET', `/trpc/finetunings.list?input=${encodeURIComponent(JSON.stringify({ limit: [[[[long]]]] }))}`],
    ['POST', '/trpc/finetunings.create', {}, { 'content-type': long }],
    ['POST', '/trpc/finetunings.create', huge, JSON_TYPE],
    ['POST', '/trpc/finetunings.create', `${deep}${']'.repeat(200_000)}`, JSON_TYPE],
    ['POST', '/trpc/finetunings.cancel', { id: huge }],
    ['POST', '/trpc/finetunings.cancelMany', { ids: Array(500_000).fill(huge.slice(0, 10)) }],
    ['POST', '/trpc/goldenRecords.add', Array(1_000_000).fill(0)],
  ];
  for (const [method, path, body, headers] of asked) {
    const answer = await world.request(method, path, body, headers);
    const what = `${method} ${path.slice(0, 60)} ${Object.keys(headers ?? {})}`;
    const size = JSON.stringify(answer.body ?? '').length + JSON.stringify([...answer.headers]).length;
    expect({ what, refused: answer.status >= 400 && answer.status < 500, small: size < 24_000 }, what).toEqual({
      what,
      refused: true,
      small: true,
    });
    const repeated = /(.)\1{200}/.exec(JSON.stringify(answer.body ?? ''));
    expect({ what, repeated }).toEqual({ what, repeated: null });
  }
  expect(await world.get(run.id)).toMatchObject({ status: 'running', cancellation: null });
  expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
});

const WRONG = { prompt_text: '', sql: 5, db_connection_id: 'x' };

test.each([
  ['REST', RECORDS],
  ['tRPC', '/trpc/goldenRecords.add'],
])(
  'over %s, fifty thousand records with three wrong fields each overflowed the stack; others are answered meanwhile',
  async (_name, path) => {
    await using world = await startWorld();
    const ended: string[] = [];
    const heavy = world.request('POST', path, Array(50_000).fill(WRONG)).finally(() => ended.push('refused'));
    const health = async () => {
      await world.request('GET', '/healthz');
      ended.push('healthz');
    };
    while (!ended.includes('refused') && ended.length < 6) await health();
    const { status, body } = await heavy;
    expect(status).toBe(422);
    expect(JSON.stringify(body).length).toBeLessThan(64_000);
    const fields = 'error' in Object(body) ? Object(body).error.data.fields : Object(body).detail;
    expect(fields).toHaveLength(101);
    expect(fields.at(-1).msg).toBe('149,900 more are not met either');
    // Reading alone takes some hundred turns, and each of them is others' too.
    expect(ended.indexOf('refused')).toBe(6);
  },
);

test('text that is not UTF-8 is refused over tRPC as over REST, and nothing is stored', async () => {
  await using world = await startWorld();
  const body = new Blob([Buffer.from('{"alias": "caf\xe9"}', 'latin1')]);
  const field = { loc: ['body'], msg: expect.stringContaining('not UTF-8'), type: 'json_invalid' };
  expect(await world.request('POST', '/api/v1/database-connections', body, JSON_TYPE)).toMatchObject({
    status: 422,
    body: { detail: [field] },
  });
  expect(await world.request('POST', '/trpc/dbConnections.create', body, JSON_TYPE)).toMatchObject({
    status: 422,
    body: { error: { data: { reason: 'invalid', fields: [field] } } },
  });
  expect(await world.trpc.dbConnections.list.query({})).toEqual([]);
});

/** Asks, sends a part of the body, and leaves once the server has begun to read it. */
async function leaveAmid(world: World, path: string, headers: Record<string, string | number>): Promise<void> {
  const sent: ClientRequest = request(`${world.app.url}${path}`, { method: 'POST', headers });
  sent.on('error', () => {});
  await new Promise<void>((resolve) => sent.write('[{"half":', () => resolve()));
  // Its answer says that the server knows of the other request as well.
  await world.request('GET', '/healthz');
  const left = world.log.filter(({ message }) => message.includes('the caller left')).length;
  sent.destroy();
  await world.until(
    () => world.log.filter(({ message }) => message.includes('the caller left')).length > left,
    'the server has seen that the caller left',
  );
}

test('a caller that hangs up amid its request is told in one line, and is no error', async () => {
  await using world = await startWorld();
  const sizes: Record<string, string | number>[] = [{ 'content-length': 100_000 }, { 'transfer-encoding': 'chunked' }];
  for (const size of sizes) {
    for (const path of [
      FINETUNINGS,
      RECORDS,
      `${RECORDS}?db_connection_id=${UNKNOWN_ID}`,
      '/trpc/finetunings.create',
    ]) {
      await leaveAmid(world, path, { ...size, ...JSON_TYPE });
      await leaveAmid(world, path, { ...size, ...JSON_TYPE, 'content-encoding': 'gzip' });
    }
    await leaveAmid(world, RECORDS, { ...size, 'content-type': 'multipart/form-data; boundary=x' });
  }
  // Whatever had still to be said of them comes before the end of this one.
  const [answer] = await once(request(`${world.app.url}/none`).end(), 'response');
  answer.resume();
  expect(world.log.filter(({ level }) => level !== 'info')).toEqual([]);
});

test('metadata is bounded as the provider bounds its own, and a cancel that would exceed it stops the run all the same', async () => {
  await using world = await startWorld();
  const keys = (count: number, from = 0) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${from + index}`, 'v']));
  const { connection } = await world.seed();
  for (const metadata of [keys(17), keys(100_000), { ['k'.repeat(65)]: 'v' }, { k: 'v'.repeat(513) }]) {
    const body = { db_connection_id: connection.id, metadata };
    const answer = await world.request('POST', FINETUNINGS, body);
    expect(answer.status).toBe(422);
    expect(Object(answer.body).detail[0].loc.slice(0, 2)).toEqual(['body', 'metadata']);
  }
  const most = { ...keys(15), ['k'.repeat(64)]: 'v'.repeat(512) };
  const run = await world.create({ metadata: most });
  expect(run.metadata).toEqual(most);
  const first = await world.cancel(run.id, { metadata: keys(2, 100), reason: 'enough' });
  expect(first).toMatchObject({ status: 200, body: { status: 'cancelled', metadata: most } });
  expect(Object(first.body).warnings).toEqual(['metadata was ignored: with it the run would have more than 16 keys']);
});

test('a key of metadata that is called __proto__ was left out without a word; others of that kind are kept', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed(1);
  const hidden = '{"team": "a", "__proto__": "b"}';
  const path = `${FINETUNINGS}/${connection.id}`;
  const record = `{"prompt_text": "x", "sql": "y", "db_connection_id": "${connection.id}", "metadata": ${hidden}}`;
  const refused = (loc: (string | number)[]) => ({ loc, msg: expect.stringContaining('__proto__ cannot be a name') });
  for (const [method, to, body, loc] of [
    [
      'POST',
      '/api/v1/database-connections',
      `{"alias": "x", "metadata": ${hidden}}`,
      ['body', 'metadata', '__proto__'],
    ],
    ['PUT', path, `{"metadata": ${hidden}}`, ['body', 'metadata', '__proto__']],
    ['POST', RECORDS, `[${record}]`, ['body', 0, 'metadata', '__proto__']],
  ] as const) {
    const answer = await world.request(method, to, body, JSON_TYPE);
    expect([to, answer.status, answer.body]).toMatchObject([to, 422, { detail: [refused([...loc])] }]);
  }
  const overTrpc = await world.request('POST', '/trpc/goldenRecords.add', `[${record}]`, JSON_TYPE);
  expect(overTrpc.body).toMatchObject({
    error: { data: { reason: 'invalid', fields: [refused(['body', 0, 'metadata', '__proto__'])] } },
  });
  const metadata = { constructor: 'a', prototype: 'b', toString: 'c', hasOwnProperty: 'd' };
  const answer = await world.request('POST', '/api/v1/database-connections', { alias: 'x', metadata });
  expect(answer).toMatchObject({ status: 201, body: { metadata } });
  expect(await world.trpc.goldenRecords.list.query({})).toHaveLength(records.length);
});

test('the request after a form that was refused before its end, on the same connection, was not answered', async () => {
  await using world = await startWorld();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (method: string, path: string, headers: Record<string, string>, body: string) => {
    const asked = request(`${world.app.url}${path}`, { method, headers, agent });
    const answered = once(asked, 'response');
    asked.end(body);
    const [answer] = await answered;
    return { status: answer.statusCode, text: await text(answer), isSameConnection: asked.reusedSocket };
  };
  const part = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"; filename="a.csv"\r\n\r\n${value}\r\n`;
  const form = `${part('other', 'a')}${part('file', 'b'.repeat(300_000))}${part('file', 'c'.repeat(300_000))}--x--\r\n`;
  const type = { 'content-type': 'multipart/form-data; boundary=x' };
  try {
    for (let turn = 0; turn < 3; turn++) {
      expect(await ask('POST', RECORDS, type, form)).toMatchObject({ status: 422 });
      const next = await ask('GET', '/api/v1/providers', {}, '');
      expect(next).toMatchObject({ status: 200, isSameConnection: true });
    }
  } finally {
    agent.destroy();
  }
});
