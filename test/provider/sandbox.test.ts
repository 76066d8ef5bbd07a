// The sandbox, through the real client over real HTTP: it behaves as the provider's published API says.
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI, { APIConnectionError } from 'openai';
import { describe, expect, test } from 'vitest';
import { isLocal } from '../../server/http/loopback.ts';
import { openLedger, type SandboxOptions, serveSandbox, startSandbox } from '../../server/provider/sandbox/server.ts';
import { Faults } from './faults.ts';

const SPECIFICATION = '../shared/reference/openai-fine-tuning.openapi.json';

/** Its time stands still but for what a test lets pass. */
async function sandbox(options: Partial<SandboxOptions> = {}) {
  let now = Date.now();
  const started = await startSandbox({ ledgerPath: ':memory:', now: () => now, ...options });
  const client = new OpenAI({ baseURL: started.url, apiKey: 'any', maxRetries: 0 });
  const pass = (ms: number) => {
    now += ms;
  };
  return Object.assign(started, { client, pass });
}

/** Validation takes a minute, the queue two, and each step of a training two seconds. */
const MINUTE_MS = 60_000;
const STEP_MS = 2000;
const LONG_MS = 60 * MINUTE_MS;

const examples = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: `q ${index}` },
        { role: 'assistant', content: `SELECT ${index}` },
      ],
    }),
  ).join('\n');

const upload = (client: OpenAI, content = examples(12), name = 'training.jsonl') =>
  client.files.create({ file: new File([content], name), purpose: 'fine-tune' });

async function submit(client: OpenAI, changed: Partial<OpenAI.FineTuning.JobCreateParams> = {}) {
  const file = await upload(client);
  return client.fineTuning.jobs.create({ model: 'gpt-4.1-mini', training_file: file.id, ...changed });
}

test('whoever sees no more than an id, an event or a model name sees that it is a sandbox', async () => {
  await using world = await sandbox();
  const { client } = world;
  const job = await submit(client);
  world.pass(LONG_MS);
  const done = await client.fineTuning.jobs.retrieve(job.id);
  expect(done.status).toBe('succeeded');
  const events = (await client.fineTuning.jobs.listEvents(job.id, { limit: 100 })).data;
  const checkpoints = (await client.fineTuning.jobs.checkpoints.list(job.id)).data;
  expect(job.id).toMatch(/^ftjob-sandbox-[0-9a-f]{24}$/);
  expect(job.training_file).toMatch(/^file-sandbox-[0-9a-f]{24}$/);
  const names = [done.fine_tuned_model, ...done.result_files, ...[...events, ...checkpoints].map(({ id }) => id)];
  expect(names.filter((name) => !name?.includes('sandbox'))).toEqual([]);
  const messages = events.filter(({ type }) => type === 'message').map(({ message }) => message);
  for (const message of [messages[0], messages[1], messages.at(-1)]) {
    expect(message).toMatch(/^sandbox: .*nothing (is|was) trained/);
  }
});

test('a job is validated, queued, run step by step and succeeds, and says at each place that it is a sandbox', async () => {
  await using world = await sandbox();
  const { client } = world;
  const job = await submit(client, {
    suffix: 'my-model',
    method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 2 } } },
  });
  expect(job).toMatchObject({
    status: 'validating_files',
    fine_tuned_model: null,
    trained_tokens: null,
    organization_id: 'org-sandbox',
  });

  const shown = async () => (await client.fineTuning.jobs.retrieve(job.id)).status;
  const seen = [];
  for (const ms of [MINUTE_MS - 1, 1, 2 * MINUTE_MS - 1, 1, 24 * STEP_MS - 1, 1]) {
    world.pass(ms);
    seen.push(await shown());
  }
  expect(seen).toEqual(['validating_files', 'queued', 'queued', 'running', 'running', 'succeeded']);

  const done = await client.fineTuning.jobs.retrieve(job.id);
  expect(done.fine_tuned_model).toMatch(/^ft:gpt-4\.1-mini:sandbox:my-model:/);
  expect(done.trained_tokens).toBeGreaterThan(0);
  const events = [];
  for await (const event of client.fineTuning.jobs.listEvents(job.id, { limit: 7 })) events.push(event);
  expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
  expect(events.filter((event) => event.type === 'metrics')).toHaveLength(24);
  expect(events[0]?.message).toContain('completed');
  expect(events.at(-1)?.message).toContain('created');
  expect(events.every((event) => event.message.startsWith('sandbox:'))).toBe(true);
  expect(events.find((event) => event.type === 'metrics')?.data).toMatchObject({
    step: 24,
    total_steps: 24,
    valid_loss: expect.any(Number),
  });
  const checkpoints = await client.fineTuning.jobs.checkpoints.list(job.id);
  expect(checkpoints.data.map((checkpoint) => checkpoint.step_number)).toEqual([24, 12]);
});

test('a time scale makes all of it go faster by as much', async () => {
  await using world = await sandbox({ timeScale: 60 });
  const job = await submit(world.client);
  world.pass(3 * 1000);
  expect((await world.client.fineTuning.jobs.retrieve(job.id)).status).toBe('running');
  world.pass((36 * STEP_MS) / 60);
  expect((await world.client.fineTuning.jobs.retrieve(job.id)).status).toBe('succeeded');
});

test('a cancel ends a job at once; a second one is refused because it has already completed', async () => {
  await using world = await sandbox();
  const job = await submit(world.client);
  expect((await world.client.fineTuning.jobs.cancel(job.id)).status).toBe('cancelled');
  expect((await world.client.fineTuning.jobs.retrieve(job.id)).finished_at).toEqual(expect.any(Number));
  await expect(world.client.fineTuning.jobs.cancel(job.id)).rejects.toMatchObject({
    status: 400,
    error: { message: expect.stringContaining('already completed'), type: 'invalid_request_error' },
  });
});

describe('a create is refused', () => {
  test('when its training file was deleted, in the shape of OpenAI', async () => {
    await using world = await sandbox();
    const file = await upload(world.client);
    await world.client.files.delete(file.id);
    await expect(
      world.client.fineTuning.jobs.create({ model: 'gpt-4.1-mini', training_file: file.id }),
    ).rejects.toMatchObject({ status: 400, code: 'invalid_file_id', param: 'training_file' });
    expect(world.ledger.jobs()).toEqual([]);
  });

  test('when its validation file was deleted, or never was, in the shape of OpenAI', async () => {
    await using world = await sandbox();
    const file = await upload(world.client);
    await world.client.files.delete(file.id);
    for (const validation_file of [file.id, 'file-none', '']) {
      await expect(submit(world.client, { validation_file })).rejects.toMatchObject({
        status: 400,
        code: 'invalid_file_id',
        param: 'validation_file',
        message: expect.stringContaining(`invalid validation_file: ${validation_file}`),
      });
    }
    expect(world.ledger.jobs()).toEqual([]);
    const kept = await upload(world.client);
    expect((await submit(world.client, { validation_file: kept.id })).validation_file).toBe(kept.id);
    expect((await submit(world.client, { validation_file: null })).validation_file).toBeNull();
  });

  test.each([
    [{ model: 'gpt-9' }, 'model'],
    [
      { method: { type: 'supervised' as const, supervised: { hyperparameters: { n_epochs: 51 } } } },
      'method.supervised.hyperparameters.n_epochs',
    ],
    [{ metadata: { ['k'.repeat(65)]: 'v' } }, 'metadata'],
    [{ suffix: 's'.repeat(65) }, 'suffix'],
  ])('when it asks for what is not to be had: %j', async (changed, param) => {
    await using world = await sandbox({ models: ['gpt-4.1-mini'] });
    await expect(submit(world.client, changed)).rejects.toMatchObject({
      status: 400,
      error: { param: expect.stringContaining(param) },
    });
  });
});

test('a job needs its training file until it is validated, and fails without it; later it outlives it', async () => {
  await using world = await sandbox();
  const early = await submit(world.client);
  await world.client.files.delete(early.training_file);
  expect(await world.client.fineTuning.jobs.retrieve(early.id)).toMatchObject({
    status: 'failed',
    error: { code: 'invalid_training_file', message: expect.stringContaining('not found') },
  });
  const late = await submit(world.client);
  world.pass(MINUTE_MS);
  await world.client.files.delete(late.training_file);
  expect((await world.client.fineTuning.jobs.retrieve(late.id)).status).toBe('queued');
});

test('a file with fewer than 10 examples fails the job in validation', async () => {
  await using world = await sandbox();
  const file = await upload(world.client, examples(9));
  const job = await world.client.fineTuning.jobs.create({ model: 'gpt-4.1-mini', training_file: file.id });
  world.pass(MINUTE_MS);
  const failed = await world.client.fineTuning.jobs.retrieve(job.id);
  expect(failed).toMatchObject({ status: 'failed' });
  expect(failed.error).toMatchObject({ param: 'training_file', message: expect.stringContaining('at least 10') });
});

test.each([
  ['not json', 'not JSON'],
  ['{"messages":[{"role":"user","content":"q"}]}', 'assistant'],
])('a file that is not chat JSONL is refused naming its line: %s', async (line, reason) => {
  await using world = await sandbox();
  await expect(upload(world.client, `${examples(1)}\n${line}`)).rejects.toMatchObject({
    status: 400,
    error: { message: expect.stringMatching(new RegExp(`line 2.*${reason}`)) },
  });
});

test('jobs are listed newest first, by page and by metadata', async () => {
  await using world = await sandbox();
  const made = [];
  for (const team of ['a', 'b', 'a']) made.push((await submit(world.client, { metadata: { team } })).id);
  const listed = [];
  for await (const job of world.client.fineTuning.jobs.list({ limit: 2 })) listed.push(job.id);
  expect(listed).toEqual(made.toReversed());
  const ofTeam = await world.client.fineTuning.jobs.list({ metadata: { team: 'b' } });
  expect(ofTeam.data.map((job) => job.id)).toEqual([made[1]]);
});

test('files can be listed, shown, downloaded and deleted', async () => {
  await using world = await sandbox();
  const file = await upload(world.client, examples(3), 'three.jsonl');
  expect((await world.client.files.list()).data).toMatchObject([
    { id: file.id, filename: 'three.jsonl', bytes: file.bytes },
  ]);
  expect(await (await world.client.files.content(file.id)).text()).toBe(examples(3));
  expect(await world.client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true });
  await expect(world.client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404 });
  await expect(world.client.files.delete(file.id)).rejects.toMatchObject({ status: 404 });
});

test('what it remembers survives a restart, and is shared by processes on the same file', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'goldtune-sandbox-'));
  const ledgerPath = join(directory, 'sandbox.sqlite');
  try {
    let job: { id: string };
    let ledgerId: string;
    {
      await using first = await sandbox({ ledgerPath });
      await using beside = await sandbox({ ledgerPath });
      job = await submit(first.client);
      ledgerId = first.ledger.id;
      expect((await beside.client.fineTuning.jobs.retrieve(job.id)).id).toBe(job.id);
    }
    await using again = await sandbox({ ledgerPath });
    expect(again.ledger.id).toBe(ledgerId);
    expect((await again.client.fineTuning.jobs.cancel(job.id)).status).toBe('cancelled');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test('a ledger from before ids said sandbox goes on working: its job is shown, listed, followed and cancelled', async () => {
  await using world = await sandbox();
  const { client, ledger } = world;
  const made = await submit(client);
  const before = ledger.job(made.id);
  if (!before) throw new Error('the job is not in the ledger');
  const id = `ftjob-${'0123456789ab'.repeat(2)}`;
  ledger.addJob([], () => ({ ...before, id, training_file: `file-${'ab'.repeat(12)}` }));
  world.pass(3 * MINUTE_MS);
  expect((await client.fineTuning.jobs.retrieve(id)).status).toBe('running');

  const events = [];
  for await (const event of client.fineTuning.jobs.listEvents(id, { limit: 2 })) events.push(event.message);
  expect(events.at(-1)).toContain(id);
  expect((await client.fineTuning.jobs.list()).data.map((job) => job.id)).toEqual([id, made.id]);
  expect((await client.fineTuning.jobs.cancel(id)).status).toBe('cancelled');
});

test('an idle connection is kept: a client that was stopped for a while is not cut off as it sends its next request', async () => {
  await using world = await sandbox();
  const answer = await fetch(`${world.url}/files`, { headers: { authorization: 'Bearer x' } });
  expect(answer.headers.get('keep-alive')).toBe('timeout=600');
});

test('a request without a key, and one to an unknown address, get errors in the shape of OpenAI', async () => {
  await using world = await sandbox();
  const bare = await fetch(`${world.url}/files`);
  expect([bare.status, await bare.json()]).toMatchObject([401, { error: { code: 'missing_api_key' } }]);
  const lost = await fetch(`${world.url}/nothing`, { headers: { authorization: 'Bearer x' } });
  expect([lost.status, await lost.json()]).toMatchObject([404, { error: { code: 'unknown_url' } }]);
  expect(lost.headers.get('x-goldtune-sandbox')).toBe('true');
});

describe('a sandbox with a key of its own', () => {
  const apiKey = 'key-of-this-start';
  const guarded = () => sandbox({ apiKey, isLocal });
  /** The Host of `fetch` cannot be chosen. */
  const asked = (url: string, method: string, headers: OutgoingHttpHeaders) =>
    new Promise<number>((resolve, reject) => {
      const asking = request(url, { method, headers: { authorization: `Bearer ${apiKey}`, ...headers } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asking.on('error', reject).end();
    });

  test('showed the training file to whoever found its port', async () => {
    await using world = await guarded();
    const owner = new OpenAI({ baseURL: world.url, apiKey, maxRetries: 0 });
    const file = await upload(owner);
    const paths = ['/files', `/files/${file.id}`, `/files/${file.id}/content`, '/fine_tuning/jobs', '/nothing'];
    for (const path of paths) {
      for (const authorization of ['', 'Bearer sandbox', `Bearer ${apiKey}x`, apiKey]) {
        const answer = await fetch(`${world.url}${path}`, { headers: { authorization } });
        expect([answer.status, await answer.text()]).toEqual([401, expect.not.stringContaining('training')]);
      }
    }
    for (const method of ['POST', 'DELETE']) {
      expect((await fetch(`${world.url}/files/${file.id}`, { method })).status).toBe(401);
    }
    expect(world.ledger.files()).toHaveLength(1);
    expect(await (await owner.files.content(file.id)).text()).toBe(examples(12));
  });

  test.each([
    ['a name bound to this machine', { host: 'rebound.example' }, 403],
    ['a page of another site', { origin: 'https://page.example' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['this machine', { host: 'localhost:80', origin: 'http://127.0.0.1:3000' }, 200],
  ])('is asked by %s', async (_who, headers, status) => {
    await using world = await guarded();
    expect(await asked(`${world.url}/files`, 'GET', headers)).toBe(status);
  });

  test.each([
    ['/files', 600_000_000],
    ['/fine_tuning/jobs', 2_000_000],
  ])('takes no body beyond what it has a use for, and reads none of it: %s', async (path, length) => {
    await using world = await guarded();
    const headers = { authorization: `Bearer ${apiKey}`, 'content-length': length };
    const asking = request(`${world.url}${path}`, { method: 'POST', headers }).on('error', () => {});
    asking.flushHeaders();
    const [answer] = await once(asking, 'response');
    expect(answer.statusCode).toBe(413);
    asking.destroy();
  });
});

test('a list is read page by page from the ledger, whatever was added or removed meanwhile', async () => {
  await using world = await sandbox();
  const made: string[] = [];
  for (let index = 0; index < 7; index++) made.push((await upload(world.client, examples(12), `${index}.jsonl`)).id);
  const listed = async (query: OpenAI.FileListParams) => {
    const ids: string[] = [];
    for await (const file of world.client.files.list(query)) {
      ids.push(file.id);
      if (ids.length === 3) await upload(world.client);
    }
    return ids;
  };
  expect(await listed({ limit: 2 })).toEqual(made.toReversed());
  expect((await listed({ limit: 3, order: 'asc' })).slice(0, 7)).toEqual(made);
  const first = await world.client.files.list({ limit: 2, order: 'asc' });
  await world.client.files.delete(made[2] ?? '');
  expect((await first.getNextPage()).data.map(({ id }) => id)).toEqual(made.slice(3, 5));

  const job = await submit(world.client, { metadata: { of: 'one' } });
  for (let index = 0; index < 5; index++) await submit(world.client, { metadata: { of: 'others' } });
  const found = world.client.fineTuning.jobs.list({ limit: 1, metadata: { of: 'one' } });
  expect((await found).data.map(({ id }) => id)).toEqual([job.id]);
  expect((await found).has_more).toBe(false);
});

test('a failed statement was answered with all that it was to store, into what is shown of the run', async () => {
  const failure = new Error('Failed query: insert into "sandbox_entries" params: file-x,TRAINING CONTENT');
  for (const status of [500, 503] as const) {
    const told: unknown[] = [];
    const onFailure = (error: unknown) => {
      told.push(error);
      return status;
    };
    const ledger = openLedger({ ledgerPath: ':memory:' });
    const failing = Object.assign(ledger, { addFile: () => Promise.reject(failure) });
    await using served = await serveSandbox(failing, { onFailure });
    const client = new OpenAI({ baseURL: served.url, apiKey: 'any', maxRetries: 0 });
    const error = await upload(client).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status, error: { message: expect.stringContaining('The sandbox') } });
    expect(JSON.stringify(error) + String(error)).not.toMatch(/insert|TRAINING|file-x/);
    expect(told).toEqual([failure]);
    ledger.close();
  }
});

test.skipIf(!existsSync(SPECIFICATION))(
  'a job has every field that the published API requires (skips where that is absent)',
  async () => {
    await using world = await sandbox();
    const specification = JSON.parse(readFileSync(SPECIFICATION, 'utf8'));
    const job = await submit(world.client);
    const { required } = specification.components.schemas.FineTuningJob;
    expect(Object.keys(job)).toEqual(expect.arrayContaining(required));
    const file = world.ledger.files()[0];
    expect(Object.keys(file ?? {})).toEqual(
      expect.arrayContaining(specification.components.schemas.OpenAIFile.required),
    );
  },
);

describe('the fault layer', () => {
  test('breaks connections for real, before and after the sandbox has done it', async () => {
    await using faults = new Faults();
    await using world = await sandbox({ intercept: faults.intercept });
    faults.next('files.create', { kind: 'reset_before' });
    await expect(upload(world.client)).rejects.toBeInstanceOf(APIConnectionError);
    expect(world.ledger.files()).toHaveLength(0);
    faults.next('files.create', { kind: 'reset_after' });
    await expect(upload(world.client)).rejects.toBeInstanceOf(APIConnectionError);
    expect(world.ledger.files()).toHaveLength(1);
  });

  test('answers what it is told, and heals', async () => {
    await using faults = new Faults();
    await using world = await sandbox({ intercept: faults.intercept });
    faults.always('*', { kind: 'status', status: 503 });
    await expect(world.client.files.list()).rejects.toMatchObject({ status: 503 });
    faults.clear();
    expect((await world.client.files.list()).data).toEqual([]);
    expect(faults.requests.map((request) => request.operation)).toEqual(['files.list', 'files.list']);
  });
});
