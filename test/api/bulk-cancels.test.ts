// Many runs stopped by one wish: what a preview says, what is taken in, and that nothing of it is lost.
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { bulkCancelRuns, bulkCancels } from '../../drizzle/bulk-cancels.ts';
import { finetunings, organizations } from '../../drizzle/schema.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { pastGuards } from '../past-guards.ts';
import { until } from '../until.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const PATH = '/api/v1/bulk-cancels';
const UNKNOWN = 'a'.repeat(24);

const post = (world: World, body: unknown, headers: Record<string, string> = {}) =>
  world.request('POST', PATH, body, headers);

async function begun(world: World, body: unknown, headers: Record<string, string> = {}) {
  return Object(bodyOf(await post(world, body, headers), 201));
}

const done = (world: World, id: string) =>
  until(async () => {
    const seen = await world.trpc.bulkCancels.get.query({ id });
    return seen.state === 'done' ? seen : null;
  }, 'the bulk cancel is done');

const wishesIn = async ({ app }: World) =>
  (await app.db.select({ at: finetunings.cancel_requested_at }).from(finetunings)).filter(({ at }) => at !== null)
    .length;

test('a preview says what would be stopped and what is past stopping, and changes nothing', async () => {
  await using world = await startWorld();
  const [running, ended] = [await world.createIn('running'), await world.createIn('succeeded')];
  const stopping = await world.createIn('running');
  const cancel = world.faults.hold('jobs.cancel', 'before');
  await world.cancel(stopping.id, undefined, { prefer: 'respond-async' });
  await cancel.reached;

  const preview = bodyOf(await post(world, { all: true, dry_run: true }), 200);
  expect(preview).toMatchObject({
    dry_run: true,
    to_cancel: { count: 1, is_more: false, runs: [{ id: running.id, status: 'running' }] },
    already_stopping: { count: 1, runs: [{ id: stopping.id }] },
    past_stopping: { count: 1, runs: [{ id: ended.id, status: 'succeeded' }] },
  });
  expect(bodyOf(await post(world, { ids: [ended.id, UNKNOWN], dry_run: true }), 200)).toMatchObject({
    to_cancel: { count: 0 },
    past_stopping: { count: 1 },
  });
  expect(await world.app.db.select().from(bulkCancels)).toEqual([]);
  expect(await wishesIn(world)).toBe(1);
  cancel.release();
});

test('what was chosen is stopped and proven, each with the reason; nothing that was started after the preview is', async () => {
  await using world = await startWorld();
  const first = await world.createIn('running');
  const second = await world.createIn('running');
  const preview = Object(bodyOf(await post(world, { where: { status: 'running' }, dry_run: true }), 200));
  const later = await world.createIn('running');

  const made = await begun(world, { where: { status: 'running' }, as_of: preview.as_of, reason: 'a wrong schema' });
  expect(made).toMatchObject({ runs: 2, all: false, where: { status: 'running' }, reason: 'a wrong schema' });
  expect(await done(world, made.id)).toMatchObject({ counts: { cancelled: 2, stopping: 0 }, requested_by: 'local' });
  for (const { id } of [first, second]) {
    expect(await world.get(id)).toMatchObject({ status: 'cancelled', cancellation: { reason: 'a wrong schema' } });
    expect(world.jobsOf(id).map(({ status }) => status)).toEqual(['cancelled']);
  }
  expect(await world.get(later.id)).toMatchObject({ status: 'running', cancellation: null });
  const runs = Object(bodyOf(await world.request('GET', `${PATH}/${made.id}/runs`), 200));
  expect(runs).toMatchObject([
    { id: second.id, outcome: 'cancelled', status: 'cancelled' },
    { id: first.id, outcome: 'cancelled' },
  ]);
  expect(Object(bodyOf(await world.request('GET', PATH), 200))).toMatchObject([{ id: made.id, state: 'done' }]);
});

test('named runs are told of one by one: stopped, too late, deleted since, and such as there never were', async () => {
  await using world = await startWorld();
  const running = await world.createIn('running');
  const ended = await world.createIn('succeeded');
  const made = await begun(world, { ids: [running.id, ended.id, UNKNOWN, running.id] });
  expect(made).toMatchObject({ runs: 3, counts: { unknown: 1, too_late: 1 } });
  await done(world, made.id);
  await world.request('DELETE', `/api/v1/finetunings/${running.id}`);
  const runs = await world.trpc.bulkCancels.runs.query({ id: made.id });
  expect(Object.fromEntries(runs.map(({ id, outcome }) => [id, outcome]))).toEqual({
    [running.id]: 'cancelled',
    [ended.id]: 'too_late',
    [UNKNOWN]: 'unknown',
  });
  // What is deleted is shown to nobody.
  expect(runs.find(({ id }) => id === running.id)).toMatchObject({ alias: null, status: null });
  expect(await world.get(ended.id)).toMatchObject({ cancellation: { state: 'too_late' } });
});

test('sent again with its key it is the same one, also where other runs were started since; another request is refused', async () => {
  await using world = await startWorld();
  await world.createIn('running');
  const headers = { 'idempotency-key': 'night of the wrong schema' };
  const answers = await Promise.all(Array.from({ length: 5 }, () => post(world, { all: true }, headers)));
  const ids = new Set(answers.map((answer) => Object(bodyOf(answer, 201)).id));
  expect(ids.size).toBe(1);
  const later = await world.createIn('running');
  const again = await post(world, { all: true }, headers);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(bodyOf(again, 201)).toMatchObject({ id: [...ids][0], runs: 1 });
  expect(await world.get(later.id)).toMatchObject({ status: 'running', cancellation: null });
  // As somebody has it who has looked once more before sending it again.
  const looked = await post(world, { all: true, as_of: new Date().toISOString() }, headers);
  expect(bodyOf(looked, 201)).toMatchObject({ id: [...ids][0] });
  expect((await post(world, { ids: [later.id] }, headers)).status).toBe(409);
  expect(await world.get(later.id)).toMatchObject({ cancellation: null });
  expect(await world.app.db.$count(bulkCancels)).toBe(1);
});

test.each([
  ['nothing that says which', {}],
  ['two ways at once', { all: true, where: { status: 'running' } }],
  ['no condition', { where: {} }],
  ['a condition that is not known', { where: { db_conection_id: UNKNOWN } }],
  ['a field that is not known', { all: true, dryrun: true }],
  ['a status that is past stopping', { where: { status: 'succeeded' } }],
  ['not all', { all: false }],
  ['no runs', { ids: [] }],
])('%s is refused, and nothing is stopped', async (_, body) => {
  await using world = await startWorld();
  await world.createIn('running');
  const { status, body: told } = await post(world, body);
  expect({ status, told }).toMatchObject({
    status: 422,
    told: { detail: expect.arrayContaining([expect.objectContaining({ msg: expect.any(String) })]) },
  });
  expect(await wishesIn(world)).toBe(0);
  expect(await world.app.db.$count(bulkCancels)).toBe(0);
});

test('runs of another organization are not there for it', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const other = 'f'.repeat(24);
  await world.app.db.insert(organizations).values({ id: other, name: 'other', created_at: new Date().toISOString() });
  await world.app.db.update(finetunings).set({ organization_id: other }).where(eq(finetunings.id, run.id));
  const made = await begun(world, { ids: [run.id] });
  expect(made).toMatchObject({ state: 'done', counts: { unknown: 1 } });
  expect(await begun(world, { all: true })).toMatchObject({ runs: 0, state: 'done' });
  expect(await wishesIn(world)).toBe(0);
});

test('while the provider does not answer they are stopping, and once it does they are stopped', async () => {
  await using world = await startWorld();
  const runs = [await world.createIn('running'), await world.createIn('running')];
  const down = world.faults.hold('jobs.cancel', 'before');
  const made = await begun(world, { ids: runs.map(({ id }) => id) });
  expect(made).toMatchObject({ state: 'stopping', counts: { stopping: 2 } });
  await down.reached;
  down.release();
  expect(await done(world, made.id)).toMatchObject({ counts: { cancelled: 2 } });
});

test('what a process left behind in its middle is gone on with', async () => {
  await using world = await startWorld();
  const runs = [await world.createIn('running'), await world.createIn('running')];
  const long_ago = new Date(Date.now() - 60_000).toISOString();
  const id = 'b'.repeat(24);
  // As the first transaction leaves it.
  await world.app.db.insert(bulkCancels).values({
    ...{ id, organization_id: DEFAULT_ORGANIZATION, chosen: { all: true, where: null }, as_of: long_ago },
    ...{
      asked_by: { who: 'key', id: 'k1', name: 'on call', from: null } as const,
      reason: null,
      created_at: long_ago,
      request_hash: '',
    },
  });
  await world.app.db
    .insert(bulkCancelRuns)
    .values(runs.map((run) => ({ bulk_cancel_id: id, finetuning_id: run.id, organization_id: DEFAULT_ORGANIZATION })));
  expect(await done(world, id)).toMatchObject({ counts: { cancelled: 2 } });
  expect(await world.get(runs[0]?.id ?? '')).toMatchObject({ cancellation: { requested_by: 'on call' } });
});

test('one whose row this version does not understand keeps the others from nothing, is not said to be done, and is asked by the next that does', async () => {
  await using world = await startWorld();
  const [odd, run] = [await world.createIn('running'), await world.createIn('running')];
  // As a newer version of goldtune may leave it.
  await pastGuards(world, sql`alter table finetunings drop constraint finetunings_status`);
  await pastGuards(world, sql`update finetunings set status = 'paused' where id = ${odd.id}`);
  expect(bodyOf(await post(world, { all: true, dry_run: true }), 200)).toMatchObject({ to_cancel: { count: 2 } });
  const made = await begun(world, { all: true });
  expect(made.runs).toBe(2);
  await until(async () => (await world.get(run.id)).status === 'cancelled', 'the other is stopped');
  expect(await world.trpc.bulkCancels.get.query({ id: made.id })).toMatchObject({
    ...{ state: 'storing', stored_at: null, counts: { cancelled: 1, unreadable: 1 } },
  });
  await world.stop();
  await world.start();
  await pastGuards(world, sql`update finetunings set status = 'running' where id = ${odd.id}`);
  await world.stop();
  await world.start();
  expect(await done(world, made.id)).toMatchObject({ counts: { cancelled: 2 } });
});

// The embedded database has one session, which whoever holds a row has then.
test.skipIf(process.env['TEST_DATABASE'] === 'embedded')(
  'a bulk cancel whose run somebody holds kept a younger one waiting',
  async () => {
    await using world = await startWorld();
    const [held, run] = [await world.createIn('running'), await world.createIn('running')];
    const long_ago = new Date(Date.now() - 60_000).toISOString();
    const made = (id: string, finetuning_id: string) => ({ id, finetuning_id });
    const bulks = [made('b'.repeat(24), held.id), made('c'.repeat(24), run.id)];
    const letGo = Promise.withResolvers<void>();
    const holding = Promise.withResolvers<void>();
    const holder = world.app.db.transaction(async (tx) => {
      await tx.execute(sql`select from finetunings where id = ${held.id} for update`);
      holding.resolve();
      await letGo.promise;
    });
    await holding.promise;
    for (const { id, finetuning_id } of bulks) {
      await world.app.db.insert(bulkCancels).values({
        ...{ id, organization_id: DEFAULT_ORGANIZATION, chosen: { all: false, where: null }, as_of: long_ago },
        ...{ asked_by: { who: 'key', id: 'k1', name: 'on call', from: null } as const, reason: null },
        ...{ created_at: long_ago, request_hash: '' },
      });
      await world.app.db
        .insert(bulkCancelRuns)
        .values({ bulk_cancel_id: id, finetuning_id, organization_id: DEFAULT_ORGANIZATION });
    }
    expect(await done(world, 'c'.repeat(24))).toMatchObject({ counts: { cancelled: 1 } });
    letGo.resolve();
    await holder;
    expect(await done(world, 'b'.repeat(24))).toMatchObject({ counts: { cancelled: 1 } });
  },
);

test('a run that was made by a clock ahead of this one is taken in, and shown to be', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  await world.app.db.update(finetunings).set({ created_at: new Date(Date.now() + 3_600_000).toISOString() });
  const preview = Object(bodyOf(await post(world, { all: true, dry_run: true }), 200));
  expect(preview.to_cancel.runs).toMatchObject([{ id: run.id }]);
  const made = await begun(world, { all: true, as_of: preview.as_of });
  expect(await done(world, made.id)).toMatchObject({ counts: { cancelled: 1 } });
});

test('one that was begun before the clock was set back is gone on with', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const id = 'b'.repeat(24);
  await world.app.db.insert(bulkCancels).values({
    ...{ id, organization_id: DEFAULT_ORGANIZATION, chosen: { all: true, where: null }, as_of: later },
    ...{ asked_by: { who: 'key', id: 'k1', name: 'on call', from: null } as const, reason: null },
    ...{ created_at: later, request_hash: '' },
  });
  await world.app.db
    .insert(bulkCancelRuns)
    .values({ bulk_cancel_id: id, finetuning_id: run.id, organization_id: DEFAULT_ORGANIZATION });
  expect(await done(world, id)).toMatchObject({ counts: { cancelled: 1 } });
});

test('where no answer is waited for, the wishes are stored all the same', async () => {
  await using world = await startWorld({ env: { CANCEL_WAIT_MS: '0' } });
  await world.createIn('running');
  expect(await begun(world, { all: true })).toMatchObject({ stored_at: expect.any(String), counts: { storing: 0 } });
});
