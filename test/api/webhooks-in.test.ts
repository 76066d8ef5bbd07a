// Webhooks of OpenAI: what is signed has the run of a job looked at sooner, and nothing that anybody sends does more than that.
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { events, finetunings, providerCalls } from '../../drizzle/schema.ts';
import { mountWebhooks } from '../../server/http/webhooks.ts';
import { startSandbox } from '../../server/provider/sandbox/server.ts';
import { expectSafe } from '../picture.ts';
import { startWorld, type World } from '../world.ts';

const secretOf = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const SECRET = secretOf('what OpenAI and this test know');
const PATH = '/webhooks/openai';
/** Nothing is looked at by itself while a test lasts. */
const env = { OPENAI_WEBHOOK_SECRET: SECRET, POLL_INTERVAL_MS: '86400000' };
const quiet = { info() {}, warn() {}, error() {} };

const told = (job: string, type = 'fine_tuning.job.succeeded', more: object = {}) =>
  JSON.stringify({
    id: `evt_${randomUUID()}`,
    object: 'event',
    created_at: 1750287018,
    type,
    data: { id: job },
    ...more,
  });

type Signing = { secret?: string; id?: string; at?: number };

/** As Standard Webhooks has them. */
function signed(body: string, { secret = SECRET, id = `wh_${randomUUID()}`, at = Date.now() }: Signing = {}) {
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

const send = (world: World, body: string, signing: Signing = {}) =>
  world.request('POST', PATH, body, signed(body, signing));

/** A run whose job the provider goes on with. */
async function submitted(world: World) {
  const run = await world.create();
  const seen = await world.reached(run.id, ({ finetuning_job_id }) => finetuning_job_id !== null, 'submitted');
  await world.until(() => dueLater(world, run.id), 'it is put off');
  return { id: run.id, job: seen.finetuning_job_id ?? '' };
}

async function dueLater(world: World, id: string): Promise<boolean> {
  const [row] = await world.app.db.select().from(finetunings).where(eq(finetunings.id, id));
  return Date.parse(row?.due_at ?? '') > Date.now() + 3_600_000;
}

/** All that a hint could change, and all that the provider was asked. */
async function all(world: World) {
  const { db } = world.app;
  const [runs, told, calls] = [
    await db.select().from(finetunings),
    await db.select().from(events),
    await db.select().from(providerCalls),
  ];
  return { runs, told, calls, asked: world.faults.requests.map(({ operation }) => operation) };
}

const hintsOf = async (world: World, id: string) =>
  (await world.trpc.finetunings.events.query({ id })).filter(({ type }) => type === 'provider_hint');

/** The run is looked at once, as if nothing had been sent before. @param since so many requests had reached the provider */
async function expectHeard(
  world: World,
  { id, job }: { id: string; job: string },
  signing: Signing = {},
  since = world.faults.requests.length,
) {
  world.ledger.finishNow(job, 'succeeded');
  expect(await send(world, told(job), signing)).toMatchObject({ status: 200, body: { received: true } });
  await world.reached(id, ({ status }) => status === 'succeeded', 'succeeded');
  const asked = world.faults.requests.slice(since).map(({ operation }) => operation);
  expect(asked.filter((operation) => operation === 'jobs.retrieve')).toHaveLength(1);
  expect(await hintsOf(world, id)).toHaveLength(1);
}

test.each(['succeeded', 'failed'] as const)(
  'an end that OpenAI tells of is seen at once, and not before: %s',
  async (status) => {
    await using world = await startWorld({ env });
    const { id, job } = await submitted(world);
    const before = await all(world);
    world.ledger.finishNow(job, status);
    expect(await all(world)).toEqual(before);
    expect((await send(world, told(job, `fine_tuning.job.${status}`))).status).toBe(200);
    await world.reached(id, (seen) => seen.status === status, status);
  },
);

test('nothing that it says is believed: a job that goes on is looked at, and goes on', async () => {
  await using world = await startWorld({ env });
  const { id, job } = await submitted(world);
  const { length } = world.faults.requests;
  const { status } = await world.get(id);
  for (const end of ['succeeded', 'failed', 'cancelled']) {
    await send(world, told(job, `fine_tuning.job.${end}`, { status: end, fine_tuned_model: 'ft:believe-me' }));
    await world.until(() => dueLater(world, id), 'it was looked at');
  }
  expect(await world.get(id)).toMatchObject({ status, model_id: null, waiting: null });
  expect(world.faults.requests.slice(length).filter(({ operation }) => operation === 'jobs.retrieve')).toHaveLength(3);
});

test('one that comes while the job is being looked at has it looked at again', async () => {
  await using world = await startWorld({ env });
  const { id, job } = await submitted(world);
  const look = world.faults.hold('jobs.retrieve', 'after');
  await send(world, told(job));
  await look.reached;
  // What is on its way back shows the job as it was before this.
  world.ledger.finishNow(job, 'succeeded');
  await send(world, told(job));
  look.release();
  await world.reached(id, ({ status }) => status === 'succeeded', 'succeeded');
});

describe('what is not proven to be of OpenAI is refused, changes no row and asks nothing of the provider', () => {
  let world: World & AsyncDisposable;
  beforeAll(async () => {
    world = await startWorld({ env });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const body = (job: string) => told(job);
  const minutes = (count: number) => Date.now() + count * 60_000;
  const without = (name: string, body: string) => Object.entries(signed(body)).filter(([header]) => header !== name);

  test.each<[what: string, headers: (body: string) => Record<string, string>, reason: string]>([
    [
      'signed by another secret',
      (body) => signed(body, { secret: secretOf('what somebody guessed') }),
      'does not match',
    ],
    ['signed for another body', (body) => signed(`${body} `), 'does not match'],
    ['sent under another id', (body) => ({ ...signed(body), 'webhook-id': 'wh_other' }), 'does not match'],
    ['sent at another time', (body) => ({ ...signed(body), 'webhook-timestamp': '1750287078' }), 'too old'],
    ['old', (body) => signed(body, { at: minutes(-6) }), 'too old'],
    ['of the future', (body) => signed(body, { at: minutes(6) }), 'too new'],
    ['without a signature', (body) => Object.fromEntries(without('webhook-signature', body)), 'webhook-signature'],
    ['without an id', (body) => Object.fromEntries(without('webhook-id', body)), 'webhook-id'],
    ['without a time', (body) => Object.fromEntries(without('webhook-timestamp', body)), 'webhook-timestamp'],
    ['with an empty signature', (body) => ({ ...signed(body), 'webhook-signature': 'v1,' }), 'does not match'],
    ['with the API key alone', () => ({ authorization: 'Bearer sandbox' }), 'webhook-signature'],
  ])('%s', async (_what, headers, reason) => {
    const run = await submitted(world);
    const before = await all(world);
    const text = body(run.job);
    const answer = await world.request('POST', PATH, text, headers(text));
    expect(answer).toMatchObject({ status: 401, body: { detail: expect.stringContaining(reason) } });
    expect(JSON.stringify(answer.body)).not.toContain(SECRET.slice(6, 20));
    expect(await all(world)).toEqual(before);
    await expectHeard(world, run, {}, before.asked.length);
  });
});

test('the same one again changes nothing and asks nothing, at once, beside the first, and after a restart', async () => {
  await using world = await startWorld({ env });
  const { id, job } = await submitted(world);
  const [body, signing] = [told(job), { id: 'wh_the_same', at: Date.now() }];
  const first = await Promise.all([1, 2, 3].map(() => send(world, body, signing)));
  expect(first.map(({ status }) => status)).toEqual([200, 200, 200]);
  await world.until(() => dueLater(world, id), 'it was looked at');
  const before = await all(world);
  expect(await hintsOf(world, id)).toHaveLength(1);

  expect((await send(world, body, signing)).status).toBe(200);
  // As OpenAI sends it once more: at another time, and signed anew.
  expect((await send(world, body, { id: 'wh_the_same', at: Date.now() + 5000 })).status).toBe(200);
  expect(await all(world)).toEqual(before);
  await world.stop();
  await world.start();
  expect((await send(world, body, signing)).status).toBe(200);
  expect(await hintsOf(world, id)).toHaveLength(1);
  const { runs, told: timeline } = await all(world);
  expect({ runs, timeline }).toEqual({ runs: before.runs, timeline: before.told });
});

describe('what is of OpenAI and of no run that goes on is acknowledged, changes no row and asks nothing', () => {
  let world: World & AsyncDisposable;
  beforeAll(async () => {
    world = await startWorld({ env });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test.each<[what: string, body: (job: string) => string]>([
    ['another kind of event', (job) => told(job, 'batch.completed')],
    ['an answer', (job) => told(job, 'response.completed')],
    ['a kind that does not exist yet', (job) => told(job, 'fine_tuning.job.paused')],
    ['a job that nobody knows', () => told('ftjob-of-somebody-else')],
    ['an id that is none', () => JSON.stringify({ type: 'fine_tuning.job.succeeded', data: { id: 7 } })],
    ['the id of a run', () => told("' or true --")],
    ['an event without a job', () => JSON.stringify({ type: 'fine_tuning.job.succeeded' })],
    ['a list', (job) => `[${told(job)}]`],
    ['no JSON', () => 'ping'],
    ['nothing', () => ''],
  ])('%s', async (_what, body) => {
    const run = await submitted(world);
    const before = await all(world);
    expect(await send(world, body(run.job))).toMatchObject({ status: 200, body: { received: true } });
    expect(await all(world)).toEqual(before);
    await expectHeard(world, run, {}, before.asked.length);
  });

  test('a run that has ended', async () => {
    const run = await submitted(world);
    await expectHeard(world, run);
    const before = await all(world);
    expect((await send(world, told(run.job, 'fine_tuning.job.failed'))).status).toBe(200);
    expect(await all(world)).toEqual(before);
  });
});

test('what is larger than any webhook is refused, whether it says its size or not, and changes nothing', async () => {
  await using world = await startWorld({ env });
  const run = await submitted(world);
  const before = await all(world);
  const huge = told(run.job, 'fine_tuning.job.succeeded', { more: 'x'.repeat(100_000) });
  expect((await send(world, huge)).status).toBe(413);
  const sent = await fetch(`${world.app.url}${PATH}`, {
    method: 'POST',
    headers: signed(huge),
    body: new Blob([huge]).stream(),
    duplex: 'half',
  });
  expect([sent.status, await sent.json()]).toEqual([413, { detail: expect.stringContaining('64 kB') }]);
  expect(await all(world)).toEqual(before);
});

test('without a secret nothing is taken, and what to set is said', async () => {
  await using world = await startWorld({ env: { ...env, OPENAI_WEBHOOK_SECRET: '' } });
  const run = await submitted(world);
  const before = await all(world);
  const answer = await send(world, told(run.job));
  expect(answer).toMatchObject({ status: 404, body: { detail: expect.stringContaining('OPENAI_WEBHOOK_SECRET') } });
  expect(await all(world)).toEqual(before);
});

test('only POST is taken, and a slash at the end leads to the address without it', async () => {
  await using world = await startWorld({ env });
  const get = await world.request('GET', PATH);
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  const slash = await fetch(`${world.app.url}${PATH}/`, { method: 'POST', redirect: 'manual' });
  expect([slash.status, slash.headers.get('location')]).toEqual([307, '../openai']);
});

test.each([
  ['through a tunnel, where the API serves this machine alone', {}],
  ['without the API key, where the API needs one', { ADMIN_API_KEY: 'a-secret-of-the-test' }],
])('the signature lets it in: %s', async (_where, more) => {
  await using world = await startWorld({ env });
  const run = await submitted(world);
  await world.stop();
  Object.assign(world.env, more);
  await world.start();
  world.ledger.finishNow(run.job, 'succeeded');
  const body = told(run.job);
  const sent = request(`${world.app.url}${PATH}`, {
    method: 'POST',
    headers: { ...signed(body), host: 'goldtune.tunnel.example', origin: 'https://openai.example' },
  });
  sent.end(body);
  const [response]: IncomingMessage[] = await once(sent, 'response');
  response?.resume();
  expect(response?.statusCode).toBe(200);
  await world.until(
    async () => (await world.app.service.finetunings.get(run.id)).state.status === 'succeeded',
    'it has ended',
  );
});

test('while a secret is being changed, what is signed by either is taken, and of two signatures one is enough', async () => {
  const next = secretOf('what they will know');
  await using world = await startWorld({ env: { ...env, OPENAI_WEBHOOK_SECRET: `${next}\n${SECRET}\n` } });
  await expectHeard(world, await submitted(world), { secret: SECRET });
  await expectHeard(world, await submitted(world), { secret: next });
  const third = await submitted(world);
  world.ledger.finishNow(third.job, 'succeeded');
  const body = told(third.job);
  const headers = signed(body);
  const both = {
    ...headers,
    'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')} ${headers['webhook-signature']}`,
  };
  expect((await world.request('POST', PATH, body, both)).status).toBe(200);
  await world.reached(third.id, ({ status }) => status === 'succeeded', 'succeeded');
});

test('of several providers, each is heard about its own jobs alone', async () => {
  await using parts = new AsyncDisposableStack();
  const now = Date.now();
  const other = parts.use(await startSandbox({ ledgerPath: ':memory:', now: () => now }));
  const world = parts.use(await startWorld({ start: false }));
  const path = join(world.env['DATA_DIR'] ?? '', 'providers.yaml');
  const entry = (name: string, address: string, secret: string) =>
    `  - { name: ${name}, kind: openai, address: "${address}", api_key_env: KEY, webhook_secret_env: ${secret} }\n`;
  await writeFile(
    path,
    `providers:\n${entry('one', world.sandbox.url, 'OPENAI_WEBHOOK_SECRET')}${entry('other', other.url, 'OTHERS')}`,
  );
  const others = secretOf('what the other one knows');
  const set = { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', PROVIDERS_FILE: path, KEY: 'sandbox', OTHERS: others };
  Object.assign(world.env, env, set);
  await world.start();
  const run = await submitted(world);
  const before = await all(world);
  expect((await send(world, told(run.job), { secret: others })).status).toBe(200);
  expect(await all(world)).toEqual(before);
  await expectHeard(world, run, {}, before.asked.length);
  await expectSafe(world.app.db, world.ledger);
});

test('where the hint cannot be stored in time, OpenAI is asked to send it again', async () => {
  const app = new Hono();
  mountWebhooks(app, () => new Promise(() => {}), quiet, 1);
  const answer = await app.request(PATH, { method: 'POST', body: told('ftjob-1') });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
});
