// Events as they happen, over HTTP: each once and in order, whatever is cut in between.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../until.ts';
import { startWorld, type World } from '../world.ts';

const message = z.object({ id: z.number(), type: z.string(), status: z.string().nullable() });
type Message = z.infer<typeof message>;

/** Opens the stream after the last event of `into`; `ended` when it ends by itself, breaks off or is cut. */
async function open(world: World, id: string, into: Message[], cut?: AbortSignal) {
  const last = into.at(-1)?.id;
  const response = await fetch(`${world.app.url}/api/v1/finetunings/${id}/events`, {
    headers: { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': String(last) }) },
    ...(cut ? { signal: cut } : {}),
  });
  return { status: response.status, ended: collect(response, into) };
}

async function collect({ body }: Response, into: Message[]): Promise<void> {
  if (!body) return;
  let text = '';
  try {
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data) into.push(message.parse(JSON.parse(data)));
      }
    }
  } catch {
    // Cut: what came before it counts.
  }
}

const counted = (length: number) => Array.from({ length }, (_, index) => index + 1);

test('a stream gives each event once, in order and as it happens, and ends with the run', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const seen: Message[] = [];
  const { ended } = await open(world, run.id, seen);
  await until(() => seen.some((event) => event.status === 'running'), 'what has happened is told');
  await world.cancel(run.id);
  await ended;
  expect(seen.map((event) => event.id)).toEqual(counted(seen.length));
  expect(seen.findLast((event) => event.status !== null)).toMatchObject({ status: 'cancelled' });
  expect(seen.length).toBe((await world.trpc.finetunings.events.query({ id: run.id, limit: 1000 })).length);

  expect(await open(world, run.id, seen)).toMatchObject({ status: 204 });
});

test('a reader that was cut, and finds the server restarted, goes on after the last event it has', async () => {
  await using world = await startWorld();
  const run = await world.createIn('validating_files');
  const seen: Message[] = [];
  const cut = new AbortController();
  const first = await open(world, run.id, seen, cut.signal);
  await until(() => seen.length > 2, 'some events have come');
  cut.abort();
  await first.ended;

  const second = await open(world, run.id, seen);
  await world.stop();
  await second.ended;
  await world.start();

  const third = await open(world, run.id, seen);
  await world.cancel(run.id);
  await third.ended;
  expect(seen.map((event) => event.id)).toEqual(counted(seen.length));
  expect(seen.findLast((event) => event.status !== null)).toMatchObject({ status: 'cancelled' });
});

test('a stream of a run that is deleted ends', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const seen: Message[] = [];
  const { ended } = await open(world, run.id, seen);
  await until(() => seen.length > 2, 'some events have come');
  await world.trpc.finetunings.delete.mutate({ id: run.id });
  await ended;
  expect(seen.map((event) => event.id)).toEqual(counted(seen.length));
});

test('an unknown id is answered 404, an id of an event that is none 422', async () => {
  await using world = await startWorld();
  const stream = { accept: 'text/event-stream' };
  const at = (id: string) => `/api/v1/finetunings/${id}/events`;
  expect(await world.request('GET', at('a'.repeat(24)), undefined, stream)).toMatchObject({ status: 404 });
  const run = await world.create();
  const answer = await world.request('GET', at(run.id), undefined, { ...stream, 'last-event-id': 'x' });
  expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['header', 'last-event-id'] }] } });
});
