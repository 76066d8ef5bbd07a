// What the client does beyond tRPC: waits for proof, tells errors apart, and sends again only what is safe to send again.
import { expect, test } from 'vitest';
import { type ClientOptions, createClient, GoldtuneTimeout, isGoldtuneError } from '../../client/src/index.ts';
import { until } from '../until.ts';
import { startWorld, type World } from '../world.ts';

type Fetch = NonNullable<ClientOptions['fetch']>;

const clientOf = (world: World, options: Partial<ClientOptions> = {}) =>
  createClient({ url: world.app.url ?? '', ...options });

/** Does each request, and loses the answers to the first so many for a path. */
function losing(count: number, path: string): Fetch & { sent: number } {
  const send = async (input: string | URL | Request, init?: RequestInit) => {
    const response = await fetch(input, init);
    if (!String(input instanceof Request ? input.url : input).includes(path)) return response;
    lossy.sent += 1;
    if (lossy.sent <= count) throw new TypeError('fetch failed');
    return response;
  };
  const lossy = Object.assign(send, { sent: 0 });
  return lossy;
}

const caught = (promise: Promise<unknown>) => promise.then(String, (error: unknown) => error);

test('cancelAndWait resolves with the receipt once the stop is proven, however long the provider is down', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('*', { kind: 'status', status: 503 });
  const waiting = clientOf(world).cancelAndWait(run.id, { reason: 'wrong schema' });
  await world.reached(run.id, (seen) => seen.cancellation?.state === 'requested', 'asked to stop');
  world.faults.clear();
  expect(await waiting).toMatchObject({
    state: 'confirmed',
    reason: 'wrong schema',
    evidence: 'provider_cancelled',
  });
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
});

test('cancelAndWait gives up after its time with the run as it is, and the cancel goes on', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('*', { kind: 'status', status: 503 });
  const error = await until(async () => {
    const timeUp = await caught(clientOf(world).cancelAndWait(run.id, { timeout: 300 }));
    if (!(timeUp instanceof GoldtuneTimeout)) throw timeUp;
    return timeUp.finetuning && timeUp;
  }, 'goldtune answers in time');
  expect(error.finetuning?.cancellation).toMatchObject({ state: 'requested' });
  expect(error.message).toContain('its cancel is stored and goes on');
  world.faults.clear();
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
});

test('cancelAndWait that is aborted stops waiting, not the cancel', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('*', { kind: 'status', status: 503 });
  const giveUp = new AbortController();
  const waiting = caught(clientOf(world).cancelAndWait(run.id, { signal: giveUp.signal }));
  await world.reached(run.id, (seen) => seen.cancellation?.state === 'requested', 'asked to stop');
  giveUp.abort();
  expect(await waiting).toBeInstanceOf(Error);
  world.faults.clear();
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
});

test('a cancel that comes too late fails with the code, the status and the finetuning', async () => {
  await using world = await startWorld();
  const run = await world.createIn('succeeded');
  const error = await caught(clientOf(world).cancelAndWait(run.id));
  if (!isGoldtuneError(error)) throw error;
  expect(error.data).toMatchObject({
    reason: 'already_succeeded',
    httpStatus: 409,
    code: 'CONFLICT',
    finetuning: { id: run.id, status: 'succeeded', cancellation: { state: 'too_late' } },
  });
  expect(error.message).toBe('Model has already succeeded. Cannot cancel.');
});

test('waitFor resolves with the run once it has ended, and not before', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const goldtune = clientOf(world);
  expect(await caught(goldtune.waitFor(run.id, { timeout: 200 }))).toBeInstanceOf(GoldtuneTimeout);
  const waiting = goldtune.waitFor(run.id);
  world.ledger.finishNow(run.finetuning_job_id ?? '', 'succeeded');
  const ended = await waiting;
  expect(ended).toMatchObject({ status: 'succeeded' });
  expect(ended.model_id).not.toBeNull();
});

test('a create whose answers are lost is sent again and starts one run', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const lossy = losing(2, 'finetunings.create');
  const run = await clientOf(world, { fetch: lossy }).finetunings.create.mutate({ db_connection_id: connection.id });
  expect(lossy.sent).toBe(3);
  expect((await world.trpc.finetunings.list.query({})).map(({ id }) => id)).toEqual([run.id]);
});

test('two creates with the same input start two runs: each has a key of its own', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const goldtune = clientOf(world);
  const first = await goldtune.finetunings.create.mutate({ db_connection_id: connection.id });
  const second = await goldtune.finetunings.create.mutate({ db_connection_id: connection.id });
  expect(second.id).not.toBe(first.id);
});

test('a cancel whose answers are lost is sent again and cancels once', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const lossy = losing(2, 'finetunings.cancel');
  const cancelled = await clientOf(world, { fetch: lossy }).finetunings.cancel.mutate({ id: run.id });
  expect(cancelled.status).toBe('cancelled');
  const events = await world.trpc.finetunings.events.query({ id: run.id, limit: 1000 });
  expect(events.filter(({ type }) => type === 'cancel_requested')).toHaveLength(1);
});

test('what is not safe to send twice is sent once', async () => {
  await using world = await startWorld();
  const lossy = losing(1, 'dbConnections.create');
  const error = await caught(clientOf(world, { fetch: lossy }).dbConnections.create.mutate({ alias: 'once' }));
  expect(error).toBeInstanceOf(Error);
  expect(isGoldtuneError(error)).toBe(false);
  expect(lossy.sent).toBe(1);
  expect(await world.trpc.dbConnections.list.query({})).toHaveLength(1);

  const losingKeys = losing(1, 'keys.create');
  const made = clientOf(world, { fetch: losingKeys }).keys.create.mutate({ name: 'once', scopes: ['read'] });
  expect(await caught(made)).toMatchObject({ message: expect.stringContaining('look for it in the list, revoke it') });
  expect(losingKeys.sent).toBe(1);
});

test('a refusal is not sent again', async () => {
  await using world = await startWorld();
  const counting = losing(0, 'finetunings.get');
  const error = await caught(clientOf(world, { fetch: counting }).finetunings.get.query({ id: 'f'.repeat(24) }));
  if (!isGoldtuneError(error)) throw error;
  expect(error.data).toMatchObject({ reason: 'not_found', httpStatus: 404, finetuning: null });
  expect(counting.sent).toBe(1);
});

test('a query waits for a server that is being restarted', async () => {
  await using world = await startWorld();
  const run = await world.create();
  const lossy = losing(3, 'finetunings.get');
  expect(await clientOf(world, { fetch: lossy }).finetunings.get.query({ id: run.id })).toMatchObject({ id: run.id });
  expect(lossy.sent).toBe(4);
});

test('the key and the headers go with every call, a watch among them', async () => {
  const apiKey = 'a-key-of-sixteen-or-more';
  await using world = await startWorld({ env: { ADMIN_API_KEY: apiKey } });
  const seen: (string | null)[] = [];
  const noting: Fetch = (input, init) => {
    seen.push(new Headers(init?.headers).get('x-request-id'));
    return fetch(input, init);
  };
  const stranger = await caught(clientOf(world).dbConnections.list.query({}));
  expect(isGoldtuneError(stranger) && stranger.data).toMatchObject({ reason: 'unauthorized', httpStatus: 401 });

  const goldtune = clientOf(world, { apiKey, headers: async () => ({ 'x-request-id': '7' }), fetch: noting });
  const connection = await goldtune.dbConnections.create.mutate({ alias: 'library' });
  await goldtune.goldenRecords.add.mutate(
    Array.from({ length: 12 }, (_, index) => ({
      prompt_text: `question ${index}`,
      sql: `SELECT ${index}`,
      db_connection_id: connection.id,
    })),
  );
  const run = await goldtune.finetunings.create.mutate({ db_connection_id: connection.id });
  const events: string[] = [];
  const watched = (async () => {
    for await (const event of goldtune.watch(run.id)) events.push(event.type);
  })();
  await until(() => events.length > 0, 'the watch tells something');
  await goldtune.cancelAndWait(run.id);
  await watched;
  expect(new Set(seen)).toEqual(new Set(['7']));
});

test('a key that cannot be sent is refused at once, and not shown; what a file adds at its end is no part of it', async () => {
  await using world = await startWorld({ env: { ADMIN_API_KEY: 'a-key-of-some-length' } });
  const url = world.app.url ?? '';
  expect(await createClient({ url, apiKey: 'a-key-of-some-length\n' }).dbConnections.list.query()).toEqual([]);
  expect(() => createClient({ url, apiKey: 'first\nsecond' })).toThrow(/^apiKey holds a line break/);
});
