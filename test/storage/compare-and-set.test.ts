// Compare-and-set on the version: of two that have read the same row one writes, however they fall together.
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { events, finetunings } from '../../drizzle/schema.ts';
import { requestStop } from '../../server/finetuning/lifecycle/stop.ts';
import { createStore } from '../../server/storage/store.ts';
import { allOf } from '../all-of.ts';
import { storeOn } from '../store.ts';
import { startWorld } from '../world.ts';

const many = { who: 'key', id: 'many', name: 'many', from: '192.0.2.7' } as const;

test('who has lost to another write changes nothing, and is told so', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { db } = world.app;
  const { id } = await world.create();
  const { finetunings } = storeOn(db);
  const before = await finetunings.findAny(id);
  if (!before) throw new Error('it was created');
  const now = new Date().toISOString();
  const ask = (requested_by: string) => {
    const by = { ...many, name: requested_by };
    const wish = { intent: 'cancel', by, metadata: null, reason: null } as const;
    const transition = requestStop(before, wish, now);
    if (!transition) throw new Error('nobody has asked before');
    return finetunings.save(before, transition, now);
  };
  expect(await ask('first')).toMatchObject({ version: 2 });
  expect(await ask('second')).toBeNull();
  expect(await finetunings.findAny(id)).toMatchObject({ version: 2, state: { cancel_requested_by: 'first' } });
  const told = await db.select().from(events).where(eq(events.finetuning_id, id));
  expect(told.map(({ version }) => version).sort()).toEqual([1, 2]);
});

test('of many that are written together, who has lost to another write is left as it is, and so is one that somebody holds', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { db } = world.app;
  const runs = [await world.create(), await world.create(), await world.create(), await world.create()];
  const [lost, held, deleted, plain] = runs.map(({ id }) => id);
  if (!lost || !held || !deleted || !plain) throw new Error('they were created');
  const stops = storeOn(db).stops(Number.POSITIVE_INFINITY);
  const before = await stops.findMany('0'.repeat(24), [...runs.map(({ id }) => id), 'f'.repeat(24)]);
  expect(new Set(before.map(({ id }) => id))).toEqual(new Set(runs.map(({ id }) => id)));
  expect(await stops.findMany('f'.repeat(24), [lost])).toEqual([]);
  const now = new Date().toISOString();
  const changes = before.flatMap((run) => {
    // Of two kinds, as their columns are others.
    const [intent, metadata] =
      run.id === deleted ? (['delete', null] as const) : (['cancel', { why: '"dear"' }] as const);
    const transition = requestStop(run, { by: many, reason: "it's too dear", intent, metadata }, now);
    return transition ? { before: run, transition, wake: false } : [];
  });
  await world.trpc.finetunings.update.mutate({ id: lost, alias: 'another' });
  await db.transaction(async (tx) => {
    await tx.select().from(finetunings).where(eq(finetunings.id, held)).for('update');
    const written = await allOf(stops.saveMany(changes, now));
    expect(new Set(written.map(({ id }) => id))).toEqual(new Set([plain, deleted]));
    // What it says to have written is what is stored.
    for (const run of written) expect(await storeOn(db).finetunings.findAny(run.id)).toEqual(run);
  });
  for (const [id, intent] of [
    [lost, 'run'],
    [held, 'run'],
    [deleted, 'delete'],
    [plain, 'cancel'],
  ] as const) {
    expect(await storeOn(db).finetunings.findAny(id)).toMatchObject({ id, state: { intent } });
    const told = await db.select().from(events).where(eq(events.finetuning_id, id));
    expect(told.length).toBe(id === held ? 1 : 2);
  }
  expect(await allOf(stops.saveMany(changes, now))).toMatchObject([
    { id: held, state: { cancel_requested_by: 'many' } },
  ]);
});

test('of many that are written in several statements, those before one that fails are known to be written', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { db } = world.app;
  const runs = [await world.create(), await world.create()];
  const told: string[] = [];
  let writes = 0;
  const store = createStore(
    db,
    { news() {}, work() {}, stop: (id) => told.push(id) },
    async (_by, effect, statement) => {
      if (effect === 'writes' && ++writes > 1) throw new Error('the database is away');
      return statement(db);
    },
  );
  const stops = store.stops(Number.POSITIVE_INFINITY);
  const now = new Date().toISOString();
  const before = await stops.findMany(
    '0'.repeat(24),
    runs.map(({ id }) => id),
  );
  const changes = before.flatMap((run, index) => {
    // Of two kinds, as their columns are others.
    const metadata = index === 0 ? { why: 'dear' } : null;
    const wish = { intent: 'cancel', by: many, metadata, reason: null } as const;
    const transition = requestStop(run, wish, now);
    return transition ? { before: run, transition, wake: true } : [];
  });
  const written: string[] = [];
  const writing = async () => {
    for await (const { id } of stops.saveMany(changes, now)) written.push(id);
  };
  await expect(writing()).rejects.toThrow('the database is away');
  expect(written).toEqual([before[0]?.id]);
  // Of these alone anybody is told.
  expect(told).toEqual(written);
  expect(await storeOn(db).finetunings.findAny(String(written[0]))).toMatchObject({ state: { intent: 'cancel' } });
  expect(await storeOn(db).finetunings.findAny(String(before[1]?.id))).toMatchObject({ state: { intent: 'run' } });
});
