// Time that was given is kept, whatever the server does: it accepts and never answers, or stops half-way.

import { QueryClient } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { describe, expect, test } from 'vitest';
import {
  type AppRouter,
  createClient,
  GoldtuneConnectionError,
  GoldtuneTimeout,
  isGoldtuneError,
} from '../../client/src/index.ts';
import { within } from '../deadline.ts';
import { until } from '../until.ts';
import { startWorld, type World } from '../world.ts';
import { acceptOnly, type Fate, type Stage, type Stalling, startStalling, thenOnce } from './stalling.ts';

const ID = 'a'.repeat(24);
/** Short, since it is always over. */
const SHORT_MS = 150;

const stages: Record<string, () => Promise<Stalling>> = { 'a connection and no more': acceptOnly };
for (const stage of ['nothing is answered', 'headers and no body', 'half of a body'] satisfies Stage[]) {
  stages[stage] = () => startStalling(() => stage);
}

const caught = (promise: Promise<unknown>, what = 'the call ends') =>
  within(
    promise.then(
      (value) => Promise.reject(new Error(`it was answered: ${JSON.stringify(value)}`)),
      (error: unknown) => error,
    ),
    what,
  );

const urlOf = (world: World) => world.app.url ?? '';

async function drain(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events);
}

describe.each(Object.entries(stages))('%s', (_, start) => {
  test('a call ends by the limit of its client, with a connection error that says where and why', async () => {
    await using server = await start();
    const error = await caught(createClient({ url: `${server.url}/`, timeout: SHORT_MS }).dbConnections.list.query());
    if (!(error instanceof GoldtuneConnectionError)) throw error;
    expect(error).toMatchObject({ name: 'GoldtuneConnectionError', address: server.url, status: null });
    expect(error.message).toBe(`goldtune at ${server.url} has not answered within 0.15 s`);
    expect(error.cause).toMatchObject({ name: 'TimeoutError' });
  });

  test('a call ends by a limit of its own, and a mutation says that it may have arrived', async () => {
    await using server = await start();
    const goldtune = createClient({ url: server.url });
    const options = { timeout: SHORT_MS };
    const messages = await Promise.all(
      [
        goldtune.finetunings.cancel.mutate({ id: ID, wait_ms: 60_000 }, options),
        goldtune.finetunings.delete.mutate({ id: ID }, options),
        goldtune.dbConnections.create.mutate({ alias: 'library' }, options),
        goldtune.finetunings.create.mutate({ db_connection_id: ID, idempotency_key: 'monday' }, options),
        goldtune.finetunings.list.query(undefined, options),
      ].map(async (call) => Object(await caught(call)).message),
    );
    const late = `goldtune at ${server.url} has not answered within 0.15 s`;
    expect(messages).toEqual([
      `${late}; it may have arrived, and can be sent again safely`,
      `${late}; it may have arrived, and can be sent again safely`,
      `${late}; it may have been added; look for it in the list before it is sent again`,
      `${late}; the run may have been started; sent again with the idempotency_key "monday", it is started once`,
      late,
    ]);
  });

  test('cancelAndWait, waitFor and watch end by their time, though they have not seen the run', async () => {
    await using server = await start();
    const goldtune = createClient({ url: server.url });
    const options = { timeout: SHORT_MS };
    const errors = await Promise.all(
      [goldtune.cancelAndWait(ID, options), goldtune.waitFor(ID, options), drain(goldtune.watch(ID, options))].map(
        (call) => caught(call),
      ),
    );
    const words = `no word of finetuning ${ID} in the time given: goldtune at ${server.url} has not answered`;
    const outcome = '; its cancel may have arrived, and can be sent again safely';
    expect(errors.map((error) => Object(error).message)).toEqual([`${words}${outcome}`, words, words]);
    for (const error of errors) {
      expect(error).toBeInstanceOf(GoldtuneTimeout);
      expect(error).toMatchObject({ id: ID, finetuning: null });
    }
  });

  test('a call that is given up rejects with the reason given, and leaves no connection behind', async () => {
    await using server = await start();
    const goldtune = createClient({ url: server.url });
    const controller = new AbortController();
    const { signal } = controller;
    const reason = new Error('enough');
    const calls = [
      goldtune.finetunings.list.query({}, { signal }),
      goldtune.finetunings.cancel.mutate({ id: ID }, { signal }),
      goldtune.cancelAndWait(ID, { signal }),
      goldtune.waitFor(ID, { signal }),
      drain(goldtune.watch(ID, { signal })),
    ].map((call) => caught(call));
    controller.abort(reason);
    for (const error of await Promise.all(calls)) expect(error).toBe(reason);
    await until(() => server.connections === 0, 'no connection is left open');
    expect(await caught(goldtune.finetunings.list.query({}, { signal }))).toBe(reason);
  });

  test('an adapter of tRPC gets the same errors, and gives a limit as context', async () => {
    await using server = await start();
    const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    const trpc = createTRPCOptionsProxy<AppRouter>({ client: createClient({ url: server.url }), queryClient });
    const error = await caught(
      queryClient.fetchQuery(
        trpc.finetunings.get.queryOptions({ id: ID }, { trpc: { context: { timeout: SHORT_MS } } }),
      ),
    );
    expect(error).toBeInstanceOf(GoldtuneConnectionError);
    expect(error).toMatchObject({ address: server.url, message: expect.stringContaining('within 0.15 s') });
  });
});

test('what is asked of the server to wait comes on top of the limit of the client', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('jobs.cancel', { kind: 'status', status: 503 });
  const goldtune = createClient({ url: urlOf(world), timeout: 5000 });
  // Longer than the limit would be alone.
  const seen = await goldtune.finetunings.cancel.mutate({ id: run.id, wait_ms: 6000 });
  expect(seen).toMatchObject({ status: 'running', cancellation: { state: 'requested' } });
});

test('a cancel with little time is answered within it, though the server would wait for longer', async () => {
  // Two minutes.
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('jobs.cancel', { kind: 'status', status: 503 });
  const goldtune = createClient({ url: urlOf(world) });
  const seen = await goldtune.finetunings.cancel.mutate({ id: run.id }, { timeout: 8000 });
  expect(seen).toMatchObject({ status: 'running', cancellation: { state: 'requested' } });
});

test('a cancel by a client with its usual limit failed, since the server waited for longer than that', async () => {
  // Two minutes.
  await using world = await startWorld();
  const [one, other] = [await world.createIn('running'), await world.createIn('running')];
  world.faults.always('jobs.cancel', { kind: 'status', status: 503 });
  const { finetunings } = createClient({ url: urlOf(world) });
  const requested = { status: 'running', cancellation: { state: 'requested' } };
  expect(
    await Promise.all([
      finetunings.cancel.mutate({ id: one.id }),
      finetunings.cancelMany.mutate({ ids: [other.id] }),
      finetunings.delete.mutate({ id: one.id }),
    ]),
  ).toMatchObject([requested, [{ finetuning: requested, error: null }], { forgotten: false }]);
});

test('a create that got no answer is started once when it is sent again with the key that the error names', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  await using server = await startStalling(() => 'done and not answered', urlOf(world));
  const input = { db_connection_id: connection.id };
  const lost = createClient({ url: server.url }).finetunings.create.mutate(input, { timeout: 3000 });
  const { message, idempotencyKey: idempotency_key } = Object(await caught(lost));
  expect(message).toContain(`idempotency_key "${idempotency_key}"`);
  const run = await createClient({ url: urlOf(world) }).finetunings.create.mutate({ ...input, idempotency_key });
  expect((await world.trpc.finetunings.list.query({})).map(({ id }) => id)).toEqual([run.id]);
});

const mayHaveStarted = (key: string) =>
  `; the run may have been started; sent again with the idempotency_key "${key}", it is started once`;

test.each<Fate>(['cut off', 'a page of a proxy'])(
  'a create that may have arrived (%s) was told as refused, since nobody listened later on',
  async (fate) => {
    const { url, ...server } = await startStalling(() => fate);
    const goldtune = createClient({ url, fetch: thenOnce(() => server[Symbol.asyncDispose]()) });
    const error = await caught(goldtune.finetunings.create.mutate({ db_connection_id: ID, idempotency_key: 'monday' }));
    if (!(error instanceof GoldtuneConnectionError)) throw error;
    expect(error.message).toBe(`cannot reach goldtune at ${url}: connection refused${mayHaveStarted('monday')}`);
    expect(error).toMatchObject({ mayHaveArrived: true, idempotencyKey: 'monday' });
  },
);

test('a create that waited for an answer at its limit was told as refused, since nobody listened before', async () => {
  const { url, ...gone } = await acceptOnly();
  await gone[Symbol.asyncDispose]();
  await using resources = new AsyncDisposableStack();
  const listen = async () =>
    resources.use(await startStalling(() => 'nothing is answered', '', Number(new URL(url).port)));
  const goldtune = createClient({ url, fetch: thenOnce(listen) });
  const input = { db_connection_id: ID, idempotency_key: 'monday' };
  const error = await caught(goldtune.finetunings.create.mutate(input, { timeout: 4000 }));
  if (!(error instanceof GoldtuneConnectionError)) throw error;
  expect(error.message).toBe(`goldtune at ${url} has not answered within 4 s${mayHaveStarted('monday')}`);
  expect(error).toMatchObject({ mayHaveArrived: true, idempotencyKey: 'monday', cause: { name: 'TimeoutError' } });
});

test('a create that was never received names no key: nothing was started', async () => {
  const { url, ...server } = await acceptOnly();
  await server[Symbol.asyncDispose]();
  const error = await caught(createClient({ url }).finetunings.create.mutate({ db_connection_id: ID }));
  expect(error).toMatchObject({
    message: `cannot reach goldtune at ${url}: connection refused`,
    mayHaveArrived: false,
    idempotencyKey: null,
  });
});

test('a create that goldtune had stored, and then said to be unavailable, was started twice when sent again', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  await using server = await startStalling(() => 'done and said to be unavailable', urlOf(world));
  const input = { db_connection_id: connection.id };
  const error = await caught(createClient({ url: server.url }).finetunings.create.mutate(input));
  if (!isGoldtuneError(error)) throw error;
  const { idempotencyKey: idempotency_key = '' } = error;
  expect(error.message).toBe(`The server is shutting down${mayHaveStarted(idempotency_key)}.`);
  const run = await createClient({ url: urlOf(world) }).finetunings.create.mutate({ ...input, idempotency_key });
  expect((await world.trpc.finetunings.list.query({})).map(({ id }) => id)).toEqual([run.id]);
});

test('cancelAndWait whose goldtune fell silent shows the run as it was last seen', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('*', { kind: 'status', status: 503 });
  let cancels = 0;
  await using server = await startStalling(() => {
    cancels += 1;
    return cancels === 1 ? 'answered' : 'nothing is answered';
  }, urlOf(world));
  const error = await caught(createClient({ url: server.url }).cancelAndWait(run.id, { timeout: 6000 }));
  if (!(error instanceof GoldtuneTimeout)) throw error;
  expect(error).toMatchObject({ id: run.id, finetuning: { id: run.id, cancellation: { state: 'requested' } } });
  expect(error.message).toContain('its cancel is stored and goes on');
  expect(cancels).toBe(2);
});

test('tries live within the limit, and the error says what they met', async () => {
  const { url, ...server } = await acceptOnly();
  await server[Symbol.asyncDispose]();
  const goldtune = createClient({ url });
  const [hurried, patient] = await Promise.all([
    caught(goldtune.finetunings.cancel.mutate({ id: ID }, { timeout: 100 })),
    caught(goldtune.finetunings.cancel.mutate({ id: ID })),
  ]);
  // Refused, it has not arrived.
  for (const error of [hurried, patient]) {
    expect(error).toMatchObject({ message: `cannot reach goldtune at ${url}: connection refused`, status: null });
  }
});

test('a wait that never reached goldtune says why', async () => {
  const { url, ...server } = await acceptOnly();
  await server[Symbol.asyncDispose]();
  const goldtune = createClient({ url });
  const options = { timeout: SHORT_MS };
  const errors = await Promise.all(
    [goldtune.cancelAndWait(ID, options), goldtune.waitFor(ID, options), drain(goldtune.watch(ID, options))].map(
      (call) => caught(call),
    ),
  );
  const refused = `cannot reach goldtune at ${url}: connection refused`;
  for (const error of errors) {
    if (!(error instanceof GoldtuneTimeout)) throw error;
    expect(error.message).toContain(`no word of finetuning ${ID} in the time given: ${refused}`);
    expect(error.cause).toMatchObject({ message: refused });
  }
});

test('cancelAndWait without a time gives up on a goldtune that is out of reach for too long', async () => {
  const { url, ...server } = await acceptOnly();
  await server[Symbol.asyncDispose]();
  const error = await caught(createClient({ url }).cancelAndWait(ID, { outage: 0 }));
  expect(error).toBeInstanceOf(GoldtuneConnectionError);
});

test.each([
  [502, 'text/html', 'goldtune at URL is unavailable: HTTP 502; it may have arrived, and can be sent again safely'],
  [404, 'text/html', 'what answers at URL is not goldtune (HTTP 404)'],
  [200, 'text/html', 'what answers at URL is not goldtune (HTTP 200)'],
  [200, 'application/json', 'what answers at URL is not goldtune (HTTP 200)'],
])('%i %s, which is no answer of goldtune’s, is told by its status', async (status, type, words) => {
  const answer = async () =>
    new Response(type === 'text/html' ? '<p>' : '{}', { status, headers: { 'content-type': type } });
  const url = 'http://goldtune.example/at';
  const error = await caught(createClient({ url, fetch: answer }).finetunings.update.mutate({ id: ID, alias: 'x' }));
  if (!(error instanceof GoldtuneConnectionError)) throw error;
  expect(error).toMatchObject({ status, message: words.replace('URL', url) });
});

test('a fetch of one’s own that heeds no signal is left behind', async () => {
  const goldtune = createClient({ url: 'http://goldtune.example', fetch: () => new Promise(() => {}) });
  expect(await caught(goldtune.finetunings.list.query({}, { timeout: SHORT_MS }))).toBeInstanceOf(
    GoldtuneConnectionError,
  );
  const reason = new Error('enough');
  const given = { signal: AbortSignal.abort(reason) };
  expect(await caught(goldtune.finetunings.list.query({}, given))).toBe(reason);
});

test.each([
  [undefined, 'must be an http:// or https:// address, such as http://127.0.0.1:8080'],
  ['', 'must be an http:// or https:// address'],
  ['localhost:8080', 'must be an http:// or https:// address'],
  ['/goldtune', 'must be an http:// or https:// address'],
  ['ftp://127.0.0.1', 'must be an http:// or https:// address'],
  ['http://me:secret@127.0.0.1:8080', 'must not hold a password'],
  ['http://127.0.0.1:8080/?key=secret', 'must end with its host or path'],
])('a wrong url (%s) throws at once, and is not repeated', (url, words) => {
  const thrown = (() => {
    try {
      return createClient(Object({ url }));
    } catch (error) {
      return error;
    }
  })();
  if (!(thrown instanceof TypeError)) throw new Error('it does not throw a TypeError');
  expect(thrown.message.startsWith(`url ${words}`)).toBe(true);
  expect(thrown.message).not.toContain('secret');
});

test('a time that is none is refused with what to give', async () => {
  const url = 'http://127.0.0.1:9';
  expect(() => createClient({ url, timeout: Number.NaN })).toThrow(/^timeout must be a number of milliseconds/);
  const goldtune = createClient({ url });
  for (const call of [
    goldtune.finetunings.list.query({}, { timeout: -1 }),
    goldtune.cancelAndWait(ID, { timeout: Number.NaN }),
    goldtune.waitFor(ID, { timeout: -5 }),
  ]) {
    expect(await caught(call)).toEqual(new TypeError('timeout must be a number of milliseconds, such as 30000'));
  }
});
