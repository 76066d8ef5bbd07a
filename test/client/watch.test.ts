// Watching through what happens to connections and servers: each event once, in order, none missing.
import { EventSource } from 'eventsource';
import { expect, test } from 'vitest';
import { createClient, type FinetuningEvent, isGoldtuneError } from '../../client/src/index.ts';
import { startApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { until } from '../until.ts';
import { startWorld, type World } from '../world.ts';
import { openLine } from './connection.ts';

const silent = { info() {}, warn() {}, error() {} };

/** Another process would do the same: it shares nothing with the first but the database. */
const startReplica = (world: World) => startApp(readConfig(world.env), { log: silent, version: 'replica' });

const counted = (length: number) => Array.from({ length }, (_, index) => index + 1);

async function collect(events: AsyncIterable<FinetuningEvent>, into: FinetuningEvent[]): Promise<void> {
  for await (const event of events) into.push(event);
}

/** As a page reads the REST stream: the browser's own EventSource comes back with the last id it got. */
async function* eventSource(url: string, id: string): AsyncGenerator<FinetuningEvent> {
  const source = new EventSource(`${url}/api/v1/finetunings/${id}/events`);
  const arrived: FinetuningEvent[] = [];
  source.onmessage = ({ data }) => arrived.push(JSON.parse(data));
  try {
    for (;;) {
      await until(() => arrived.length > 0 || source.readyState === source.CLOSED, 'the stream goes on or ends');
      const event = arrived.shift();
      if (!event) return;
      yield event;
    }
  } finally {
    source.close();
  }
}

const readers = {
  'a watch': (url: string, id: string) => createClient({ url }).watch(id),
  'an EventSource': eventSource,
};

test.each(Object.entries(readers))(
  '%s over cut connections, a restarted server and another replica gives each event once and in order',
  async (_, read) => {
    await using world = await startWorld();
    await using line = await openLine(world.app.url ?? '');
    const run = await world.createIn('validating_files');
    const seen: FinetuningEvent[] = [];
    const watched = collect(read(line.url, run.id), seen);
    const heardOf = async (change: () => Promise<unknown>, what: string) => {
      const before = seen.length;
      await change();
      await until(() => seen.length > before, what);
    };
    await until(() => seen.length > 2, 'what has happened is told');

    line.cut();
    await heardOf(() => world.trpc.finetunings.update.mutate({ id: run.id, alias: 'cut' }), 'the reader came back');

    line.leadTo(null);
    await world.trpc.finetunings.update.mutate({ id: run.id, alias: 'while nobody answered' });
    await world.stop();
    await world.start();
    await heardOf(async () => line.leadTo(world.app.url ?? ''), 'the reader has found the restarted server');

    await using replica = await startReplica(world);
    line.leadTo(replica.url ?? '');
    await heardOf(
      () => world.trpc.finetunings.update.mutate({ id: run.id, alias: 'replica' }),
      'the replica tells too',
    );
    await world.cancel(run.id);
    await watched;

    expect(seen.map((event) => event.id)).toEqual(counted(seen.length));
    expect(seen).toEqual(await world.trpc.finetunings.events.query({ id: run.id, limit: 1000 }));
    expect(seen.findLast((event) => event.status !== null)).toMatchObject({ status: 'cancelled' });
  },
);

test('a replica that is told to stop hands its readers over to the next', async () => {
  await using world = await startWorld();
  const run = await world.createIn('validating_files');
  const seen: FinetuningEvent[] = [];
  await using line = await openLine(world.app.url ?? '');
  {
    await using replica = await startReplica(world);
    line.leadTo(replica.url ?? '');
    const watched = collect(createClient({ url: line.url }).watch(run.id), seen);
    await until(() => seen.length > 2, 'the replica tells what has happened');
    // It closes its streams in good order: no cut is needed for the reader to leave.
    await replica[Symbol.asyncDispose]();
    line.leadTo(world.app.url ?? '');
    await world.cancel(run.id);
    await watched;
  }
  expect(seen.map((event) => event.id)).toEqual(counted(seen.length));
  expect(seen.findLast((event) => event.status !== null)).toMatchObject({ status: 'cancelled' });
});

test('a watch of an unknown run fails at once, and one that is given up ends with the reason', async () => {
  await using world = await startWorld();
  const goldtune = createClient({ url: world.app.url ?? '' });
  const unknown = await goldtune
    .watch('f'.repeat(24))
    .next()
    .catch((error: unknown) => error);
  expect(isGoldtuneError(unknown) && unknown.data).toMatchObject({ reason: 'not_found', httpStatus: 404 });

  const run = await world.createIn('running');
  const giveUp = new AbortController();
  const seen: FinetuningEvent[] = [];
  const watched = collect(goldtune.watch(run.id, { signal: giveUp.signal }), seen);
  await until(() => seen.length > 2, 'what has happened is told');
  giveUp.abort(new Error('enough'));
  await expect(watched).rejects.toThrow('enough');
  expect(await world.get(run.id)).toMatchObject({ status: 'running', cancellation: null });
});

test('a watch from an event on tells only what came after it, and one of an ended run ends by itself', async () => {
  await using world = await startWorld();
  const run = await world.createIn('cancelled');
  const all: FinetuningEvent[] = [];
  const goldtune = createClient({ url: world.app.url ?? '' });
  await collect(goldtune.watch(run.id), all);
  const rest: FinetuningEvent[] = [];
  await collect(goldtune.watch(run.id, { after: 2 }), rest);
  expect(rest).toEqual(all.slice(2));
});
