// Many readers at once: what must get through is a cancel.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createClient } from '../../client/src/index.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const READERS = 1000;

type Stream = { status: number; headers: Headers; text: string; ended: Promise<void>; leave: () => void };

/** A reader over either transport, which reads on until its stream ends. */
async function openStream(world: World, id: string, over: 'rest' | 'trpc'): Promise<Stream> {
  const path =
    over === 'rest'
      ? `/api/v1/finetunings/${id}/events`
      : `/trpc/finetunings.watch?input=${encodeURIComponent(JSON.stringify({ id }))}`;
  const leaving = new AbortController();
  const headers = { accept: 'text/event-stream' };
  const response = await fetch(`${world.app.url}${path}`, { headers, signal: leaving.signal });
  const stream: Stream = {
    status: response.status,
    headers: response.headers,
    text: '',
    ended: Promise.resolve(),
    leave: () => leaving.abort(),
  };
  const read = async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) stream.text += chunk;
  };
  stream.ended = read().catch(() => {});
  return stream;
}

test('a cancel is answered while a thousand readers follow the run, and each of them is told', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const streams: Stream[] = [];
  // A few at a time: it is not the opening that this is about.
  for (let begun = 0; begun < READERS; begun += 50) {
    const some = Array.from({ length: 50 }, (_, index) => openStream(world, run.id, index % 2 ? 'rest' : 'trpc'));
    streams.push(...(await Promise.all(some)));
  }
  await world.until(() => streams.every(({ text }) => text.includes('"running"')), 'each has what was there');

  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({
    status: 'cancelled',
    cancellation: { state: 'confirmed', evidence: 'provider_cancelled' },
  });
  await Promise.all(streams.map(({ ended }) => ended));
  const events = await world.trpc.finetunings.events.query({ id: run.id, limit: 1000 });
  const ids = events.map((event) => event.id);
  for (const { status, text } of streams) {
    expect(status).toBe(200);
    expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual(ids);
  }
});

test('a HEAD of a stream took a place that nobody gave back', async () => {
  await using world = await startWorld({ env: { MAX_STREAMS: '1' } });
  const run = await world.createIn('running');
  for (let asked = 0; asked < 3; asked++) {
    const accept = { accept: 'text/event-stream' };
    const head = await fetch(`${world.app.url}/api/v1/finetunings/${run.id}/events`, {
      method: 'HEAD',
      headers: accept,
    });
    expect(head.status).toBe(200);
  }
  const stream = await openStream(world, run.id, 'rest');
  await world.until(() => stream.text.includes('"running"'), 'it is read');
});

test('a stream too many is refused in words over both transports, a watch goes on without, and a place is free again', async () => {
  await using world = await startWorld({ env: { MAX_STREAMS: '2' } });
  const run = await world.createIn('running');
  const [first, second] = [await openStream(world, run.id, 'rest'), await openStream(world, run.id, 'trpc')];
  await world.until(() => [first, second].every(({ text }) => text.includes('"running"')), 'both are read');

  const refused = await openStream(world, run.id, 'rest');
  await refused.ended;
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
  expect(JSON.parse(refused.text)).toEqual({ detail: expect.stringContaining('All 2 streams of events') });
  // Over tRPC a subscription is refused in its first message.
  const subscribed = await openStream(world, run.id, 'trpc');
  await subscribed.ended;
  const message = z.object({ message: z.string(), data: z.object({ reason: z.string(), httpStatus: z.number() }) });
  const data = /event: serialized-error\ndata: (.*)/.exec(subscribed.text)?.[1] ?? '';
  expect(message.parse(JSON.parse(data))).toMatchObject({
    message: expect.stringContaining('All 2 streams of events'),
    data: { reason: 'unavailable', httpStatus: 503 },
  });

  const seen: number[] = [];
  const watched = (async () => {
    const goldtune = createClient({ url: world.app.url ?? '' });
    for await (const { id } of goldtune.watch(run.id)) seen.push(id);
  })();
  await world.until(() => seen.length > 2, 'a watch is told without a stream');
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ status: 'cancelled' });
  await Promise.all([first.ended, second.ended, watched]);
  expect(seen).toEqual(seen.map((_, index) => index + 1));

  const other = await world.createIn('running');
  const left = await openStream(world, other.id, 'rest');
  await world.until(async () => {
    const stream = await openStream(world, other.id, 'rest');
    stream.leave();
    return stream.status === 200;
  }, 'a place is free');
  left.leave();
});

test('an id of an event that no event can have is answered in words, as a page and as a stream, over both transports', async () => {
  await using world = await startWorld();
  const run = await world.createIn('cancelled');
  const path = `/api/v1/finetunings/${run.id}/events`;
  const stream = { accept: 'text/event-stream' };
  for (const id of ['2147483648', '9999999999', '9'.repeat(400)]) {
    const header = await world.request('GET', path, undefined, { ...stream, 'last-event-id': id });
    expect(header).toMatchObject({ status: 422, body: { detail: [{ loc: ['header', 'last-event-id'] }] } });
    for (const accept of [{}, stream]) {
      const query = await world.request('GET', `${path}?after=${id}`, undefined, accept);
      expect(query).toMatchObject({ status: 422, body: { detail: [{ loc: ['query', 'after'] }] } });
    }
  }
  const tooLarge = { id: run.id, after: 2 ** 31 };
  await expect(world.trpc.finetunings.events.query(tooLarge)).rejects.toMatchObject({ data: { reason: 'invalid' } });
  const input = encodeURIComponent(JSON.stringify({ id: run.id, lastEventId: 2 ** 31 }));
  const watched = await fetch(`${world.app.url}/trpc/finetunings.watch?input=${input}`);
  expect(await watched.text()).toContain('"reason":"invalid"');

  const last = String(2 ** 31 - 1);
  expect(await world.request('GET', `${path}?after=${last}`)).toMatchObject({ status: 200, body: [] });
  const over = await fetch(`${world.app.url}${path}`, { headers: { ...stream, 'last-event-id': last } });
  expect(over.status).toBe(204);
});
