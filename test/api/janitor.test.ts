// The janitor: what is at the provider and should not be there.
import { isNull } from 'drizzle-orm';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { providerCalls } from '../../drizzle/schema.ts';
import { startWorld, type World } from '../world.ts';

const openai = (world: World) => new OpenAI({ baseURL: world.sandbox.url, apiKey: 'sandbox', maxRetries: 0 });

const EXAMPLE = '{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}\n';

/** A job as one that was created behind our back would look. */
async function strayJob(world: World, finetuning: string, deployment = 'default') {
  const file = world.ledger.files()[0];
  if (!file) throw new Error('the sandbox holds no file to train on');
  return openai(world).fineTuning.jobs.create({
    model: 'gpt-4.1-mini',
    training_file: file.id,
    metadata: {
      goldtune_finetuning: finetuning,
      goldtune_attempt: '1',
      goldtune_deployment: deployment,
      made_by_test: 'yes',
    },
  });
}

const strayFile = (world: World, name: string) =>
  openai(world).files.create({ purpose: 'fine-tune', file: new File([EXAMPLE.repeat(10)], name) });

const statusOf = (world: World, id: string) => world.ledger.jobs().find((job) => job.id === id)?.status;

test('a second job of a run is stopped, the run, its own job and its file go on', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const stray = await strayJob(world, run.id);
  const unneeded = await strayFile(world, `${run.id}.0.jsonl`);
  const isThere = () => world.ledger.files().some(({ id }) => id === unneeded.id);
  // Says that it has looked at the files: a provider that is slow is looked at again in the next round.
  await world.until(async () => {
    await world.sweep();
    return !isThere();
  }, 'the janitor has removed the file that nothing needs');
  await world.until(() => statusOf(world, stray.id) === 'cancelled', 'the second job is stopped');
  expect(await world.get(run.id)).toMatchObject({ status: 'running' });
  expect(world.ledger.files().map(({ id }) => id)).toEqual([run.finetuning_file_id]);
});

test('a job that the list shows under another id than the one we know is the run’s own, and goes on', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const rename = (job: unknown) => ({ ...Object(job), id: 'ftjob-under-another-id' });
  world.faults.always('jobs.list', {
    kind: 'changed_after',
    change: (body) => ({ ...body, data: [body['data']].flat().map(rename) }),
  });
  await world.sweep();
  expect(world.faults.requests.filter(({ operation }) => operation === 'jobs.cancel')).toEqual([]);
  expect(await world.get(run.id)).toMatchObject({ status: 'running' });
});

test('a job of a cancelled run is stopped', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const stray = await strayJob(world, run.id);
  await world.cancel(run.id);
  await world.sweep();
  await world.until(() => statusOf(world, stray.id) === 'cancelled', 'the stray job is stopped');
  expect(await world.get(run.id)).toMatchObject({ status: 'cancelled' });
});

test('one round takes a job and a file that trains for a finetuning that was deleted', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  await world.trpc.finetunings.delete.mutate({ id: run.id });
  await world.until(() => world.ledger.files().length === 0, 'its file is removed');
  const file = await strayFile(world, `${run.id}.1.jsonl`);
  const stray = await strayJob(world, run.id);
  await world.sweep();
  expect(world.ledger.files().map(({ id }) => id)).not.toContain(file.id);
  await world.until(() => statusOf(world, stray.id) === 'cancelled', 'the stray job is stopped');
});

test('jobs of other deployments, and of finetunings we never knew, are left alone; the latter are reported', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const foreign = await strayJob(world, run.id, 'another');
  const unknown = await strayJob(world, 'f'.repeat(24));
  await world.sweep();
  expect([statusOf(world, foreign.id), statusOf(world, unknown.id)]).not.toContain('cancelled');
  expect(world.log).toContainEqual({ level: 'error', message: expect.stringContaining('we never knew') });
  for (const job of [foreign, unknown]) await openai(world).fineTuning.jobs.cancel(job.id);
});

test('a job of a finetuning we never knew is stopped where the operator asked for that, and the call is on record', async () => {
  await using world = await startWorld({ env: { STOP_UNKNOWN_JOBS: 'true' } });
  const run = await world.createIn('running');
  const foreign = await strayJob(world, 'f'.repeat(24), 'another');
  const unknown = await strayJob(world, 'f'.repeat(24));
  await world.sweep();
  expect([statusOf(world, unknown.id), statusOf(world, foreign.id)]).toEqual(['cancelled', 'validating_files']);
  expect(await world.get(run.id)).toMatchObject({ status: 'running' });
  const calls = await world.app.db.select().from(providerCalls).where(isNull(providerCalls.finetuning_id));
  expect(calls).toMatchObject([{ kind: 'cancel', job_id: unknown.id, state: 'done', detail: 'cancelled' }]);
  await openai(world).fineTuning.jobs.cancel(foreign.id);
});

test('a file that an upload left behind is removed, files of others are left alone', async () => {
  await using world = await startWorld();
  const run = await world.createIn('cancelled');
  const upload = (name: string) =>
    openai(world).files.create({
      purpose: 'fine-tune',
      file: new File([EXAMPLE], name),
    });
  const left = await upload(`${run.id}.1.jsonl`);
  const [others, unknown] = [await upload('theirs.jsonl'), await upload(`${'f'.repeat(24)}.1.jsonl`)];
  await world.sweep();
  const names = world.ledger.files().map((file) => file.id);
  expect(names).not.toContain(left.id);
  expect(names).toEqual(expect.arrayContaining([others.id, unknown.id]));
});

test('the file of a run whose create came too early is the run’s own, and stays', async () => {
  await using world = await startWorld();
  const message = "The specified file 'file-1' is not ready: its state is 'Pending'.";
  world.faults.always('jobs.create', { kind: 'status', status: 400, body: { error: { message } } });
  const run = await world.create();
  const refused = async () =>
    (await world.trpc.finetunings.events.query({ id: run.id })).some(({ type }) => type === 'submission_refused');
  await world.until(refused, 'the create was refused as too early');
  const files = world.ledger.files().map(({ id }) => id);
  await world.sweep();
  expect(world.ledger.files().map(({ id }) => id)).toEqual(files);
  world.faults.clear();
  expect(await world.reached(run.id, ({ finetuning_job_id }) => finetuning_job_id !== null, 'submitted')).toMatchObject(
    { finetuning_file_id: files[0] },
  );
});
