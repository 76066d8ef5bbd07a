// What processes tell each other of their callers, on Postgres: one sum, of one minute.
import { expect, test } from 'vitest';
import { openDatabase } from '../../server/storage/database.ts';
import { countStore } from '../../server/storage/limit-counts.ts';
import { createDatabase } from '../postgres/database.ts';

const counts = (entries: Record<string, number>) => new Map(Object.entries(entries));

test('processes that add at once, in whatever order, get one sum and never wait for each other for good', async () => {
  await using database = await createDatabase();
  await using one = await openDatabase({ url: database.url }, () => {});
  await using other = await openDatabase({ url: database.url }, () => {});
  const adding = Array.from({ length: 100 }, (_, index) =>
    countStore((index % 2 ? one : other).work).add(7, counts(index % 2 ? { a: 1, b: 2 } : { b: 2, a: 1 })),
  );
  const sums = await Promise.all(adding);
  expect(sums.map((sum) => sum.get('a')).sort((x = 0, y = 0) => x - y)).toEqual(adding.map((_, index) => index + 1));
  expect(await countStore(one.work).add(7, counts({ a: 0, b: 0 }))).toEqual(counts({ a: 100, b: 200 }));
});

test('a later minute begins anew, and one that is over adds nothing to it', async () => {
  await using database = await createDatabase();
  await using opened = await openDatabase({ url: database.url }, () => {});
  const store = countStore(opened.work);
  await store.add(7, counts({ a: 50 }));
  expect(await store.add(8, counts({ a: 3 }))).toEqual(counts({ a: 3 }));
  expect(await store.add(7, counts({ a: 50, b: 1 }))).toEqual(counts({ b: 1 }));
  expect(await store.add(8, counts({ a: 1 }))).toEqual(counts({ a: 4 }));
  // After the clock was set back.
  expect(await store.add(2, counts({ a: 1 }))).toEqual(counts({ a: 1 }));
});
