// Limits over HTTP: whoever asks for too much is told what the limit is and when to come back, and stops runs all the same.
import { expect, test } from 'vitest';
import { createClient, isGoldtuneError } from '../../client/src/index.ts';
import { startApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const ADMIN_API_KEY = 'a-secret-of-the-test';
const MOST = 60;
const MOST_STOPS = 600;
const limits = { RATE_LIMIT_PER_MINUTE: String(MOST), STOP_LIMIT_PER_MINUTE: String(MOST_STOPS) };
const refusal = {
  status: 429,
  body: {
    detail:
      '"local" may make 60 calls a minute, and has 0 left; there are more in 42 s. Cancels and deletes have a limit of their own.',
  },
};

/** Each time that it is looked at it is the next minute, until it stands at 18 seconds of one. */
function minutes() {
  const time = { ms: Date.parse('2026-06-01T00:00:18.000Z'), stands: false };
  return {
    countedBy: () => {
      if (!time.stands) time.ms += 60_000;
      return new Date(time.ms).toISOString();
    },
    stand: () => {
      time.ms += 60_000;
      time.stands = true;
    },
    next: () => {
      time.ms += 60_000;
    },
  };
}

async function limitedWorld(env: Record<string, string> = {}) {
  const time = minutes();
  const world = await startWorld({ env: { ...limits, ...env }, countedBy: time.countedBy });
  return Object.assign(world, { time });
}

const poll = (world: World) => world.request('GET', '/api/v1/finetunings');
const headersOf = ({ headers }: { headers: Headers }) =>
  ['ratelimit-policy', 'ratelimit', 'retry-after'].map((name) => headers.get(name));

async function pollTooMuch(world: World): Promise<void> {
  const answers = await Promise.all(Array.from({ length: MOST }, () => poll(world)));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
}

test('a dashboard that polls too much is refused with what the limit is and when to come back, and its cancel goes through', async () => {
  await using world = await limitedWorld();
  const run = await world.createIn('running');
  world.time.stand();
  expect(headersOf(await poll(world))).toEqual(['"calls";q=60;w=60', '"calls";r=59;t=42', null]);
  await Promise.all(Array.from({ length: MOST - 1 }, () => poll(world)));

  const refused = await poll(world);
  expect(refused).toMatchObject(refusal);
  expect(headersOf(refused)).toEqual(['"calls";q=60;w=60', '"calls";r=0;t=42', '42']);
  const overTrpc = await world.request('GET', '/trpc/finetunings.list');
  expect(overTrpc).toMatchObject({
    status: 429,
    body: { error: { message: refusal.body.detail, data: { code: 'TOO_MANY_REQUESTS', reason: 'rate_limited' } } },
  });
  expect(headersOf(overTrpc)).toEqual(headersOf(refused));

  const cancelled = await world.cancel(run.id);
  expect(bodyOf(cancelled, 200)).toMatchObject({ status: 'cancelled', cancellation: { state: 'confirmed' } });
  expect(headersOf(cancelled)).toEqual(['"stops";q=600;w=60', '"stops";r=599;t=42', null]);
  expect((await world.request('DELETE', `/api/v1/finetunings/${run.id}`)).status).toBe(200);
  expect((await world.request('GET', '/readyz')).status).toBe(200);

  // Nothing of it is left in the next minute.
  world.time.next();
  expect(await poll(world)).toMatchObject({ status: 200 });
});

test('a batch counts by its calls, and a cancel in one is carried out beside what is refused', async () => {
  await using world = await limitedWorld();
  const run = await world.createIn('running');
  world.time.stand();
  const batch = (method: string, procedures: readonly string[], input: unknown) =>
    method === 'GET'
      ? world.request(method, `/trpc/${procedures.join()}?batch=1&input=${encodeURIComponent(JSON.stringify(input))}`)
      : world.request(method, `/trpc/${procedures.join()}?batch=1`, input);
  const lists = Array.from({ length: 50 }, () => 'finetunings.list');
  const first = await batch('GET', lists, {});
  expect([first.status, first.headers.get('ratelimit')]).toEqual([200, '"calls";r=10;t=42']);
  const second = await batch('GET', lists, {});
  expect([second.status, headersOf(second)]).toEqual([429, ['"calls";q=60;w=60', '"calls";r=10;t=42', '42']]);
  // What was refused was not counted.
  expect((await batch('GET', lists.slice(0, 10), {})).headers.get('ratelimit')).toBe('"calls";r=0;t=42');

  const mixed = await batch('POST', ['dbConnections.create', 'finetunings.cancel'], {
    0: { alias: 'too much' },
    1: { id: run.id },
  });
  expect(mixed.body).toMatchObject([
    { error: { data: { reason: 'rate_limited', httpStatus: 429 } } },
    { result: { data: { id: run.id, status: 'cancelled' } } },
  ]);
  expect(headersOf(mixed)).toEqual([
    '"calls";q=60;w=60, "stops";q=600;w=60',
    '"calls";r=0;t=42, "stops";r=599;t=42',
    '42',
  ]);
});

test('the typed client tells a refusal as what it is, at once, and cancels', async () => {
  await using world = await limitedWorld();
  const run = await world.createIn('running');
  world.time.stand();
  await pollTooMuch(world);
  const sent: string[] = [];
  const goldtune = createClient({
    url: world.app.url ?? '',
    fetch: (input, init) => {
      sent.push(String(input));
      return fetch(input, init);
    },
  });
  const error: unknown = await goldtune.finetunings.create
    .mutate({ db_connection_id: run.db_connection_id })
    .catch((thrown: unknown) => thrown);
  expect(isGoldtuneError(error) && error.data.reason).toBe('rate_limited');
  expect(Object(error).message).toBe(refusal.body.detail);
  expect(sent).toHaveLength(1);
  expect(await goldtune.cancelAndWait(run.id)).toMatchObject({ state: 'confirmed' });
});

test('made-up keys are refused before the database is asked, whoever has the right one is let in', async () => {
  await using world = await limitedWorld({ ADMIN_API_KEY });
  world.time.stand();
  const madeUp = (index: number) => ({ authorization: `Bearer made-up-${index}` });
  const answers = [];
  for (let index = 0; index < 100; index++) {
    answers.push(await world.request('GET', '/api/v1/finetunings', undefined, madeUp(index)));
  }
  expect(answers.map(({ status }) => status)).toEqual(answers.map((_, index) => (index < 60 ? 401 : 429)));
  const [refused] = answers.slice(-1);
  expect(refused?.body).toEqual({
    detail: 'From this address came 60 wrong API keys within a minute; others are looked up again in 42 s.',
  });
  expect(refused && headersOf(refused)).toEqual(['"guesses";q=60;w=60', '"guesses";r=0;t=42', '42']);
  const admin = { authorization: `Bearer ${ADMIN_API_KEY}` };
  expect((await world.request('GET', '/api/v1/finetunings', undefined, admin)).status).toBe(200);
});

test('who guesses keys through a proxy that is trusted spends no guesses of others behind it, and none by a made-up address', async () => {
  await using world = await limitedWorld({ ADMIN_API_KEY, TRUSTED_PROXIES: '127.0.0.0/8' });
  world.time.stand();
  const guess = (forwarded: string) =>
    world.request('GET', '/api/v1/finetunings', undefined, {
      authorization: 'Bearer made-up',
      'x-forwarded-for': forwarded,
    });
  for (let index = 0; index < 60; index++) {
    expect((await guess(`198.51.100.${index}, 203.0.113.9`)).status).toBe(401);
  }
  expect((await guess('198.51.100.99, 203.0.113.9')).status).toBe(429);
  expect((await guess('203.0.113.10')).status).toBe(401);
});

test('nobody is believed to come from elsewhere unless it is a proxy that is trusted', async () => {
  await using world = await limitedWorld({ ADMIN_API_KEY, TRUSTED_PROXIES: '10.0.0.7' });
  world.time.stand();
  const answers = [];
  for (let index = 0; index < 61; index++) {
    const headers = { authorization: 'Bearer made-up', 'x-forwarded-for': `203.0.113.${index}` };
    answers.push((await world.request('GET', '/api/v1/finetunings', undefined, headers)).status);
  }
  expect(answers.at(-1)).toBe(429);
});

test('one caller has no more streams open than one may have; a cancel of theirs goes through', async () => {
  await using world = await limitedWorld({ MAX_STREAMS_PER_KEY: '1' });
  const run = await world.createIn('running');
  world.time.stand();
  const leaving = new AbortController();
  const path = `/api/v1/finetunings/${run.id}/events`;
  const open = { headers: { accept: 'text/event-stream' }, signal: leaving.signal };
  expect((await fetch(`${world.app.url}${path}`, open)).status).toBe(200);
  const refused = await world.request('GET', path, undefined, open.headers);
  expect(refused).toMatchObject({
    status: 429,
    body: {
      detail:
        '"local" may have 1 stream of events open at once, and has as many; close one and come back in 5 s, or ask for the events without a stream.',
    },
  });
  expect(headersOf(refused)).toEqual([
    '"streams";q=1;qu="concurrent-requests", "calls";q=60;w=60',
    '"streams";r=0;t=5, "calls";r=58;t=42',
    '5',
  ]);
  expect((await world.request('GET', path)).status).toBe(200);
  expect((await world.cancel(run.id)).status).toBe(200);
  leaving.abort();
});

test.runIf(process.env['TEST_DATABASE'] === 'postgres')('two processes on one Postgres share the limit', async () => {
  await using world = await limitedWorld({ RATE_LIMIT_PER_MINUTE: '6000' });
  const log = { info() {}, warn() {}, error() {} };
  await using other = await startApp(readConfig({ ...world.env, ROLE: 'web' }), {
    log,
    version: 'test',
    countedBy: world.time.countedBy,
  });
  world.time.stand();
  const batch = `/trpc/${Array.from({ length: 50 }, () => 'providers.nothing').join()}?batch=1`;
  for (let sent = 0; sent < 120; sent++) await world.request('GET', batch);
  expect(await poll(world)).toMatchObject({ status: 429 });
  let asked = 0;
  await world.until(async () => {
    asked += 1;
    return (await fetch(`${other.url}/api/v1/heartbeat`)).status === 429;
  }, 'the other process knows');
  expect(asked).toBeLessThan(6000);
});

test('a batch whose address is written otherwise was counted as one stop, and served', async () => {
  await using world = await limitedWorld({});
  const batch = '/%74rpc/x,finetunings.list,finetunings.list,y/cancel?batch=1&input=%7B%7D';
  expect((await world.request('GET', batch)).status).toBe(404);
});
