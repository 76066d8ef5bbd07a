// Several providers at once: each run lives at one of them, is followed and stopped there, and waits while that one is left out.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../server/provider/sandbox/server.ts';
import { expectSafe } from '../picture.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const NOW = Date.now();

/** A goldtune with two providers of its own, `one` and `other`; which of them are configured, a file says. */
async function startAtTwo(entries: string) {
  await using parts = new AsyncDisposableStack();
  const other = parts.use(await startSandbox({ ledgerPath: ':memory:', now: () => NOW }));
  const world = parts.use(await startWorld({ start: false }));
  const path = join(world.env['DATA_DIR'] ?? '', 'providers.yaml');
  const configure = (text: string) =>
    writeFile(path, text.replace('{one}', world.sandbox.url).replace('{other}', other.url));
  Object.assign(world.env, { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', PROVIDERS_FILE: path, KEY: 'sandbox' });
  await configure(entries);
  await world.start();
  const both = {
    jobs: () => [...world.ledger.jobs(), ...other.ledger.jobs()],
    files: () => [...world.ledger.files(), ...other.ledger.files()],
  };
  const running = parts.move();
  return {
    world,
    other,
    restart: async (text: string) => {
      await world.stop();
      await configure(text);
      await world.start();
    },
    async [Symbol.asyncDispose]() {
      await using _ = running;
      // A run's jobs are in one of two ledgers, which the world alone does not know.
      await expectSafe(world.app.db, both);
      await world.stop();
    },
  };
}

const ONE = '  - { name: one, kind: openai, address: "{one}", api_key_env: KEY }\n';
const OTHER = '  - { name: other, kind: openai, address: "{other}", api_key_env: KEY }\n';

async function runAt(world: World, sandbox: Sandbox, model_provider: string) {
  const { connection } = await world.seed();
  const base_llm = { model_provider, model_name: 'gpt-4.1-mini' };
  const run = await world.trpc.finetunings.create.mutate({ db_connection_id: connection.id, base_llm });
  const { finetuning_job_id } = await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
  sandbox.ledger.startRunningNow(finetuning_job_id ?? '');
  return world.reached(run.id, (seen) => seen.status === 'running', 'running');
}

const jobsOf = (sandbox: Sandbox, run: string) =>
  sandbox.ledger.jobs().flatMap(({ metadata, status }) => (metadata?.['goldtune_finetuning'] === run ? [status] : []));

test('a run whose provider was left out of the file waits and says so, the others go on, and so does it when it is back', async () => {
  await using two = await startAtTwo(`providers:\n${ONE}${OTHER}`);
  const { world, other } = two;
  const here = await runAt(world, world.sandbox, 'one');
  const there = await runAt(world, other, 'other');
  expect(jobsOf(world.sandbox, here.id)).toEqual(['running']);
  expect(jobsOf(other, there.id)).toEqual(['running']);

  await two.restart(`providers:\n${ONE}`);
  expect(bodyOf(await world.cancel(there.id, {}, { prefer: 'respond-async' }), 202)).toMatchObject({
    status: 'running',
    cancellation: { state: 'requested' },
  });
  await world.says('lives at a provider that is not configured');
  const { waiting } = await world.reached(there.id, (seen) => seen.waiting !== null, 'waiting');
  expect(waiting?.for).toMatch(/^It lives at another provider /);
  expect(waiting?.for).toContain(new URL(other.url).host);
  expect(waiting?.for).toContain('PROVIDERS_FILE');
  const told = await world.trpc.finetunings.events.query({ id: there.id });
  expect(told.filter(({ type }) => type === 'other_provider')).toHaveLength(1);

  bodyOf(await world.cancel(here.id), 200);
  expect(jobsOf(world.sandbox, here.id)).toEqual(['cancelled']);
  await world.sweep();
  expect(jobsOf(other, there.id)).toEqual(['running']);
  expect(other.ledger.files().map(({ id }) => id)).toEqual([there.finetuning_file_id]);

  // Under another name, at an address that is spelt otherwise, and as the standard one: it is the same provider.
  await two.restart(`default: renamed\nproviders:\n${ONE}${OTHER.replace('other,', 'renamed,').replace('}"', '}/"')}`);
  const stopped = await world.reached(there.id, (seen) => seen.status === 'cancelled', 'cancelled');
  expect(stopped).toMatchObject({ waiting: null, cancellation: { evidence: 'provider_cancelled' } });
  expect(jobsOf(other, there.id)).toEqual(['cancelled']);
});

/** A job as one that was created behind our back would look. */
async function strayAt(sandbox: Sandbox, finetuning: string) {
  const provider = new OpenAI({ baseURL: sandbox.url, apiKey: 'sandbox', maxRetries: 0 });
  const [file] = sandbox.ledger.files();
  if (!file) throw new Error('the sandbox holds no file to train on');
  const { id } = await provider.fineTuning.jobs.create({
    model: 'gpt-4.1-mini',
    training_file: file.id,
    metadata: {
      goldtune_finetuning: finetuning,
      goldtune_attempt: '1',
      goldtune_deployment: 'default',
      made_by_test: 'yes',
    },
  });
  return () => sandbox.ledger.jobs().find((job) => job.id === id)?.status;
}

test('the janitor looks at each provider, also where another does not answer, and at none for runs of another', async () => {
  await using two = await startAtTwo(`providers:\n${ONE}${OTHER}`);
  const { world, other } = two;
  const here = await runAt(world, world.sandbox, 'one');
  const there = await runAt(world, other, 'other');
  const strays = { here: await strayAt(world.sandbox, here.id), there: await strayAt(other, there.id) };
  const elsewhere = { here: await strayAt(world.sandbox, there.id), there: await strayAt(other, here.id) };

  world.faults.always('jobs.list', { kind: 'status', status: 503 });
  world.faults.always('files.list', { kind: 'status', status: 503 });
  await world.sweep();
  await world.until(() => strays.there() === 'cancelled', 'the stray of the one that answers is stopped');
  expect(strays.here()).not.toBe('cancelled');

  world.faults.clear();
  await world.sweep();
  await world.until(() => strays.here() === 'cancelled', 'the other stray is stopped');
  for (const status of [elsewhere.here(), elsewhere.there()]) expect(status).not.toBe('cancelled');
  expect(jobsOf(world.sandbox, here.id)).toContain('running');
  expect(await world.get(here.id)).toMatchObject({ status: 'running' });
  expect(await world.get(there.id)).toMatchObject({ status: 'running' });
  expect(other.ledger.files().map(({ id }) => id)).toEqual([there.finetuning_file_id]);
});
