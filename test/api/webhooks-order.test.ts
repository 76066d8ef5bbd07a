// Webhooks out when things go wrong: what is told of one run stays in its order, and one receiver's trouble is its own.
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { startApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { newId } from '../../server/finetuning/object-id.ts';
import { storeOn } from '../store.ts';
import { bodyOf, startWorld, type World } from '../world.ts';
import { answering, type Receiver, startReceiver, taken } from './receiver.ts';

const OTHERS = 'f'.repeat(24);
const env = { WEBHOOK_PRIVATE_ADDRESSES: 'allow' };
const HOUR_MS = 3_600_000;
const hours = Array.from({ length: 10 }, () => HOUR_MS);
const atOnce = Array.from({ length: 1000 }, () => 0);

async function told(pauses_ms: readonly number[], more: Record<string, string> = {}) {
  const resources = new AsyncDisposableStack();
  const receiver = resources.use(await startReceiver());
  const world = resources.use(await startWorld({ env: { ...env, ...more }, webhooksOut: { looks_ms: 20, pauses_ms } }));
  const endpoint = await world.trpc.webhookEndpoints.create.mutate({ url: receiver.url });
  return Object.assign(resources, { receiver, world, endpoint });
}

const log = (world: World, { id }: { id: string }) => world.trpc.webhookEndpoints.deliveries.query({ id, limit: 1000 });

async function settled(world: World, endpoint: { id: string }): Promise<boolean> {
  const found = await log(world, endpoint);
  return found.length > 0 && found.every(({ state }) => state !== 'pending');
}

/** The last time that each came, and each of its run no earlier than what the run had before. */
function expectInOrder({ got }: Receiver, since = 0): void {
  const last = new Map<string, number>();
  for (const received of got.slice(since)) {
    if (received.type === 'ping') continue;
    const { id, version } = received.data;
    expect(version).toBeGreaterThanOrEqual(last.get(id) ?? 0);
    last.set(id, version);
  }
}

test('a receiver that asks for time gets it, and what waits behind it waits as long', async () => {
  await using parts = await told([0, 0]);
  const { world, receiver, endpoint } = parts;
  receiver.answer = answering(429, 'too many', { 'retry-after': '3600' });
  const asked = Date.now();
  const run = await world.createIn('succeeded');
  await world.until(async () => {
    const waiting = (await log(world, endpoint)).map(({ next_at }) => Date.parse(next_at ?? ''));
    return waiting.length > 2 && waiting.every((next) => next > asked + HOUR_MS - 60_000);
  }, 'all of it is put off by an hour');
  expect(receiver.of(run)).toHaveLength(1);
  expect((await log(world, endpoint)).at(-1)).toMatchObject({ attempts: 1, last_attempt: { status: 429 } });
});

test('disabled and enabled again, it is told at once what waited for hours, in its order, and all of it once', async () => {
  await using parts = await told(hours);
  const { world, receiver, endpoint } = parts;
  const { id } = endpoint;
  receiver.answer = answering(503);
  const run = await world.createIn('succeeded');
  await world.until(async () => {
    const waiting = (await log(world, endpoint)).map(({ next_at }) => Date.parse(next_at ?? ''));
    return waiting.length > 2 && waiting.every((next) => next > Date.now() + HOUR_MS / 2);
  }, 'all of it waits');
  await world.trpc.webhookEndpoints.update.mutate({ id, enabled: false });
  await world.trpc.webhookEndpoints.rotateSecret.mutate({ id, overlap_ms: 0 });
  receiver.answer = taken;
  const before = receiver.got.length;
  await world.trpc.webhookEndpoints.update.mutate({ id, enabled: true });
  await world.until(() => settled(world, endpoint), 'all is told');
  const ids = receiver.got.slice(before).map((received) => received.id);
  expect(ids).toEqual((await log(world, endpoint)).map((delivery) => delivery.id).toReversed());
  expect(receiver.of(run).length).toBe(ids.length + 1);
  expectInOrder(receiver);
});

test('to enable what is enabled hurries nothing, and to tell it elsewhere sends what waits there', async () => {
  await using parts = await told(hours);
  const { world, receiver, endpoint } = parts;
  const { id } = endpoint;
  await using elsewhere = await startReceiver();
  receiver.answer = answering(503);
  await world.trpc.webhookEndpoints.ping.mutate({ id });
  const isPutOff = async () => Date.parse((await log(world, endpoint))[0]?.next_at ?? '') > Date.now() + HOUR_MS / 2;
  await world.until(isPutOff, 'it was tried');
  await world.trpc.webhookEndpoints.update.mutate({ id, enabled: true, url: receiver.url });
  expect(await isPutOff()).toBe(true);
  await world.trpc.webhookEndpoints.update.mutate({ id, url: elsewhere.url });
  await world.until(() => settled(world, endpoint), 'it is told');
  expect([receiver.got.length, elsewhere.got.length]).toEqual([1, 1]);
});

test('what a clock that was ahead has put off by a year is told once the clock is set back', async () => {
  await using parts = await told(hours);
  const { world, receiver, endpoint } = parts;
  receiver.answer = answering(503);
  const run = await world.createIn('succeeded');
  await world.until(async () => (await log(world, endpoint)).at(-1)?.attempts === 1, 'one was tried');
  const { db } = world.app;
  await db.execute(sql`update webhook_deliveries set due_at = now() + interval '1 year' where state = 'pending'`);
  receiver.answer = taken;
  await storeOn(db).finetunings.hurry(new Date().toISOString());
  await world.until(() => settled(world, endpoint), 'all is told');
  expect(receiver.of(run).length).toBeGreaterThan(2);
  expectInOrder(receiver);
});

test('an organization has twenty endpoints at most, and room for another once one is deleted', async () => {
  await using world = await startWorld();
  const add = () => world.request('POST', '/api/v1/webhook-endpoints', { url: 'https://hooks.example.com/' });
  const made = [];
  for (let count = 0; count < 20; count++) made.push(bodyOf(await add(), 201));
  const refused = await add();
  expect(refused).toMatchObject({
    status: 422,
    body: { detail: [{ msg: expect.stringContaining('20 webhook endpoints') }] },
  });
  expect((await world.request('DELETE', `/api/v1/webhook-endpoints/${made[0]?.['id']}`)).status).toBe(200);
  expect((await add()).status).toBe(201);
});

test('what was taken is sent again by hand before what still waits, under the same id, and the rest after it', async () => {
  await using parts = await told(hours);
  const { world, receiver, endpoint } = parts;
  const run = await world.create();
  await world.until(() => receiver.of(run).length > 0, 'the first is told');
  const [first] = receiver.of(run);
  receiver.answer = answering(503);
  await world.cancel(run.id);
  await world.until(
    // With its answer: what is under way would be put off after the others were told.
    async () =>
      (await log(world, endpoint)).some(
        ({ last_attempt, state }) => last_attempt?.status === 503 && state === 'pending',
      ),
    'one waits',
  );
  receiver.answer = taken;
  const before = receiver.got.length;
  const again = { id: endpoint.id, delivery_id: first?.id ?? '' };
  await world.trpc.webhookEndpoints.redeliver.mutate(again);
  await world.until(() => settled(world, endpoint), 'all is told');
  expect(receiver.got[before]).toMatchObject({ id: first?.id, body: first?.body });
  expectInOrder(receiver, before);
  expect(receiver.types(run).at(-1)).toBe('cancelled');
});

test('a dead receiver of another organization with a hundred thousand that wait delays nobody else', async () => {
  await using parts = await told(atOnce);
  const { world, receiver, endpoint } = parts;
  await using dead = await startReceiver();
  dead.answer = () => {};
  const { db } = world.app;
  const id = newId();
  await db.execute(sql`insert into organizations values (${OTHERS}, 'others', now())`);
  await db.execute(sql`insert into webhook_endpoints (id, organization_id, url, enabled, secret, created_at, updated_at)
    values (${id}, ${OTHERS}, ${dead.url}, true, 'whsec_bm90aGluZyB0byBwcm92ZSBoZXJlLCBmb3IgdHdvIGVuZHM=', now(), now())`);
  await db.execute(sql`insert into webhook_deliveries
    (organization_id, endpoint_id, lane, version, type, state, attempts, due_at, created_at)
    select ${OTHERS}, ${id}, lpad(to_hex(lane), 24, '0'), 0, 'ping', 'pending', 0, now() - interval '1 day', now()
    from generate_series(1, 100000) as lane`);
  await world.until(() => dead.got.length > 0, 'it is tried');
  const run = await world.createIn('succeeded');
  await world.until(() => receiver.types(run).filter((type) => type === 'status_changed').length > 2, 'all is told');
  await world.until(() => settled(world, endpoint), 'all is settled');
  // Four at once are held by it, and nothing more of it was looked at meanwhile.
  expect(dead.got.length).toBeLessThan(50);
});

test.runIf(process.env['TEST_DATABASE'] === 'postgres')(
  'several workers tell each thing once, and in order, though the receiver fails every other time',
  async () => {
    await using parts = await told(atOnce);
    const { world, receiver, endpoint } = parts;
    const quiet = { info() {}, warn() {}, error() {} };
    const options = { log: quiet, version: 'test', webhooksOut: { looks_ms: 20, pauses_ms: atOnce } };
    const config = readConfig({ ...world.env, ROLE: 'worker', PORT: '' });
    await using _one = await startApp(config, options);
    await using _other = await startApp(config, options);
    const taking: string[] = [];
    let asked = 0;
    receiver.answer = (response, received) => {
      asked += 1;
      if (asked % 2 === 0) return void response.writeHead(503).end();
      taking.push(received.id);
      response.writeHead(204).end();
    };
    const runs = await Promise.all(Array.from({ length: 6 }, () => world.create()));
    await Promise.all(runs.map(({ id }) => world.cancel(id)));
    await world.until(() => runs.every((run) => receiver.types(run).includes('cancelled')), 'all are cancelled');
    await world.until(() => settled(world, endpoint), 'all is told');
    expect(new Set(taking).size).toBe(taking.length);
    expect(new Set(taking)).toEqual(new Set((await log(world, endpoint)).map(({ id }) => id)));
    expectInOrder(receiver);
  },
);
