// A row that holds what nobody should have written, or what a newer goldtune has, is nobody else's trouble.
import { sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { pastGuards } from '../past-guards.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const RUNS = '/api/v1/finetunings';
const listedIds = async (world: World, path = RUNS) =>
  Object.values(Object((await world.request('GET', path)).body)).map((item) => String(Object(item).id));

const progress = (figures: string) =>
  `{"step": 1, "total_steps": 2, "train_loss": 0.5, "valid_loss": null, "estimated_finish": null, ${figures}}`;

describe('what cannot be shown is null, and the run is listed, shown, told of and cancelled', () => {
  test.each([
    ['a figure of 1e308', 'progress', progress('"step": 1e308, "train_loss": -1e308'), { progress: { percent: 100 } }],
    [
      'a figure beyond all numbers',
      'progress',
      progress('"train_loss": 1e400'),
      { progress: { step: 1, train_loss: null, percent: 50 } },
    ],
    [
      'more steps than all',
      'progress',
      progress('"step": 1e308, "total_steps": 1e-300'),
      { progress: { percent: 100 } },
    ],
    ['a figure that is a text', 'progress', progress('"step": "many"'), { progress: { step: null, train_loss: 0.5 } }],
    ['progress that is none', 'progress', '[1, 2]', { progress: null }],
    ['metadata that is no map', 'metadata', '{"a": {"b": 1}}', { metadata: null }],
    ['a wait that says nothing', 'waiting', '{"type": 7}', { waiting: null }],
    ['an attempt that is not known', 'last_tried', '{"action": "dance", "at": "now"}', { waiting: null }],
    ['a dataset that is none', 'dataset', '{}', { dataset: null }],
    ['parameters that are none', 'model_parameters', '3', { base_llm: { model_parameters: null } }],
  ])('%s', async (_what, name, value, shown) => {
    // Left alone for an hour, so that what was put stays.
    await using world = await startWorld({ env: { POLL_INTERVAL_MS: '3600000' } });
    const run = await world.create();
    await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
    const other = await world.create();
    const column = sql.identifier(name);
    const ofRun = sql`finetuning_id = ${run.id} and version = 2`;
    const before = Object(
      await world.app.db.execute(
        sql`select ${column}::text as stored, (select changes::text from events where ${ofRun}) as changes
            from finetunings where id = ${run.id}`,
      ),
    ).rows[0];
    await pastGuards(world, sql`update finetunings set ${column} = ${value}::jsonb where id = ${run.id}`);
    await pastGuards(
      world,
      sql`update events set changes = jsonb_build_object(${name}::text, ${value}::jsonb) where ${ofRun}`,
    );

    expect(bodyOf(await world.request('GET', `${RUNS}/${run.id}`), 200)).toMatchObject(shown);
    expect(await world.trpc.finetunings.list.query({})).toMatchObject([{ id: other.id }, { id: run.id, ...shown }]);
    expect(await listedIds(world)).toEqual([other.id, run.id]);
    const events = await world.trpc.finetunings.events.query({ id: run.id });
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ status: 'cancelled' });

    // Not overwritten with the null that it is shown as.
    const kept = sql`select from finetunings where id = ${run.id} and ${column} = ${value}::jsonb`;
    if (name === 'metadata') expect(Object(await world.app.db.execute(kept)).rows).toHaveLength(1);

    // The history as it was: that the invariants hold is asked of every test at its end.
    await pastGuards(world, sql`update finetunings set ${column} = ${before.stored}::jsonb where id = ${run.id}`);
    await pastGuards(world, sql`update events set changes = ${before.changes}::jsonb where ${ofRun}`);
  });
});

test('an event that changed what is no object took all events of its run with it', async () => {
  await using world = await startWorld();
  const run = await world.createIn('cancelled');
  const ofRun = sql`finetuning_id = ${run.id} and version = 2`;
  const [before] = Object(
    await world.app.db.execute(sql`select changes::text as stored from events where ${ofRun}`),
  ).rows;
  await pastGuards(world, sql`update events set changes = '7'::jsonb where ${ofRun}`);
  expect((await world.trpc.finetunings.events.query({ id: run.id }))[1]).toMatchObject({ id: 2, status: null });
  await pastGuards(world, sql`update events set changes = ${before.stored}::jsonb where ${ofRun}`);
});

test('times that ISO 8601 does not know are shown as the nearest that it does', async () => {
  await using world = await startWorld();
  const run = await world.createIn('cancelled');
  await pastGuards(
    world,
    sql`update finetunings set created_at = '-infinity', updated_at = 'infinity' where id = ${run.id}`,
  );
  await pastGuards(world, sql`update events set created_at = '20000-01-01' where finetuning_id = ${run.id}`);
  await pastGuards(world, sql`update golden_records set created_at = '0044-03-15 BC'`);
  expect(await world.trpc.finetunings.list.query({})).toMatchObject([
    { id: run.id, created_at: '0001-01-01T00:00:00.000Z', updated_at: '9999-12-31T23:59:59.999Z' },
  ]);
  const [event] = await world.trpc.finetunings.events.query({ id: run.id });
  expect(event).toMatchObject({ created_at: '9999-12-31T23:59:59.999Z' });
  const [record] = await world.trpc.goldenRecords.list.query({});
  expect(record).toMatchObject({ created_at: '0001-01-01T00:00:00.000Z' });
});

test('records and connections whose extras cannot be read are shown without them', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed(2);
  await pastGuards(world, sql`update golden_records set metadata = '[1]', warnings = '7' where id = ${records[0]?.id}`);
  await pastGuards(world, sql`update db_connections set metadata = '7'`);
  const page = await world.trpc.goldenRecords.list.query({});
  expect(page.find(({ id }) => id === records[0]?.id)).toMatchObject({ metadata: null, warnings: [] });
  expect(page).toHaveLength(2);
  expect(await world.trpc.dbConnections.list.query({})).toMatchObject([{ id: connection.id, metadata: null }]);
});

test('a status of a newer goldtune is not guessed at: that run says so, and the others are listed, swept and cancelled', async () => {
  await using world = await startWorld();
  const [first, odd, last] = [await world.create(), await world.createIn('running'), await world.createIn('running')];
  await pastGuards(world, sql`alter table finetunings drop constraint finetunings_status`);
  await pastGuards(world, sql`update finetunings set status = 'paused', due_at = now() where id = ${odd.id}`);

  expect(await listedIds(world, `${RUNS}?limit=1`)).toEqual([last.id]);
  // Passed over, and the walk goes on behind it.
  expect(await listedIds(world, `${RUNS}?limit=1&after=${last.id}`)).toEqual([first.id]);
  expect(await listedIds(world)).toEqual([last.id, first.id]);
  expect(world.log).toContainEqual({ level: 'error', message: expect.stringContaining('left out of a list') });

  const words = expect.stringContaining(`finetuning ${odd.id} cannot be read (status)`);
  expect(await world.request('GET', `${RUNS}/${odd.id}`)).toMatchObject({ status: 500, body: { detail: words } });
  expect(await world.cancel(odd.id)).toMatchObject({ status: 500, body: { detail: words } });
  await expect(world.trpc.finetunings.get.query({ id: odd.id })).rejects.toMatchObject({ message: words });

  await world.sweep();
  expect(world.jobsOf(odd.id)).toMatchObject([{ status: 'running' }]);
  for (const { id } of [first, last]) {
    expect(bodyOf(await world.cancel(id), 200)).toMatchObject({ status: 'cancelled' });
  }
  await pastGuards(world, sql`update finetunings set status = 'running' where id = ${odd.id}`);
});

test('a run of an earlier version shows what that did not know as left to the provider, and its tokens as exact', async () => {
  await using world = await startWorld();
  const run = await world.create();
  await pastGuards(
    world,
    sql`update finetunings set dataset = dataset - 'tokens_margin', model_parameters = model_parameters - 'learning_rate' - 'lora'
        where id = ${run.id}`,
  );
  expect(bodyOf(await world.request('GET', `${RUNS}/${run.id}`), 200)).toMatchObject({
    base_llm: { model_parameters: { n_epochs: 3, learning_rate: null, lora: null } },
    dataset: { examples: 12, tokens_exact: true, tokens_margin: 0 },
  });
});
