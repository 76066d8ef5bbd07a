// Streams that nothing comes out of are noticed, and what they do not bring is brought otherwise.
import { expect, test } from 'vitest';
import {
  createClient,
  type FinetuningEvent,
  GoldtuneConnectionError,
  GoldtuneTimeout,
} from '../../client/src/index.ts';
import { DEFAULT_SILENCE_MS } from '../../client/src/silence.ts';
import { HEARTBEAT_MS } from '../../server/http/heartbeat.ts';
import { within } from '../deadline.ts';
import { until } from '../until.ts';
import { startWorld, type World } from '../world.ts';
import { type Fate, startStalling } from './stalling.ts';

const urlOf = (world: World) => world.app.url ?? '';
const isStream = (path: string) => path.includes('finetunings.watch');
const counted = (length: number) => Array.from({ length }, (_, index) => index + 1);

async function collect(events: AsyncIterable<FinetuningEvent>, into: FinetuningEvent[]): Promise<void> {
  for await (const event of events) into.push(event);
}

test.each<Fate>(['nothing is answered', 'headers and no body', 'half of a body', 'an open stream, silent'])(
  'a watch whose stream gets no further than %s tells each event once and in order, and ends with the run',
  async (fate) => {
    await using world = await startWorld();
    const run = await world.createIn('running');
    await using server = await startStalling((path) => (isStream(path) ? fate : 'answered'), urlOf(world));
    const goldtune = createClient({ url: server.url, timeout: 3000, silence: 200 });
    const seen: FinetuningEvent[] = [];
    const watched = collect(goldtune.watch(run.id), seen);
    await until(() => seen.length > 2, 'what has happened is told');
    await world.cancel(run.id);
    await within(watched, 'the watch ends');
    expect(seen.map(({ id }) => id)).toEqual(counted(seen.length));
    expect(seen).toEqual(await world.trpc.finetunings.events.query({ id: run.id, limit: 1000 }));
    expect(await goldtune.waitFor(run.id)).toMatchObject({ status: 'cancelled' });
  },
);

test('a stream that falls silent is made anew, and goes on where it was', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  let fate: Fate = 'an open stream, silent';
  await using server = await startStalling((path) => (isStream(path) ? fate : 'answered'), urlOf(world));
  const seen: FinetuningEvent[] = [];
  const goldtune = createClient({ url: server.url, silence: 500 });
  const watched = collect(goldtune.watch(run.id), seen);
  await until(() => server.asked.filter(isStream).length > 1, 'another stream is asked for');
  fate = 'answered';
  await world.cancel(run.id);
  await within(watched, 'the watch ends');
  expect(seen.map(({ id }) => id)).toEqual(counted(seen.length));
});

test('a subscription of one’s own comes back after silence too', async () => {
  await using server = await startStalling(() => 'an open stream, silent');
  const goldtune = createClient({ url: server.url, silence: 100 });
  const subscription = goldtune.finetunings.watch.subscribe({ id: 'a'.repeat(24) }, {});
  await until(() => server.asked.length > 1, 'the stream is asked for again');
  subscription.unsubscribe();
});

test('a stream that brings nothing but comments is alive', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const fateOf = (path: string) => (isStream(path) ? 'comments only' : 'answered');
  await using server = await startStalling(fateOf, urlOf(world));
  const controller = new AbortController();
  const goldtune = createClient({ url: server.url, silence: 2000 });
  const watched = collect(goldtune.watch(run.id, { signal: controller.signal }), []);
  // Longer than it may be silent.
  await until(() => server.comments > 120, 'many comments are sent');
  expect(server.asked.filter(isStream)).toHaveLength(1);
  controller.abort(new Error('enough'));
  await expect(watched).rejects.toThrow('enough');
});

test('a watch ends by its time, whatever its stream brings, with the run as it is', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  await using server = await startStalling((path) => (isStream(path) ? 'comments only' : 'answered'), urlOf(world));
  const error = await until(async () => {
    const watched = collect(createClient({ url: server.url }).watch(run.id, { timeout: 300 }), []);
    const thrown = await watched.catch((reason: unknown) => reason);
    if (!(thrown instanceof GoldtuneTimeout)) throw new Error('it is no timeout', { cause: thrown });
    return thrown.finetuning && thrown;
  }, 'the watch ends with the run');
  expect(error).toMatchObject({ id: run.id, finetuning: { status: 'running' } });
});

test('a goldtune that is out of reach for too long ends the watch with the connection error', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  let fate: Fate = 'answered';
  await using server = await startStalling(() => fate, urlOf(world));
  const seen: FinetuningEvent[] = [];
  const goldtune = createClient({ url: server.url, timeout: 3000, silence: 500 });
  const watched = collect(goldtune.watch(run.id, { outage: 0 }), seen);
  await until(() => seen.length > 2, 'what has happened is told');
  fate = 'nothing is answered';
  server.cut();
  const error = await within(
    watched.catch((reason: unknown) => reason),
    'the watch ends',
  );
  expect(error).toBeInstanceOf(GoldtuneConnectionError);
});

test('goldtune gives a sign of life on a quiet stream, several times before it is taken for dead', async () => {
  expect(DEFAULT_SILENCE_MS).toBeGreaterThanOrEqual(4 * HEARTBEAT_MS);
  await using world = await startWorld();
  const run = await world.createIn('running');
  const watch = `/trpc/finetunings.watch?input=${encodeURIComponent(JSON.stringify({ id: run.id }))}`;
  for (const [path, sign] of [
    [watch, 'event: ping'],
    [`/api/v1/finetunings/${run.id}/events`, ': still here'],
  ] as const) {
    const controller = new AbortController();
    const answer = await fetch(`${urlOf(world)}${path}`, {
      headers: { accept: 'text/event-stream' },
      signal: controller.signal,
    });
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += new TextDecoder().decode(chunk);
      if (text.includes(sign)) break;
    }
    expect(text).toContain(sign);
    controller.abort();
  }
});
