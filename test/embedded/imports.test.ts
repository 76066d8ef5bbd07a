// Many records on the embedded database: stored in short transactions, seen all at once or not at all.
import { isNotNull, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { goldenRecords, imports } from '../../drizzle/schema.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { rowCounts } from '../picture.ts';
import { storeOn } from '../store.ts';
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
