// What is counted of whom: within a minute, in lanes, and by processes that share a database.
import { expect, test } from 'vitest';
import type { CountStore } from '../../server/access/count-store.ts';
import { openLimits } from '../../server/access/limits.ts';
import type { Lane } from '../../server/finetuning/limits.ts';
import type { Principal } from '../../server/finetuning/principal.ts';

const BEGIN = Date.parse('2026-06-01T00:00:00.000Z');
const person = (name: string): Principal => ({
  organization_id: 'a'.repeat(24),
  who: 'key',
  id: `the key of ${name}`,
  name,
  scopes: ['admin'],
});
const [dashboard, engineer] = [person('dashboard'), person('engineer')];

/** One for several processes, which can be out of reach. */
function storeInMemory() {
  const sums = new Map<string, number>();
  const store = {
    isAway: false,
    asked: 0,
    add: async (minute: number, counts: ReadonlyMap<string, number>) => {
      store.asked += 1;
      if (store.isAway) throw new Error('The database cannot be reached.');
      for (const [counted, calls] of counts) {
        const key = `${minute} ${counted}`;
        sums.set(key, (sums.get(key) ?? 0) + calls);
      }
      return new Map([...counts.keys()].map((counted) => [counted, sums.get(`${minute} ${counted}`) ?? 0]));
    },
  } satisfies CountStore & Record<string, unknown>;
  return store;
}

function counting(store: CountStore | null = null, most: Record<Lane, number> = { calls: 100, stops: 1000 }) {
  const time = { ms: 0 };
  const said: string[] = [];
  const note = (_fields: object, message: string) => void said.push(message);
  const limits = openLimits({
    clock: () => new Date(BEGIN + time.ms).toISOString(),
    log: { info: note, warn: note, error: note },
    most,
    store,
  });
  const take = async (who: Principal, lane: Lane, calls: number) => {
    const taken = await limits.take(who, lane, calls);
    return taken && { left: taken.standing.left, isOver: taken.isOver, reset_s: taken.standing.reset_s };
  };
  return { limits, time, said, take, [Symbol.asyncDispose]: () => limits[Symbol.asyncDispose]() };
}

test('each caller has a limit of their own, and cancels and deletes have another', async () => {
  await using counted = counting();
  expect(await counted.take(dashboard, 'calls', 100)).toMatchObject({ left: 0, isOver: false });
  expect(await counted.take(dashboard, 'calls', 1)).toMatchObject({ left: 0, isOver: true });
  expect(await counted.take(dashboard, 'stops', 1)).toMatchObject({ left: 999, isOver: false });
  expect(await counted.take(engineer, 'calls', 1)).toMatchObject({ left: 99, isOver: false });
});

test('what is refused is not counted: a batch too large leaves what there was for smaller ones', async () => {
  await using counted = counting();
  await counted.take(dashboard, 'calls', 90);
  expect(await counted.take(dashboard, 'calls', 50)).toMatchObject({ left: 10, isOver: true });
  expect(await counted.take(dashboard, 'calls', 10)).toMatchObject({ left: 0, isOver: false });
});

test('with the minute all is forgotten, and until then is said how long that is', async () => {
  await using counted = counting();
  counted.time.ms = 17_500;
  await counted.take(dashboard, 'calls', 100);
  expect(await counted.take(dashboard, 'calls', 1)).toEqual({ left: 0, isOver: true, reset_s: 43 });
  counted.time.ms = 59_999;
  expect(await counted.take(dashboard, 'calls', 1)).toEqual({ left: 0, isOver: true, reset_s: 1 });
  counted.time.ms = 60_000;
  expect(await counted.take(dashboard, 'calls', 1)).toEqual({ left: 99, isOver: false, reset_s: 60 });
});

test('a clock that is set back keeps nobody waiting beyond its minute', async () => {
  await using counted = counting();
  await counted.take(dashboard, 'calls', 100);
  counted.time.ms = -86_400_000;
  expect(await counted.take(dashboard, 'calls', 1)).toMatchObject({ isOver: false });
});

test('processes share a limit again at once after the clock was set back', async () => {
  const store = storeInMemory();
  await using one = counting(store);
  await using other = counting(store);
  await one.take(dashboard, 'calls', 1);
  await one.limits.exchange();
  for (const { time } of [one, other]) time.ms = -86_400_000;
  await one.take(dashboard, 'calls', 60);
  await one.limits.exchange();
  await other.take(dashboard, 'calls', 1);
  await other.limits.exchange();
  expect(await other.take(dashboard, 'calls', 40)).toMatchObject({ left: 39, isOver: true });
});

test('a limit of 0 is none', async () => {
  await using counted = counting(null, { calls: 0, stops: 1000 });
  expect(await counted.take(dashboard, 'calls', 1_000_000)).toBeNull();
});

test('two processes share a limit: each learns what the other has counted, beside what it has counted meanwhile', async () => {
  const store = storeInMemory();
  await using one = counting(store);
  await using other = counting(store);
  await one.take(dashboard, 'calls', 60);
  await other.take(dashboard, 'calls', 30);
  await one.limits.exchange();
  const exchanging = other.limits.exchange();
  await other.take(dashboard, 'calls', 5);
  await exchanging;
  expect(await other.take(dashboard, 'calls', 6)).toMatchObject({ left: 5, isOver: true });
  expect(await other.take(dashboard, 'calls', 5)).toMatchObject({ left: 0, isOver: false });
});

test('nothing is told where nothing was counted, and nothing of a minute that is over', async () => {
  const store = storeInMemory();
  await using counted = counting(store);
  await counted.limits.exchange();
  expect(store.asked).toBe(0);
  store.isAway = true;
  await counted.take(dashboard, 'calls', 60);
  await counted.limits.exchange();
  store.isAway = false;
  counted.time.ms = 60_000;
  await counted.take(engineer, 'calls', 1);
  await counted.limits.exchange();
  expect(await counted.take(dashboard, 'calls', 1)).toMatchObject({ left: 99 });
});

test('without the database each process counts for itself, says so once, and tells the others afterwards', async () => {
  const store = storeInMemory();
  await using one = counting(store);
  await using other = counting(store);
  store.isAway = true;
  await one.take(dashboard, 'calls', 60);
  await one.limits.exchange();
  await one.limits.exchange();
  expect(one.said).toEqual(['limits are counted in each process alone: the database takes no sums now']);
  expect(await one.take(dashboard, 'calls', 41)).toMatchObject({ left: 40, isOver: true });
  store.isAway = false;
  await one.limits.exchange();
  expect(one.said).toHaveLength(2);
  await other.take(dashboard, 'calls', 10);
  await other.limits.exchange();
  expect(await other.take(dashboard, 'calls', 31)).toMatchObject({ left: 30, isOver: true });
});
