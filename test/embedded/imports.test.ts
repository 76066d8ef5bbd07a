// Many records on the embedded database: stored in short transactions, seen all at once or not at all.
import { isNotNull, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { goldenRecords, imports } from '../../drizzle/schema.ts';
import { newId } from '../../server/finetuning/object-id.ts';
import { DEFAULT_ORGANIZATION, type GoldenRecord } from '../../server/finetuning/record.ts';
import { tellNobody } from '../../server/storage/after-commit.ts';
import type { Database } from '../../server/storage/database.ts';
import { createStore } from '../../server/storage/store.ts';
import { rowCounts } from '../picture.ts';
import { by, storeOn } from '../store.ts';
import { startWorld, type World } from '../world.ts';

const MANY = 3000;

/** A connection whose SQL no parser looks at, and records for it. */
async function prepared(world: World, count = MANY) {
  const { id } = await world.trpc.dbConnections.create.mutate({ alias: 'x', dialect: 'oracle' });
  const records = Array.from({ length: count }, (_, index) => ({
    prompt_text: `question ${index}`,
    sql: `SELECT ${index}`,
    db_connection_id: id,
  }));
  return {
    id,
    records,
    visible: () => storeOn(world.app.db).goldenRecords.idsOf(DEFAULT_ORGANIZATION, id),
  };
}

const add = (
  world: World,
  records: readonly { prompt_text: string; sql: string; db_connection_id: string }[],
  signal?: AbortSignal,
) => world.app.service.goldenRecords.add(records, signal);

const staged = (world: World) => world.app.db.$count(goldenRecords, isNotNull(goldenRecords.import_id));

/** Under way: some of its records are stored, and it is not done. */
const begun = (world: World) => world.until(async () => (await staged(world)) > 0, 'some records are stored');

type Hooks = { transaction?: (begin: () => Promise<unknown>) => Promise<unknown>; delete?: () => never };

/** A store on the same database, in which each transaction, and each delete, is for a test to let through. */
function storeWith(world: World, hooks: Hooks) {
  const { db } = world.app;
  const transaction = (...input: Parameters<Database['transaction']>) => {
    const begin = () => db.transaction(...input);
    return hooks.transaction ? hooks.transaction(begin) : begin();
  };
  const hooked: Database = Object.assign(Object.create(db), {
    transaction,
    delete: (...input: Parameters<Database['delete']>) => (hooks.delete ? hooks.delete() : db.delete(...input)),
  });
  return createStore(hooked, tellNobody, (_by, _effect, statement) => statement(hooked), 'one');
}

/** More than one short transaction adds. */
const SEVERAL = 300;

/** As the service makes them of what it is given. */
const proposed = (db_connection_id: string, count = SEVERAL): GoldenRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    id: newId(),
    organization_id: DEFAULT_ORGANIZATION,
    db_connection_id,
    prompt_text: `question ${index}`,
    sql: `SELECT ${index}`,
    metadata: null,
    warnings: [],
    content_hash: `content ${index}`,
    created_at: new Date().toISOString(),
    deleted_at: null,
  }));

const diskIsFull = () => {
  throw Object.assign(new Error('no space left'), { code: '53100' });
};

test('an import of thousands held the database from everybody else: others are answered between its statements, and see all of it or nothing', async () => {
  await using world = await startWorld();
  const { records, visible } = await prepared(world);
  let isOver = false;
  const importing = add(world, records).finally(() => {
    isOver = true;
  });
  const seen: { stored: number; visible: number }[] = [];
  while (!isOver) {
    const stored = await staged(world);
    seen.push({ stored, visible: (await visible()).length });
  }
  expect(await importing).toHaveLength(MANY);
  expect(await visible()).toHaveLength(MANY);
  expect(new Set(seen.map((look) => look.visible))).toEqual(
    new Set([0, MANY].slice(0, new Set(seen.map((look) => look.visible)).size)),
  );
  expect(seen.filter((look) => look.stored > 0 && look.stored < MANY).length).toBeGreaterThan(1);
});

test('a record of an import that is not done is not there under its id either, and no run is trained on it', async () => {
  await using world = await startWorld();
  const { id, records } = await prepared(world);
  const stop = new AbortController();
  const importing = add(world, records, stop.signal);
  await begun(world);
  const [row] = await world.app.db.select({ id: goldenRecords.id }).from(goldenRecords).limit(1);
  const answers = await Promise.all([
    world.request('GET', `/api/v1/golden-sqls/${row?.id}`),
    world.request('DELETE', `/api/v1/golden-sqls/${row?.id}`),
    world.request('POST', '/api/v1/finetunings', { db_connection_id: id, golden_records: [row?.id] }),
  ]);
  stop.abort();
  await expect(importing).rejects.toThrow('aborted');
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 422]);
});

test('an import whose caller has gone leaves nothing, and may be sent again', async () => {
  await using world = await startWorld();
  const { records, visible } = await prepared(world);
  const before = await rowCounts(world.app.db);
  const stop = new AbortController();
  const importing = add(world, records, stop.signal);
  await begun(world);
  stop.abort();
  await expect(importing).rejects.toThrow('aborted');
  expect(await rowCounts(world.app.db)).toEqual(before);
  expect((await add(world, records)).filter(({ duplicate }) => duplicate)).toEqual([]);
  expect(await visible()).toHaveLength(MANY);
});

test.each(['/api/v1/golden-sqls', '/trpc/goldenRecords.add'])(
  'a client that hangs up in the middle of an import ends it, at %s',
  async (path) => {
    await using world = await startWorld();
    const { records, visible } = await prepared(world, 10 * MANY);
    const stop = new AbortController();
    const sent = fetch(`${world.app.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(records),
      signal: stop.signal,
    });
    await begun(world);
    stop.abort();
    await expect(sent).rejects.toThrow('aborted');
    await world.until(async () => (await staged(world)) === 0, 'what was stored of it is removed');
    expect(await visible()).toEqual([]);
  },
);

test('what a killed process had stored of an import is gone with the next start', async () => {
  await using world = await startWorld();
  const { records, visible } = await prepared(world, 3);
  const [known] = await add(world, records.slice(0, 1));
  const left = 'e'.repeat(24);
  await world.app.db
    .insert(imports)
    .values({ id: left, organization_id: DEFAULT_ORGANIZATION, created_at: new Date().toISOString() });
  await world.app.db.execute(sql`INSERT INTO golden_records SELECT (jsonb_populate_record(golden_records,
    jsonb_build_object('id', repeat('f', 24), 'content_hash', 'x', 'import_id', ${left}::text))).* FROM golden_records`);
  expect(await visible()).toEqual([known?.id]);
  await world.stop();
  await world.start();
  expect(await visible()).toEqual([known?.id]);
  expect(await rowCounts(world.app.db)).toMatchObject({ golden_records: 1, imports: 0 });
});

test('the same records, added by several at once, few and many, are stored once', async () => {
  await using world = await startWorld();
  const { records, visible } = await prepared(world);
  const answers = await Promise.all([
    add(world, records),
    add(world, records.slice(1000, 1020)),
    add(world, records.toReversed()),
    begun(world).then(() => add(world, records.slice(2000, 2020))),
  ]);
  const ids = await visible();
  expect(ids).toHaveLength(MANY);
  const idOf = new Map(answers[0].map((record) => [record.prompt_text, record.id]));
  for (const record of answers.flat()) expect(record.id).toBe(idOf.get(record.prompt_text));
  expect(answers.flat().filter(({ duplicate }) => !duplicate)).toHaveLength(MANY);
});

test('who adds a record of an import that ends for want of its caller has it stored all the same', async () => {
  await using world = await startWorld();
  const { records, visible } = await prepared(world);
  const stop = new AbortController();
  const importing = add(world, records, stop.signal);
  await begun(world);
  const few = add(world, records.slice(0, 20));
  stop.abort();
  await expect(importing).rejects.toThrow('aborted');
  const stored = await few;
  expect((await visible()).toSorted()).toEqual(stored.map(({ id }) => id).toSorted());
});

test('a record that is hidden while an import has it as one that is there is stored anew', async () => {
  await using world = await startWorld();
  const { records, visible } = await prepared(world);
  const [known] = await add(world, records.slice(0, 1));
  const importing = add(world, records);
  await begun(world);
  await world.app.service.goldenRecords.delete(known?.id ?? '');
  const stored = await importing;
  const shown = await visible();
  expect(shown).toHaveLength(MANY);
  expect(shown).toContain(stored[0]?.id);
});

test('a record that was hidden just before an import was marked as done was answered with: it is stored anew', async () => {
  await using world = await startWorld();
  const { id, visible } = await prepared(world);
  const hooks: Hooks = {};
  const { goldenRecords: store } = storeWith(world, hooks);
  const [known] = (await store.add(DEFAULT_ORGANIZATION, proposed(id, 1), by)) ?? [];
  let isHidden = false;
  hooks.transaction = async (begin) => {
    if (!isHidden && (await staged(world)) === SEVERAL - 1) {
      isHidden = true;
      await store.hide(DEFAULT_ORGANIZATION, known?.id ?? '', new Date().toISOString(), by);
    }
    return begin();
  };
  const stored = (await store.add(DEFAULT_ORGANIZATION, proposed(id), by)) ?? [];
  expect(isHidden).toBe(true);
  expect((await visible()).toSorted()).toEqual(stored.map((record) => record.id).toSorted());
});

test('what a full disk left of an import kept its connection in use until a restart: it does not, and goes with the next', async () => {
  await using world = await startWorld();
  const [{ id }, other] = [await prepared(world), await prepared(world)];
  const hooks: Hooks = {};
  const { goldenRecords: store } = storeWith(world, hooks);
  hooks.transaction = async (begin) => ((await staged(world)) > 0 ? diskIsFull() : begin());
  hooks.delete = diskIsFull;
  await expect(store.add(DEFAULT_ORGANIZATION, proposed(id), by)).rejects.toThrow('the disk is full');
  expect(await staged(world)).toBeGreaterThan(0);
  expect((await world.request('DELETE', `/api/v1/database-connections/${id}`)).status).toBe(200);

  delete hooks.transaction;
  delete hooks.delete;
  await store.add(DEFAULT_ORGANIZATION, proposed(other.id), by);
  expect(await rowCounts(world.app.db)).toMatchObject({ golden_records: SEVERAL, imports: 1 });
});

test('a part of an import that was stored though its answer was lost stayed when the import failed: it is removed too', async () => {
  await using world = await startWorld();
  const { id } = await prepared(world);
  const before = await rowCounts(world.app.db);
  const { goldenRecords: store } = storeWith(world, {
    transaction: async (begin) => {
      await begin();
      throw new Error('Connection terminated');
    },
  });
  await expect(store.add(DEFAULT_ORGANIZATION, proposed(id), by)).rejects.toThrow('was lost');
  expect(await rowCounts(world.app.db)).toEqual(before);
});

test('who waited for an import waited on after hanging up, among any number: they leave at once, and one too many is refused', async () => {
  await using world = await startWorld();
  const { id, visible } = await prepared(world);
  const held = Promise.withResolvers<void>();
  let begins = 0;
  let refused = 0;
  const { goldenRecords: store } = storeWith(world, {
    transaction: async (begin) => {
      begins += 1;
      if (begins === 2) await held.promise;
      return begin().catch((error: unknown) => {
        refused += 1;
        throw error;
      });
    },
  });
  const importing = store.add(DEFAULT_ORGANIZATION, proposed(id), by);
  await world.until(() => begins === 2, 'a part of it is stored');

  const stop = new AbortController();
  const inItsWay = store.add(DEFAULT_ORGANIZATION, proposed(id, 1), by, stop.signal);
  await world.until(() => refused === 1, 'the few have met a record of the import');
  const crowd = Array.from({ length: 40 }, () => store.add(DEFAULT_ORGANIZATION, proposed(id), by, stop.signal));
  await expect(Promise.race(crowd)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('nothing was stored; try again a little later'),
  });
  stop.abort();
  const failures = (await Promise.allSettled([inItsWay, ...crowd])).map((end) => Object(end).reason?.name);
  expect(new Set(failures)).toEqual(new Set(['AbortError', 'DomainError']));
  expect(failures[0]).toBe('AbortError');

  const next = store.add(DEFAULT_ORGANIZATION, proposed(id), by);
  held.resolve();
  const ids = (await importing)?.map((record) => record.id);
  expect((await next)?.map((record) => record.id)).toEqual(ids);
  expect(await visible()).toHaveLength(SEVERAL);
});

test('a connection that is deleted while records are added to it is either refused, or has none', async () => {
  await using world = await startWorld();
  const { id, records } = await prepared(world);
  const importing = add(world, records).then(
    () => 'stored',
    () => 'refused',
  );
  const { status } = await world.request('DELETE', `/api/v1/database-connections/${id}`);
  expect([await importing, status]).toEqual(status === 200 ? ['refused', 200] : ['stored', 409]);
});

test('the database itself keeps what was seen: a record of an import that is done is not deleted, and stays done', async () => {
  await using world = await startWorld();
  const { records } = await prepared(world, 200);
  await add(world, records);
  await expect(world.app.db.delete(goldenRecords)).rejects.toMatchObject({
    cause: { message: expect.stringContaining('history is kept') },
  });
  await expect(world.app.db.update(imports).set({ done_at: null })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('stays so') },
  });
});
