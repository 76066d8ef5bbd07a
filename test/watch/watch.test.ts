// Streams of events beside a store in memory: what they cost it, and that no reader stands in another's way.
import { expect, test } from 'vitest';
import { DomainError } from '../../server/finetuning/errors.ts';
import type { Principal } from '../../server/finetuning/principal.ts';
import type { TimelineEvent } from '../../server/finetuning/record.ts';
import type { Head } from '../../server/finetuning/store.ts';
import { createWatch } from '../../server/finetuning/watch.ts';
import type { Timelines } from '../../server/finetuning/watched-runs.ts';
import { until } from '../until.ts';

const ORGANIZATION = '0'.repeat(24);
const reader: Principal = { organization_id: ORGANIZATION, who: 'key', id: 'reader', name: 'reader', scopes: ['read'] };

/** Runs that have as many events as their version says, and what was asked about them. */
class Runs {
  readonly runs = new Map<string, Head>();
  readonly asked = { heads: 0, events: 0, atOnce: 0 };
  readonly #hints = new Map<string, () => void>();
  away = false;
  #reading = 0;

  add(id: string, version: number): void {
    this.runs.set(id, { id, organization_id: ORGANIZATION, version, isOver: false, isDeleted: false });
  }

  move(id: string, to: Partial<Head>): void {
    const head = this.runs.get(id);
    if (head) this.runs.set(id, { ...head, ...to });
    this.#hints.get(id)?.();
  }

  readonly store: Timelines = {
    heads: async (ids) => {
      this.asked.heads += 1;
      if (this.away) throw new DomainError('unavailable', 'The database cannot be reached.');
      return ids.flatMap((id) => this.runs.get(id) ?? []);
    },
    events: async (_organization, id, { after, limit }) => {
      this.asked.events += 1;
      this.#reading += 1;
      this.asked.atOnce = Math.max(this.asked.atOnce, this.#reading);
      await new Promise((resolve) => setImmediate(resolve));
      this.#reading -= 1;
      const count = Math.max(0, Math.min(limit, (this.runs.get(id)?.version ?? 0) - after));
      return Array.from({ length: count }, (_, index) => eventOf(id, after + index + 1));
    },
  };

  readonly hints = {
    subscribe: (id: string, hint: () => void) => {
      this.#hints.set(id, hint);
      return { [Symbol.dispose]: () => this.#hints.delete(id) };
    },
  };
}

const eventOf = (finetuning_id: string, version: number): TimelineEvent => ({
  finetuning_id,
  version,
  type: 'progressed',
  message: '',
  changes: {},
  by: null,
  created_at: '2026-01-01T00:00:00.000Z',
});

function watching(timelines: Runs, most = 5000, mostEach = most) {
  const watch = createWatch(timelines.store, timelines.hints, most, mostEach);
  const open = async (id: string, after = 0, by = reader) => {
    const leave = new AbortController();
    const events = await watch.open(by, id, after, leave.signal);
    const seen: number[] = [];
    const read = async () => {
      for await (const event of events ?? []) seen.push(event.version);
      return seen;
    };
    return { events, seen, read, leave: () => leave.abort() };
  };
  return { open, [Symbol.dispose]: () => watch.close() };
}

const counted = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const caught = (promise: Promise<unknown>) => promise.then(String, (error: unknown) => error);

test('a thousand readers of one run cost it one look and one read of what is new, and each has every event once', async () => {
  const timelines = new Runs();
  timelines.add('a', 3);
  using watch = watching(timelines);
  const readers = await Promise.all(Array.from({ length: 1000 }, () => watch.open('a')));
  const done = Promise.all(readers.map((reader) => reader.read()));
  await until(() => readers.every(({ seen }) => seen.length === 3), 'all have what was there');
  expect(timelines.asked.events).toBe(1);
  // Besides the first, one a second at most.
  expect(timelines.asked.heads).toBeLessThan(30);

  const before = { ...timelines.asked };
  timelines.move('a', { version: 4 });
  await until(() => readers.every(({ seen }) => seen.length === 4), 'all have the event');
  expect(timelines.asked.events - before.events).toBe(1);
  timelines.move('a', { version: 5, isOver: true });
  for (const seen of await done) expect(seen).toEqual(counted(1, 5));
});

test('where no hint comes, one look a second finds what is new in all of the runs', async () => {
  const timelines = new Runs();
  const ids = Array.from({ length: 300 }, (_, index) => `run ${index}`);
  for (const id of ids) timelines.add(id, 1);
  using watch = watching(timelines);
  const readers = await Promise.all(ids.map((id) => watch.open(id)));
  const done = Promise.all(readers.map((reader) => reader.read()));
  await until(() => readers.every(({ seen }) => seen.length === 1), 'all have what was there');
  const before = timelines.asked.heads;
  for (const id of ids) {
    const head = timelines.runs.get(id);
    if (head) timelines.runs.set(id, { ...head, version: 2, isOver: true });
  }
  await done;
  expect(timelines.asked.heads - before).toBeLessThan(30);
});

test('a reader that stops reading holds nobody up, and has every event when it goes on', async () => {
  const timelines = new Runs();
  timelines.add('a', 1);
  using watch = watching(timelines);
  const slow = await watch.open('a');
  expect((await slow.events?.next())?.value).toMatchObject({ version: 1 });
  const quick = await watch.open('a');
  const done = quick.read();
  for (const version of counted(2, 450)) {
    timelines.move('a', { version });
    await until(() => quick.seen.length === version, 'the other has the event');
  }
  timelines.move('a', { isOver: true });
  expect(await done).toEqual(counted(1, 450));
  expect(await slow.read()).toEqual(counted(2, 450));
});

test('readers at a thousand places read a few at a time, so that others come in between', async () => {
  const timelines = new Runs();
  timelines.add('a', 1000);
  using watch = watching(timelines);
  timelines.move('a', { isOver: true });
  const readers = await Promise.all(counted(0, 999).map((after) => watch.open('a', after)));
  const seen = await Promise.all(readers.map((reader) => reader.read()));
  expect(seen.map((versions) => versions[0])).toEqual(counted(1, 1000));
  expect(timelines.asked.atOnce).toBeLessThanOrEqual(4);
});

test('one caller has no more streams than one may have, and others have theirs', async () => {
  const timelines = new Runs();
  timelines.add('a', 1);
  using watch = watching(timelines, 5, 2);
  const [first] = [await watch.open('a'), await watch.open('a')];
  expect(await caught(watch.open('a'))).toMatchObject({
    code: 'rate_limited',
    message: expect.stringContaining('"reader" may have 2 streams of events open at once'),
  });
  expect((await watch.open('a', 0, { ...reader, id: 'another', name: 'another' })).events).not.toBeNull();
  first.leave();
  expect((await watch.open('a')).events).not.toBeNull();
});

test('one stream more than are held is refused in words, and has a place once another has left, read or not', async () => {
  const timelines = new Runs();
  timelines.add('a', 1);
  using watch = watching(timelines, 2);
  const [first, second] = [await watch.open('a'), await watch.open('a')];
  const refusal = await caught(watch.open('a'));
  expect(refusal).toMatchObject({ code: 'unavailable' });
  expect(String(refusal)).toContain('All 2 streams of events');
  // Neither an id that is not known nor a run that is over keeps a place.
  second.leave();
  expect(await caught(watch.open('b'))).toMatchObject({ code: 'not_found' });
  timelines.add('over', 1);
  timelines.move('over', { isOver: true });
  expect(await watch.open('over', 1)).toMatchObject({ events: null });
  const third = await watch.open('a');
  first.leave();
  const fourth = await watch.open('a');
  third.leave();
  expect(await third.read()).toEqual([]);
  const fifth = await watch.open('a');
  expect(await caught(watch.open('a'))).toMatchObject({ code: 'unavailable' });
  for (const reader of [fourth, fifth]) reader.leave();
});

test('readers outlast a database that is away, and miss nothing; who comes meanwhile is told', async () => {
  const timelines = new Runs();
  timelines.add('a', 1);
  using watch = watching(timelines);
  const reader = await watch.open('a');
  const done = reader.read();
  await until(() => reader.seen.length === 1, 'it has what was there');
  timelines.away = true;
  const before = timelines.asked.heads;
  timelines.move('a', { version: 2, isOver: true });
  await until(() => timelines.asked.heads > before, 'it was looked for in vain');
  timelines.add('b', 1);
  expect(await caught(watch.open('b'))).toMatchObject({ code: 'unavailable' });
  timelines.away = false;
  expect(await done).toEqual([1, 2]);
  expect((await watch.open('b')).events).not.toBeNull();
});

test('a history that lacks its last events ends all the same', async () => {
  const timelines = new Runs();
  timelines.add('a', 3);
  timelines.move('a', { isOver: true });
  const watch = createWatch({ ...timelines.store, events: async () => [] }, timelines.hints, 1);
  const events = await watch.open(reader, 'a', 0);
  expect(await events?.next()).toEqual({ done: true, value: undefined });
});

test('a closed watch ends those who read and those who come as unavailable', async () => {
  const timelines = new Runs();
  timelines.add('a', 1);
  const watch = createWatch(timelines.store, timelines.hints, 10);
  const events = await watch.open(reader, 'a', 1);
  const next = caught(events?.next() ?? Promise.resolve());
  watch.close();
  expect(await next).toMatchObject({ code: 'unavailable' });
  expect(await caught(watch.open(reader, 'a', 1))).toMatchObject({ code: 'unavailable' });
});
