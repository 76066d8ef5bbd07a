// Secrets are planted in every variable that takes one, all goes wrong that echoes them, and whatever comes out is searched.
import { writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createDatabase } from '../postgres/database.ts';
import { listening } from '../provider/listening.ts';
import { startProxy } from '../provider/proxy.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { until } from '../until.ts';
import { type Child, startChild } from './child.ts';

const secrets = {
  key: 'sk-proj-Qm7xT2vB9nL4kR8wZ1cY5',
  admin: 'adm-Jf3hG6dS0aP9oI2uE7tW4',
  proxy: 'prx-Vb5nM1qX8zC6lK3jH0gF2',
  database: 'dbp-Xc4vB7nM2kJ9hG5fD1sA8',
  webhook: 'whsec_UXc0dkI3bk0ya0o5aEc1ZkQxc0E4',
};

/** So few characters in a row already tell a part of it. */
const PART = 8;

function expectNoSecret(what: string, text: string): void {
  for (const [name, secret] of Object.entries(secrets)) {
    const told = [
      secret,
      Buffer.from(secret).toString('base64').slice(0, -3),
      Buffer.from(`me:${secret}`).toString('base64'),
    ]
      .flatMap((form) => Array.from({ length: form.length - PART + 1 }, (_, at) => form.slice(at, at + PART)))
      .filter((part) => text.includes(part));
    expect({ what, name, told }).toEqual({ what, name, told: [] });
  }
}

/** Says in every place and manner what it was sent, first as failures of all kinds and then as success. */
function echoing(): RequestListener {
  let asked = 0;
  return (request, response) => {
    const sent = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const packed = Buffer.from(sent).toString('base64');
    const masked = `${sent.slice(0, 10)}***************${sent.slice(-6)}`;
    const message = `Incorrect API key provided: ${sent} (${masked}, Basic ${packed}, ?key=${encodeURIComponent(sent)})`;
    const say = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', 'x-request-id': sent, ...headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
    const list = { object: 'list', data: [], has_more: false };
    const job = {
      id: `ftjob-${asked}`,
      status: sent,
      training_file: 'file-1',
      fine_tuned_model: null,
      error: { code: masked, message },
      metadata: {},
    };
    switch (asked++ % 9) {
      case 0:
        return say(500, `<html>${message}</html>`, { 'content-type': 'text/html' });
      case 1:
        return say(401, { error: { message, type: sent, code: sent, param: sent } });
      case 2:
        return say(302, '', { location: `http://127.0.0.1:1/${sent}?key=${sent}` });
      case 3:
        return say(200, `{"broken": "${sent}`);
      case 4:
        return say(200, { id: 7, object: message, data: message });
      case 5:
        return say(403, { error: { message } });
      case 6:
        return request.socket.destroy();
      default:
        if (request.method === 'GET' && /jobs$|files\?|jobs\?/.test(request.url ?? '')) return say(200, list);
        return say(200, request.url?.includes('files') ? { id: 'file-1', filename: sent } : job);
    }
  };
}

async function allRows(url: string): Promise<string> {
  const client = new Client(url);
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const names = z.array(z.object({ name: z.string() })).parse(rows);
    const found: unknown[] = [];
    for (const { name } of names)
      found.push(name, (await client.query(`SELECT to_json(t) AS row FROM ${name} t`)).rows);
    return JSON.stringify(found);
  } finally {
    await client.end();
  }
}

const asker = (url: string) => async (method: string, path: string, body?: unknown) => {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${secrets.admin}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
};

const idIn = (answer: string) => /"id":"(\w{24})"/.exec(answer)?.[1] ?? '';

async function stopped(child: Child): Promise<string> {
  child.process.kill('SIGTERM');
  await child.ended;
  return child.printed();
}

const ways = ['by OPENAI_API_KEY', 'by a variable that PROVIDERS_FILE names'] as const;

/** The environment that configures the provider, with its key, in that way. */
async function configured(
  way: (typeof ways)[number],
  address: string,
  directory: string,
): Promise<Record<string, string>> {
  if (way === 'by OPENAI_API_KEY')
    return {
      OPENAI_API_KEY: `${secrets.key}\n`,
      OPENAI_BASE_URL: address,
      OPENAI_PROJECT_ID: 'proj_1',
      OPENAI_WEBHOOK_SECRET: secrets.webhook,
    };
  const PROVIDERS_FILE = join(directory, 'providers.yaml');
  const KEY_OF_MINE_FILE = join(directory, 'key');
  const entry = `{ name: mine, kind: openai, address: '${address}', api_key_env: KEY_OF_MINE, webhook_secret_env: HOOKS, project: proj_1 }`;
  // Beside another, since what one of them is sent the other may not tell either.
  await writeFile(PROVIDERS_FILE, `providers: [${entry}, { name: rehearsal, kind: sandbox }]`);
  await writeFile(KEY_OF_MINE_FILE, `${secrets.key}\n`);
  return { PROVIDERS_FILE, KEY_OF_MINE_FILE, HOOKS: secrets.webhook };
}

test.each(ways)(
  'no secret, nor a part of one, is in a row, an event, the log or an answer, whatever echoes it: given %s',
  async (way) => {
    await using directory = await temporaryDirectory();
    await using database = await createDatabase();
    await using provider = await listening(echoing());
    await using between = await startProxy();
    const withPassword = new URL(database.url);
    withPassword.searchParams.set('password', secrets.database);
    await using child = startChild({
      PORT: '0',
      DATA_DIR: directory.path,
      DATABASE_URL: withPassword.href,
      ...(await configured(way, `http://provider.test:${provider.port}/v1`, directory.path)),
      HTTP_PROXY: between.addressFor(`me:${secrets.proxy}`),
      ADMIN_API_KEY: `${secrets.admin}\n`,
      LOG_LEVEL: 'trace',
      POLL_INTERVAL_MS: '20',
      SETTLE_WINDOW_MS: '100',
    });
    const ask = asker(await child.url);
    const answers: string[] = [];
    const connection = idIn(await ask('POST', '/api/v1/database-connections', { alias: 'library' }));
    const records = Array.from({ length: 10 }, (_, index) => ({
      prompt_text: `question ${index}`,
      sql: `SELECT ${index}`,
      db_connection_id: connection,
    }));
    answers.push(await ask('POST', '/api/v1/golden-sqls', records));
    const ids: string[] = [];
    for (let run = 0; run < 6; run++) {
      const created = await ask('POST', '/api/v1/finetunings', { db_connection_id: connection });
      answers.push(created);
      ids.push(idIn(created));
    }
    await until(() => provider.seen.length >= 18, 'the provider has answered in each manner twice');
    for (const id of ids) answers.push(await ask('POST', `/api/v1/finetunings/${id}/cancel`, {}));
    for (const id of ids) {
      answers.push(await ask('GET', `/api/v1/finetunings/${id}`), await ask('GET', `/api/v1/finetunings/${id}/events`));
      answers.push(await ask('GET', `/trpc/finetunings.get?input=${encodeURIComponent(JSON.stringify({ id }))}`));
    }
    for (const path of ['/', '/openapi.json', '/readyz', '/docs', '/api/v1/providers', '/api/v1/finetunings']) {
      answers.push(await ask('GET', path));
    }
    answers.push(await ask('POST', '/webhooks/openai', { signed_by: 'nobody' }));
    answers.push(await ask('GET', `/trpc/finetunings.get?input=${secrets.key.length}`));
    const rows = await allRows(database.url);
    const printed = await stopped(child);

    expect(between.tunnels.length).toBeGreaterThan(0);
    expect(provider.seen[0]?.headers.authorization).toBe(`Bearer ${secrets.key}`);
    // What was told is told all the same, but for the secrets.
    expect(rows).toContain('Incorrect API key provided: [secret]');
    expectNoSecret('rows', rows);
    expectNoSecret('printed', printed);
    expectNoSecret('answers', answers.join('\n'));
  },
);

test('a proxy that refuses and repeats what it was sent tells nobody', async () => {
  await using directory = await temporaryDirectory();
  await using database = await createDatabase();
  await using between = await startProxy(
    ({ authorization }) => `HTTP/1.1 407 ${authorization}\r\nX-Sent: ${authorization}\r\n\r\n${authorization}`,
  );
  await using child = startChild({
    PORT: '0',
    DATA_DIR: directory.path,
    DATABASE_URL: database.url,
    OPENAI_API_KEY: secrets.key,
    OPENAI_BASE_URL: 'http://provider.test/v1',
    OPENAI_ORG_ID: 'org-1',
    HTTP_PROXY: between.addressFor(`me:${secrets.proxy}`),
    LOG_LEVEL: 'trace',
    POLL_INTERVAL_MS: '20',
  });
  const ask = asker(await child.url);
  const connection = idIn(await ask('POST', '/api/v1/database-connections', { alias: 'library' }));
  const records = Array.from({ length: 10 }, (_, index) => ({
    prompt_text: `question ${index}`,
    sql: `SELECT ${index}`,
    db_connection_id: connection,
  }));
  await ask('POST', '/api/v1/golden-sqls', records);
  const id = idIn(await ask('POST', '/api/v1/finetunings', { db_connection_id: connection }));
  const events = await until(async () => {
    const told = await ask('GET', `/api/v1/finetunings/${id}/events`);
    return told.includes('upload_unknown') ? told : null;
  }, 'an upload failed');
  expect(between.tunnels.length).toBeGreaterThan(0);
  expectNoSecret('events', events);
  expectNoSecret('rows', await allRows(database.url));
  expectNoSecret('printed', await stopped(child));
});

test.each([
  ['cannot be reached', `postgres://me:${secrets.database}@127.0.0.1:1/none`],
  ['is no address', `postgres://me:${secrets.database}@host:port/none`],
  ['is of another kind', `mysql://me:${secrets.database}@127.0.0.1/none`],
  ['has a line break', `postgres://me:${secrets.database}\n@127.0.0.1/none`],
])(
  'a start that fails since DATABASE_URL %s names it in one line and shows no password',
  async (_why, DATABASE_URL) => {
    await using directory = await temporaryDirectory();
    await using child = startChild({ PORT: '0', DATA_DIR: directory.path, DATABASE_URL, LOG_LEVEL: 'silent' });
    expect(await child.ended).toEqual({ code: 1, signal: null });
    expect(child.printed().trim().split('\n')).toHaveLength(1);
    expect(child.printed()).toContain('DATABASE_URL');
    expectNoSecret('printed', child.printed());
  },
);

test('a key that was put into another variable is not shown there either', async () => {
  await using directory = await temporaryDirectory();
  const env = { OPENAI_API_KEY: secrets.key, DEFAULT_MODEL: secrets.key, ADMIN_API_KEY: secrets.admin };
  await using child = startChild({ PORT: '0', DATA_DIR: directory.path, ...env });
  expect(await child.ended).toEqual({ code: 1, signal: null });
  expect(child.printed()).toContain('DEFAULT_MODEL');
  expectNoSecret('printed', child.printed());
});

test('what clients of the original service send of their database is in no row, event, log or answer, whatever goes wrong', async () => {
  await using directory = await temporaryDirectory();
  await using database = await createDatabase();
  await using child = startChild({
    PORT: '0',
    DATA_DIR: directory.path,
    DATABASE_URL: database.url,
    ADMIN_API_KEY: secrets.admin,
    LOG_LEVEL: 'trace',
  });
  const ask = asker(await child.url);
  const path = '/api/v1/database-connections';
  const sent = {
    alias: 'library',
    connection_uri: `postgresql://me:${secrets.database}@db.internal/library`,
    llm_api_key: secrets.key,
    ssh_settings: { host: 'bastion', username: 'me', password: secrets.proxy },
    bigquery_credential_file_content: { private_key: secrets.key },
  };
  const created = await ask('POST', path, sent);
  const id = idIn(created);
  const answers = [created, await ask('PUT', `${path}/${id}`, sent)];
  for (const answer of answers) expect(answer).toMatch(/^20[01] .*llm_api_key was ignored/);
  // Misspelt, of another form, and in another place.
  const { connection_uri, ...rest } = sent;
  answers.push(await ask('POST', path, { ...rest, conection_uri: connection_uri }));
  answers.push(await ask('POST', path, { ...sent, metadata: { llm_api_key: [secrets.key] } }));
  answers.push(await ask('POST', '/trpc/dbConnections.create', sent));
  answers.push(await ask('POST', `/api/v1/finetunings/${id}/cancel`, sent));
  answers.push(await ask('DELETE', `/api/v1/finetunings/${id}`, sent));
  expect(answers.slice(2).map((answer) => answer.slice(0, 3))).toEqual(['422', '422', '422', '404', '404']);

  const client = new Client(database.url);
  await client.connect();
  await client.query('ALTER TABLE db_connections RENAME TO elsewhere');
  answers.push(await ask('POST', path, sent));
  await client.query('ALTER TABLE elsewhere RENAME TO db_connections');
  await client.end();
  expect(answers.at(-1)).toMatch(/^500 /);
  await stopped(child);
  expect(child.printed()).toContain('a request failed');
  expectNoSecret('the log', child.printed());
  expectNoSecret('the rows', await allRows(database.url));
  for (const [index, answer] of answers.entries()) expectNoSecret(`answer ${index}`, answer);
});

test('a key of goldtune, or the secret of a webhook, that somebody puts into the wrong place is in no line of the log', async () => {
  await using directory = await temporaryDirectory();
  await using database = await createDatabase();
  await using child = startChild({
    PORT: '0',
    DATA_DIR: directory.path,
    DATABASE_URL: database.url,
    ADMIN_API_KEY: secrets.admin,
    WEBHOOK_PRIVATE_ADDRESSES: 'allow',
    LOG_LEVEL: 'trace',
  });
  const url = await child.url;
  const ask = asker(url);
  const key = /"key":"([^"]+)"/.exec(await ask('POST', '/api/v1/keys', { name: 'x', scopes: ['read'] }))?.[1] ?? '';
  const endpoint = { url: 'https://localhost:1/' };
  const secret = /"secret":"([^"]+)"/.exec(await ask('POST', '/api/v1/webhook-endpoints', endpoint))?.[1] ?? '';
  const statuses: string[] = [];
  for (const misplaced of [key, secret]) {
    const inPath = encodeURIComponent(misplaced);
    for (const [method, path, body] of [
      ['GET', `/api/v1/finetunings?api_key=${inPath}`],
      ['GET', `/api/v1/finetunings/${inPath}`],
      ['GET', `/${inPath}`],
      ['GET', `/docs/${'x'.repeat(260)}${inPath}`],
      ['DELETE', `/api/v1/keys/${inPath}`],
      ['POST', `/api/v1/finetunings/${inPath}/cancel`, { reason: misplaced, [misplaced]: misplaced }],
      ['POST', '/api/v1/database-connections', { alias: misplaced, dialect: misplaced, [misplaced]: 1 }],
      ['POST', '/api/v1/database-connections', { alias: misplaced, schema_sql: misplaced }],
      ['GET', `/trpc/${inPath}`],
      ['GET', `/trpc/finetunings.get?input=${encodeURIComponent(JSON.stringify({ id: misplaced }))}`],
      ['POST', `/webhooks/openai?${inPath}`, misplaced],
    ] as const) {
      statuses.push((await ask(method, path, body)).slice(0, 3));
    }
    for (const header of ['x-api-key', 'cookie', 'origin', 'idempotency-key', 'prefer', 'content-encoding', 'accept']) {
      const headers = { 'content-type': 'application/json', [header]: misplaced };
      await fetch(`${url}/api/v1/finetunings`, { method: 'POST', headers, body: '{}' });
      await fetch(`${url}/trpc/finetunings.create`, { method: 'POST', headers, body: '{}' });
    }
  }
  expect(statuses).toContain('201');
  expect(statuses.some((status) => status.startsWith('5'))).toBe(false);
  const printed = await stopped(child);
  expect(printed).toContain('/api/v1/finetunings/[secret]');
  for (const text of [key, secret]) {
    expect(text.length).toBeGreaterThan(40);
    const told = Array.from({ length: text.length - 16 - PART }, (_, at) => text.slice(16 + at, 16 + at + PART));
    expect(told.filter((part) => printed.includes(part))).toEqual([]);
  }
});
