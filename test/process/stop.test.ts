// SIGTERM and Ctrl-C: what is in flight is finished, nothing holds the stop up, and the process ends with 0.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Hono } from 'hono';
import { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { createClient, each } from '../../client/src/index.ts';
import { listen } from '../../server/http/listen.ts';
import { within } from '../deadline.ts';
import { startedBefore } from '../embedded/template.ts';
import { createDatabase } from '../postgres/database.ts';
import { execute } from '../postgres/execute.ts';
import { openFaultyLine } from '../postgres/faulty-line.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { until } from '../until.ts';
import { startChild } from './child.ts';

/** Longer than anybody here waits: a stop that uses the whole of it fails. */
const LONG_MS = 86_400_000;

async function client(port: number, sent = '') {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {});
  if (sent !== '') await new Promise<void>((resolve) => socket.write(sent, () => resolve()));
  return Object.assign(socket, { [Symbol.dispose]: () => void socket.destroy() });
}

const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const halfAPost = 'POST /slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"half":';

/** Says when a request is there, and answers it when told to. */
function held() {
  const [arrived, told] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const app = new Hono().onError((_error, c) => c.text('cut off', 500));
  app.all('/quick', (c) => c.text('quick'));
  app.all('/slow', async (c) => {
    arrived.resolve();
    if (c.req.method === 'POST') await c.req.text();
    await told.promise;
    return c.text('done');
  });
  return { app, arrived: arrived.promise, answer: told.resolve };
}

describe('a stop', () => {
  test.each([
    ['that has not sent a byte, as browsers open ahead of need', ''],
    ['that has sent half of its headers', 'GET / HTTP/1.1\r\nHost: 127.'],
  ])('does not wait for a connection %s', async (_, sent) => {
    const { app } = held();
    const server = await listen(app, { host: '127.0.0.1', port: 0, graceMs: LONG_MS });
    using socket = await client(server.port, sent);
    const closed = once(socket, 'close');
    // Its answer says that the server knows of the other connection as well.
    expect(await (await fetch(`http://127.0.0.1:${server.port}/quick`)).text()).toBe('quick');
    await within(server[Symbol.asyncDispose](), 'the server has stopped');
    await closed;
  });

  test('answers a request that is under way, takes no other, and is over with the answer', async () => {
    const { app, arrived, answer } = held();
    const server = await listen(app, { host: '127.0.0.1', port: 0, graceMs: LONG_MS });
    const asked = fetch(`http://127.0.0.1:${server.port}/slow`);
    await arrived;
    const stopped = server[Symbol.asyncDispose]();
    await expect(fetch(`http://127.0.0.1:${server.port}/quick`)).rejects.toThrow();
    answer();
    const answered = await asked;
    expect([answered.headers.get('connection'), await answered.text()]).toEqual(['close', 'done']);
    await within(stopped, 'the server has stopped');
  });

  test('waits for the other half of a request as long as the grace period, and no longer', async () => {
    const { app, arrived } = held();
    const server = await listen(app, { host: '127.0.0.1', port: 0, graceMs: 100 });
    using socket = await client(server.port, halfAPost);
    const closed = once(socket, 'close');
    await arrived;
    await within(server[Symbol.asyncDispose](), 'the server has stopped');
    await closed;
  });
});

describe('SIGTERM', () => {
  test('ends the server with 0 soon, whatever connection is open that never sent a byte', async () => {
    await using resources = new AsyncDisposableStack();
    const child = resources.use(startChild(await onPostgres(resources)));
    const url = await child.url;
    using _socket = await client(Number(new URL(url).port));
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    child.process.kill('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
  });

  test('that comes with the first line of the greeting ends it with 0, and the next start has the whole sample', async () => {
    await using directory = await startedBefore();
    const env = { PORT: '0', DATA_DIR: directory.path };
    await using child = startChild(env);
    await child.url;
    child.process.kill('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    await using again = startChild(env);
    await until(() => again.printed().includes('my_model'), 'the curl is printed');
  });

  test('that comes in the middle of an import ends it with 0, and the next start has all of its records or none', async () => {
    await using directory = await startedBefore();
    const env = { PORT: '0', DATA_DIR: directory.path };
    const [alias, many] = ['imported', 20_000];
    {
      await using child = startChild(env);
      const url = await child.url;
      const made = await post(`${url}/api/v1/database-connections`, { alias, dialect: 'oracle' });
      const { id } = Object(await made.json());
      const records = Array.from({ length: many }, (_, index) => ({
        db_connection_id: id,
        prompt_text: `question ${index}`,
        sql: `SELECT ${index}`,
      }));
      const sent = post(`${url}/api/v1/golden-sqls`, records).catch(() => null);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      child.process.kill('SIGTERM');
      expect(await child.ended).toEqual({ code: 0, signal: null });
      await sent;
    }
    await using again = startChild(env);
    const url = await again.url;
    const goldtune = createClient({ url });
    const connection = (await goldtune.dbConnections.list.query({})).find((one) => one.alias === alias);
    if (!connection) throw new Error('the connection is not there');
    let there = 0;
    const all = each(goldtune.goldenRecords.list, { db_connection_id: connection.id }, { pageSize: 1000 });
    for await (const _ of all) there += 1;
    expect([0, many]).toContain(there);
  });

  test('that comes while the database is being made ends the start with 0', async () => {
    await using directory = await temporaryDirectory();
    await using child = startChild({ PORT: '0', DATA_DIR: directory.path });
    await until(() => existsSync(join(directory.path, 'lock.sqlite')), 'the start has come to the database');
    child.process.kill('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(child.printed()).not.toContain('listens on');
  });

  test('that comes while the database does not answer ends the start with 0', async () => {
    await using directory = await temporaryDirectory();
    await using mute = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    const reached = once(mute, 'connection');
    await once(mute, 'listening');
    const address = mute.address();
    const port = typeof address === 'object' ? address?.port : null;
    await using child = startChild({
      PORT: '0',
      DATA_DIR: directory.path,
      DATABASE_URL: `postgres://127.0.0.1:${port}/none`,
    });
    await reached;
    child.process.kill('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
  });
});

describe('SIGTERM while the database does not answer', () => {
  test.each(['web', 'worker'])('ends a %s with 0, whatever waits for an answer then', async (role) => {
    await using resources = new AsyncDisposableStack();
    const env = await onPostgres(resources);
    const line = resources.use(await openFaultyLine(env['DATABASE_URL'] ?? ''));
    const child = resources.use(startChild({ ...env, DATABASE_URL: line.url, ROLE: role }));
    const url = await child.url;
    line.freeze();
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    const asked = fetch(`${url}/api/v1/finetunings/${'0'.repeat(24)}/cancel`, { method: 'POST' }).catch(() => null);
    child.process.kill('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    await asked;
  });

  test('ends it with 0 though somebody holds what a cancel needs', async () => {
    await using resources = new AsyncDisposableStack();
    const env = await onPostgres(resources);
    const child = resources.use(startChild(env));
    const url = await child.url;
    const holder = new Client({ connectionString: env['DATABASE_URL'] });
    await holder.connect();
    resources.defer(() => holder.end());
    await holder.query('BEGIN; LOCK TABLE finetunings');
    const asked = fetch(`${url}/api/v1/finetunings/${'0'.repeat(24)}/cancel`, {
      method: 'POST',
      headers: { prefer: 'wait=60' },
    }).catch(() => null);
    const waiting =
      "SELECT FROM pg_stat_activity WHERE application_name = 'goldtune-stops' AND wait_event_type = 'Lock'";
    await until(async () => (await execute(env['DATABASE_URL'] ?? '', waiting)) > 0, 'the cancel waits for the lock');
    child.process.kill('SIGTERM');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    await asked;
  });
});

test('a Ctrl-C that arrives twice, because npm passes it on, ends it with 0 though half a request is open', async () => {
  await using resources = new AsyncDisposableStack();
  const child = resources.use(startChild(await onPostgres(resources)));
  const url = await child.url;
  using _socket = await client(Number(new URL(url).port), halfAPost.replace('/slow', '/api/v1/finetunings'));
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  child.process.kill('SIGINT');
  await until(() => child.printed().includes('stopping'), 'it has heard the first');
  child.process.kill('SIGINT');
  expect(await child.ended).toEqual({ code: 0, signal: null });
});

/** Starts faster than on the embedded database, where that is not what a test is about. */
async function onPostgres(resources: AsyncDisposableStack): Promise<Record<string, string>> {
  const directory = resources.use(await temporaryDirectory());
  const database = resources.use(await createDatabase());
  return { PORT: '0', DATA_DIR: directory.path, DATABASE_URL: database.url };
}
