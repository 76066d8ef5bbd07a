// Webhooks out: every change that an endpoint asks for is told to it, in the order of the run, signed, and to nobody else.
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { webhookDeliveries } from '../../drizzle/webhook-tables.ts';
import { bodyOf, startWorld, type World } from '../world.ts';
import { answering, type Receiver, startReceiver, taken, verified } from './receiver.ts';

const BASE = '/api/v1/webhook-endpoints';
const OTHERS = 'f'.repeat(24);
const env = { WEBHOOK_PRIVATE_ADDRESSES: 'allow' };
/** What fails is tried again at once, more often than any test lets it. */
const webhooksOut = { looks_ms: 20, pauses_ms: Array.from({ length: 1000 }, () => 0) };

async function told(options: Parameters<typeof startWorld>[0] = {}) {
  const resources = new AsyncDisposableStack();
  const receiver = resources.use(await startReceiver());
  const world = resources.use(await startWorld({ env, webhooksOut, ...options }));
  return Object.assign(resources, { receiver, world });
}

const add = (world: World, { url }: Receiver) => world.trpc.webhookEndpoints.create.mutate({ url });

const log = (world: World, { id }: { id: string }) => world.trpc.webhookEndpoints.deliveries.query({ id });

const settled = async (world: World, endpoint: { id: string }) => {
  const found = await log(world, endpoint);
  return found.length > 0 && found.every(({ state }) => state !== 'pending');
};

const ended = (world: World, { types }: Receiver, run: { id: string }, last: string) =>
  world.until(() => types(run).includes(last), `${last} is told`);

test('a run that is cancelled is told from its creation to its proof, signed, and never as more than is known', async () => {
  await using parts = await told();
  const { world, receiver } = parts;
  const endpoint = await add(world, receiver);
  const run = await world.createIn('running');
  await world.trpc.finetunings.cancel.mutate({ id: run.id, reason: 'too dear' });
  await ended(world, receiver, run, 'cancelled');

  const types = receiver.types(run);
  expect(types.filter((type) => type === 'cancel_requested')).toHaveLength(1);
  expect(types.indexOf('cancel_requested')).toBeLessThan(types.indexOf('cancelled'));
  expect(types.at(-1)).toBe('cancelled');
  const versions = receiver.of(run).map(({ data }) => data.version);
  expect(versions).toEqual(versions.toSorted((one, other) => one - other));
  for (const received of receiver.of(run)) {
    expect(verified(received, endpoint.secret)).toEqual(JSON.parse(received.body));
    const { data, type } = received;
    const isProven = type === 'finetuning.cancelled' || data.status === 'cancelled';
    expect(data.cancellation?.state === 'confirmed').toBe(isProven);
  }
  const statuses = receiver.of(run).flatMap(({ type, data }) => (type.endsWith('status_changed') ? [data.status] : []));
  expect([statuses[0], statuses.at(-1)]).toEqual(['queued', 'cancelled']);
  expect(receiver.of(run).at(-1)?.data).toMatchObject({
    alias: run.alias,
    cancellation: { reason: 'too dear', evidence: 'provider_cancelled' },
  });
  await world.until(() => settled(world, endpoint), 'all is taken');
  expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(receiver.got.length);
});

test('a cancel that came too late, and one that the end overtook, are told as that', async () => {
  await using parts = await told();
  const { world, receiver } = parts;
  await world.trpc.webhookEndpoints.create.mutate({ url: receiver.url, types: ['finetuning.cancel_too_late'] });
  const late = await world.createIn('succeeded');
  expect((await world.cancel(late.id)).status).toBe(400);
  const overtaken = await world.createIn('running');
  const cancel = world.faults.hold('jobs.cancel', 'before');
  const asked = world.cancel(overtaken.id);
  await cancel.reached;
  world.ledger.finishNow(overtaken.finetuning_job_id ?? '', 'succeeded');
  cancel.release();
  expect((await asked).status).toBe(400);
  await ended(world, receiver, late, 'cancel_too_late');
  await ended(world, receiver, overtaken, 'cancel_too_late');
  for (const run of [late, overtaken])
    expect(receiver.of(run).map(({ data }) => data.cancellation?.state)).toEqual(['too_late']);
});

test('while the receiver fails nothing of a run overtakes what was before it, and then all of it comes, once', async () => {
  await using parts = await told();
  const { world, receiver } = parts;
  receiver.answer = answering(503, 'upstream is down');
  const endpoint = await add(world, receiver);
  const run = await world.createIn('succeeded');
  await world.until(() => receiver.of(run).length > 5, 'it was tried several times');
  expect(new Set(receiver.of(run).map(({ id }) => id)).size).toBe(1);
  const [first] = (await log(world, endpoint)).toReversed();
  expect(first).toMatchObject({
    state: 'pending',
    last_attempt: { status: 503, answer: 'upstream is down', error: 'HTTP 503' },
  });

  const before = receiver.got.length;
  receiver.answer = taken;
  await world.until(() => settled(world, endpoint), 'all is taken');
  const came = receiver.got.slice(before).map(({ id }) => id);
  expect(came).toEqual((await log(world, endpoint)).map(({ id }) => id).toReversed());
  // The same text each time: it is of the change, not of the moment.
  const again = receiver.got.filter(({ id }) => id === first?.id);
  expect(new Set(again.map(({ body }) => body)).size).toBe(1);
});

test('nothing is lost over a restart, with one of them on its way', async () => {
  await using parts = await told();
  const { world, receiver } = parts;
  receiver.answer = () => {};
  const endpoint = await add(world, receiver);
  const run = await world.createIn('succeeded');
  await world.until(() => receiver.of(run).length === 1, 'one is on its way');
  await world.stop();
  receiver.answer = taken;
  await world.start();
  await world.until(() => settled(world, endpoint), 'all is taken');
  expect(receiver.types(run).filter((type) => type === 'status_changed').length).toBeGreaterThan(2);
  const ids = receiver.of(run).map(({ id }) => id);
  // The one that nobody had answered came again.
  expect([ids[0], new Set(ids).size]).toEqual([ids[1], ids.length - 1]);
});

test('a run waits for no receiver, and one that hangs keeps no other from being told', async () => {
  await using parts = await told({ env, webhooksOut: { ...webhooksOut, timeout_ms: 300 } });
  const { world, receiver } = parts;
  await using hanging = await startReceiver();
  hanging.answer = () => {};
  const silent = await add(world, hanging);
  await add(world, receiver);
  const run = await world.createIn('succeeded');
  await ended(world, receiver, run, 'status_changed');
  await world.until(async () => (await log(world, silent)).at(-1)?.last_attempt !== null, 'it was given up for now');
  expect((await log(world, silent)).at(-1)?.last_attempt).toMatchObject({
    status: null,
    error: 'No answer within 0.3 s',
  });
});

test('a redirect is not followed, and the log says so', async () => {
  await using parts = await told({ env, webhooksOut: { ...webhooksOut, pauses_ms: [] } });
  const { world, receiver } = parts;
  await using elsewhere = await startReceiver();
  receiver.answer = answering(307, '', { location: elsewhere.url });
  const endpoint = await add(world, receiver);
  await world.trpc.webhookEndpoints.ping.mutate({ id: endpoint.id });
  await world.until(() => settled(world, endpoint), 'it is given up');
  expect(await log(world, endpoint)).toMatchObject([
    { state: 'given_up', next_at: null, last_attempt: { status: 307, error: expect.stringContaining('not followed') } },
  ]);
  expect(elsewhere.got).toEqual([]);
});

test('410 disables the endpoint, and what waits is sent once it is enabled again', async () => {
  await using parts = await told();
  const { world, receiver } = parts;
  receiver.answer = answering(410);
  const endpoint = await add(world, receiver);
  const run = await world.createIn('succeeded');
  const { id } = endpoint;
  const disabled = async () => !(await world.trpc.webhookEndpoints.get.query({ id })).enabled;
  await world.until(disabled, 'it is disabled');
  expect((await world.trpc.webhookEndpoints.get.query({ id })).disabled_reason).toContain('410');
  const { length } = receiver.got;
  receiver.answer = taken;
  await world.trpc.webhookEndpoints.update.mutate({ id, enabled: true });
  await world.cancel(run.id);
  await ended(world, receiver, run, 'cancel_too_late');
  expect(length).toBeGreaterThan(0);
  await world.until(() => settled(world, endpoint), 'all is told');
});

test('of megabytes that a receiver answers the beginning is kept, and its status counts', async () => {
  await using parts = await told();
  const { world, receiver } = parts;
  receiver.answer = answering(200, `\u0000${'x'.repeat(20_000_000)}`);
  const endpoint = await add(world, receiver);
  await world.trpc.webhookEndpoints.ping.mutate({ id: endpoint.id });
  await world.until(() => settled(world, endpoint), 'it is taken');
  const [only] = await log(world, endpoint);
  expect(only).toMatchObject({ state: 'delivered', type: 'ping', finetuning_id: null });
  expect(only?.last_attempt?.answer).toMatch(/^x{900,1000}$/);
});

test('while a secret is replaced both sign, and after the overlap the new one alone', async () => {
  await using parts = await told();
  const { world, receiver } = parts;
  const made = await add(world, receiver);
  const { id } = made;
  const pinged = async () => {
    const { length } = receiver.got;
    await world.trpc.webhookEndpoints.ping.mutate({ id });
    await world.until(() => receiver.got.length > length, 'the ping comes');
    const last = receiver.got.at(-1);
    if (!last) throw new Error('no ping came');
    return last;
  };
  const next = await world.trpc.webhookEndpoints.rotateSecret.mutate({ id });
  expect(next.secret).not.toBe(made.secret);
  const both = await pinged();
  expect(both.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  for (const { secret } of [made, next]) expect(verified(both, secret)).toMatchObject({ type: 'ping' });
  const last = bodyOf(await world.request('POST', `${BASE}/${id}/rotate-secret`, { overlap_ms: 0 }), 200);
  const alone = await pinged();
  expect(verified(alone, String(last['secret']))).toMatchObject({ data: { endpoint_id: id } });
  expect(() => verified(alone, next.secret)).toThrow('No matching signature');
  expect(JSON.stringify(await world.trpc.webhookEndpoints.list.query())).not.toContain('whsec_');
});

test('what was given up is sent again by hand, under the same id', async () => {
  await using parts = await told({ env, webhooksOut: { ...webhooksOut, pauses_ms: [0] } });
  const { world, receiver } = parts;
  receiver.answer = answering(500);
  const endpoint = await add(world, receiver);
  await world.trpc.webhookEndpoints.ping.mutate({ id: endpoint.id });
  await world.until(() => settled(world, endpoint), 'it is given up');
  const [before] = await log(world, endpoint);
  expect(before).toMatchObject({ state: 'given_up', attempts: 2 });
  receiver.answer = taken;
  const path = `${BASE}/${endpoint.id}/deliveries/${before?.id}/redeliver`;
  expect(bodyOf(await world.request('POST', path), 202)).toMatchObject({ id: before?.id, state: 'pending' });
  await world.until(() => settled(world, endpoint), 'it is taken');
  expect(await log(world, endpoint)).toMatchObject([{ id: before?.id, state: 'delivered', attempts: 1 }]);
  expect(receiver.got.map(({ id }) => id)).toEqual([before?.id, before?.id, before?.id]);
});

test('a deleted endpoint is told nothing more, nor is one that is disabled', async () => {
  await using parts = await told();
  const { world, receiver } = parts;
  await using failing = await startReceiver();
  failing.answer = answering(503);
  const gone = await add(world, failing);
  const still = await add(world, receiver);
  const run = await world.create();
  await world.until(() => failing.of(run).length > 0, 'it was told something');
  await world.trpc.webhookEndpoints.delete.mutate({ id: gone.id });
  expect((await world.request('GET', `${BASE}/${gone.id}/deliveries`)).status).toBe(404);
  // One that was on its way then may come yet.
  await world.until(() => settled(world, still), 'the other is told');
  const { length } = failing.got;
  await world.cancel(run.id);
  await ended(world, receiver, run, 'cancelled');
  expect(failing.got.length).toBeLessThanOrEqual(length + 1);
  await world.trpc.webhookEndpoints.update.mutate({ id: still.id, enabled: false });
  const other = await world.createIn('succeeded');
  expect(await world.app.db.select().from(webhookDeliveries).where(eq(webhookDeliveries.lane, other.id))).toEqual([]);
});

test('an endpoint of another organization is never told of a run, and cannot be asked for', async () => {
  await using parts = await told();
  const { world, receiver } = parts;
  const { db } = world.app;
  await using theirs = await startReceiver();
  await db.execute(sql`insert into organizations values (${OTHERS}, 'others', now())`);
  const { id } = await add(world, theirs);
  await db.execute(sql`update webhook_endpoints set organization_id = ${OTHERS} where id = ${id}`);
  const ours = await add(world, receiver);
  const run = await world.createIn('succeeded');
  await world.until(() => settled(world, ours), 'ours is told');
  expect(receiver.of(run).length).toBeGreaterThan(0);
  expect(theirs.got).toEqual([]);
  for (const path of ['', '/deliveries']) expect((await world.request('GET', `${BASE}/${id}${path}`)).status).toBe(404);
  for (const path of ['/ping', '/rotate-secret'])
    expect((await world.request('POST', `${BASE}/${id}${path}`)).status).toBe(404);
  const [delivery] = await log(world, ours);
  const path = `${BASE}/${id}/deliveries/${delivery?.id}/redeliver`;
  expect((await world.request('POST', path)).status).toBe(404);
});

test('a run that waits for something is told as stuck once, if that lasts, and not if it is over by then', async () => {
  await using parts = await told();
  const { world, receiver } = parts;
  await world.trpc.webhookEndpoints.create.mutate({ url: receiver.url, types: ['finetuning.stuck'] });
  const due = () =>
    world.app.db
      .update(webhookDeliveries)
      .set({ due_at: '2020-01-01T00:00:00.000Z' })
      .where(eq(webhookDeliveries.state, 'watching'))
      .returning({ lane: webhookDeliveries.lane });
  const run = await world.createIn('running');
  const waits = (isSo: boolean) =>
    world.reached(run.id, ({ waiting }) => (waiting !== null) === isSo, 'waiting, or not');

  world.faults.always('jobs.*', { kind: 'status', status: 503 });
  await waits(true);
  world.faults.heal();
  await waits(false);
  expect(await due()).toHaveLength(1);
  await world.until(async () => (await due()).length === 0, 'it is void');

  world.faults.always('jobs.*', { kind: 'status', status: 503 });
  await waits(true);
  expect(receiver.got).toEqual([]);
  expect(await due()).toHaveLength(1);
  await ended(world, receiver, run, 'stuck');
  const seen = await world.get(run.id);
  expect(receiver.got).toMatchObject([
    { data: { status: 'running', waiting: { for: seen.waiting?.for, since: seen.waiting?.since } } },
  ]);
});

test('without leave nothing is sent to an address of this network, whatever name leads there', async () => {
  await using parts = await told({ env: {}, webhooksOut: { ...webhooksOut, pauses_ms: [] } });
  const { world, receiver } = parts;
  for (const host of [
    '127.0.0.1',
    '2130706433',
    '10.1.2.3',
    '169.254.169.254',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '100.64.0.1',
  ]) {
    const answer = await world.request('POST', BASE, { url: `https://${host}:${receiver.port}/` });
    expect([host, answer.status]).toEqual([host, 422]);
  }
  expect((await world.request('POST', BASE, { url: 'http://hooks.example.com/' })).status).toBe(422);
  const url = `https://localhost:${receiver.port}/`;
  const { id } = bodyOf(await world.request('POST', BASE, { url }), 201);
  const endpoint = { id: String(id) };
  await world.trpc.webhookEndpoints.ping.mutate(endpoint);
  await world.until(() => settled(world, endpoint), 'it is given up');
  expect(await log(world, endpoint)).toMatchObject([
    { last_attempt: { status: null, error: expect.stringContaining('loopback') } },
  ]);
});
