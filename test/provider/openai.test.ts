// The adapter over the official client: each way an answer can turn out is done, refused or unknown, never guessed.
import { describe, expect, test } from 'vitest';
import type { JobSearch, JobTag, Provider } from '../../server/finetuning/provider.ts';
import { bareRef } from '../../server/finetuning/provider.ts';
import { openAiProvider } from '../../server/provider/openai/provider.ts';
import { startSandbox } from '../../server/provider/sandbox/server.ts';
import { type Fault, Faults } from './faults.ts';

const tag: JobTag = { goldtune_finetuning: 'f'.repeat(24), goldtune_attempt: '1', goldtune_deployment: 'default' };

/** The search for what the attempt of the tag has made. */
const wanted = (file: string | null, attempt = 1): JobSearch => ({
  finetuning: tag.goldtune_finetuning,
  attempt,
  file_ids: file === null ? [] : [file],
});

/** For requests that are answered, and for one that never is. */
const PATIENCE_MS = 300_000;
const IMPATIENCE_MS = 3000;

async function stage(timeoutMs = PATIENCE_MS) {
  const resources = new AsyncDisposableStack();
  const faults = resources.use(new Faults());
  const sandbox = resources.use(await startSandbox({ ledgerPath: ':memory:', intercept: faults.intercept }));
  const provider = openAiProvider({
    apiKey: 'sandbox',
    baseUrl: sandbox.url,
    timeoutMs,
    ledger: 'test',
    sandbox: true,
    models: [],
  });
  return { faults, sandbox, provider, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

const content = Array.from({ length: 12 }, (_, index) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: `${index}` },
      { role: 'assistant', content: 'SELECT 1' },
    ],
  }),
).join('\n');

const upload = (provider: Provider, name = 'a.jsonl') => provider.uploadFile(new File([content], name), PATIENCE_MS);

const create = (provider: Provider, training_file_id: string, jobTag = tag) =>
  provider.createJob({
    model_name: 'gpt-4.1-mini',
    training_file_id,
    n_epochs: 3,
    batch_size: 1,
    learning_rate_multiplier: 'auto',
    learning_rate: null,
    lora: null,
    suffix: null,
    tag: jobTag,
  });

async function submitted(provider: Provider): Promise<{ file: string; job: string }> {
  const file = await upload(provider);
  if (file.kind !== 'done') throw new Error('the upload did not work');
  const job = await create(provider, file.value.id);
  if (job.kind !== 'done') throw new Error('the create did not work');
  return { file: file.value.id, job: job.value.id };
}

const refusal = (status: number): Fault => ({
  kind: 'status',
  status,
  body: { error: { message: 'no', type: 'invalid_request_error', param: null, code: null } },
});

describe('a create that', () => {
  const cases: [what: string, fault: Fault, expected: object, jobs: number][] = [
    ['is reset before it is executed', { kind: 'reset_before' }, { kind: 'unknown' }, 0],
    ['is executed, and its answer lost', { kind: 'reset_after' }, { kind: 'unknown' }, 1],
    ['is never answered', { kind: 'hang' }, { kind: 'unknown' }, 0],
    ['gets 500 before', { kind: 'status', status: 500 }, { kind: 'unknown' }, 0],
    ['gets 500 after', { kind: 'status_after', status: 500 }, { kind: 'unknown' }, 1],
    ['gets 409', refusal(409), { kind: 'unknown' }, 0],
    ['gets 408', refusal(408), { kind: 'unknown' }, 0],
    ['gets malformed JSON', { kind: 'body_after', body: '{"id": ' }, { kind: 'unknown' }, 1],
    ['gets half an answer', { kind: 'truncated' }, { kind: 'unknown' }, 1],
    [
      'gets a page of HTML with 200',
      { kind: 'body_after', body: '<html>hello', type: 'text/html' },
      { kind: 'unknown' },
      1,
    ],
    ['gets JSON that is no job', { kind: 'body_after', body: '{"ok":true}' }, { kind: 'unknown' }, 1],
    ['gets null', { kind: 'body_after', body: 'null' }, { kind: 'unknown' }, 1],
    ['gets 404 from a proxy', { kind: 'status', status: 404, body: 'not here' }, { kind: 'unknown' }, 0],
    ['gets 400', refusal(400), { kind: 'refused', refusal: { code: 'invalid', status: 400 } }, 0],
    ['gets 401', refusal(401), { kind: 'refused', refusal: { code: 'unauthorized' } }, 0],
    [
      'gets 403',
      refusal(403),
      { kind: 'refused', refusal: { code: 'forbidden', message: expect.stringContaining('choose another provider') } },
      0,
    ],
    ['gets 404', refusal(404), { kind: 'refused', refusal: { code: 'missing' } }, 0],
    [
      'gets 429',
      { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
      { kind: 'refused', refusal: { code: 'busy', retry_after_ms: 7000 } },
      0,
    ],
  ];

  test.each(cases)('%s is classified as what it proves, and sent once', async (_what, fault, expected, jobs) => {
    await using world = await stage(fault.kind === 'hang' ? IMPATIENCE_MS : PATIENCE_MS);
    const file = await upload(world.provider);
    world.faults.next('jobs.create', fault);
    const outcome = await create(world.provider, file.kind === 'done' ? file.value.id : '');
    expect(outcome).toMatchObject(expected);
    expect(world.sandbox.ledger.jobs()).toHaveLength(jobs);
    expect(world.faults.requests.filter(({ operation }) => operation === 'jobs.create')).toHaveLength(1);
  });
});

test('a job is read for what it says, however odd the rest of it is', async () => {
  await using world = await stage();
  const { job } = await submitted(world.provider);
  const odd = {
    id: job,
    status: 'paused',
    error: {},
    hyperparameters: null,
    estimated_finish: 0,
    metadata: 7,
    trained_tokens: 'x',
  };
  world.faults.next('jobs.retrieve', { kind: 'body_after', body: JSON.stringify(odd) });
  expect(await world.provider.getJob(bareRef(job))).toEqual({
    kind: 'done',
    value: {
      id: job,
      name: null,
      incarnation: null,
      held: false,
      phase: 'active',
      provider_status: 'paused',
      shown_status: null,
      model_id: null,
      trained_tokens: null,
      error: null,
      estimated_finish: null,
      training_file_id: null,
      tag: {},
    },
  });
  world.faults.next('jobs.retrieve', { kind: 'body_after', body: JSON.stringify({ ...odd, status: 'canceled' }) });
  expect(await world.provider.getJob(bareRef(job))).toMatchObject({ value: { phase: 'cancelled' } });
});

test.each([
  [{ trained_tokens: 12.5 }, { trained_tokens: null }],
  [{ estimated_finish: 1e13 }, { estimated_finish: null }],
  [{ estimated_finish: -1 }, { estimated_finish: null }],
  [{ error: { message: 'a\u0000b \ud800' } }, { error: 'ab \ufffd' }],
  [{ status: 'new\u0000' }, { provider_status: 'new', phase: 'active' }],
])('a job that shows %j is read as something that can be stored', async (odd, read) => {
  await using world = await stage();
  const { job, file } = await submitted(world.provider);
  const shown = { ...world.sandbox.ledger.jobs()[0], ...odd };
  world.faults.next('jobs.retrieve', { kind: 'status', status: 200, body: shown });
  expect(await world.provider.getJob(bareRef(job))).toMatchObject({ kind: 'done', value: { id: job, ...read } });
  world.faults.next('jobs.list', { kind: 'status', status: 200, body: { data: [shown], has_more: false } });
  expect(await world.provider.findJobs(wanted(file))).toMatchObject({
    value: { found: [{ id: job, ...read }] },
  });
});

describe('a search for a job', () => {
  test('reads every page and matches the attempt itself, whatever a filter would say', async () => {
    await using world = await stage();
    const { file, job } = await submitted(world.provider);
    for (let other = 0; other < 120; other++)
      await create(world.provider, file, { ...tag, goldtune_finetuning: 'e'.repeat(24) });
    expect(await world.provider.findJobs(wanted(file))).toMatchObject({
      kind: 'done',
      value: { found: [{ id: job }], incomplete: null },
    });
    expect(world.faults.requests.filter(({ operation }) => operation === 'jobs.list')).toHaveLength(2);
    expect(await world.provider.findJobs(wanted('file-of-another', 2))).toEqual({
      kind: 'done',
      value: { found: [], incomplete: null },
    });
  });

  test('that loses a page proves nothing', async () => {
    await using world = await stage();
    await submitted(world.provider);
    world.faults.next('jobs.list', { kind: 'truncated' });
    expect(await world.provider.findJobs(wanted(null))).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    ['the list leaves its file out', { training_file: null }],
    ['the list shows its file under another id', { training_file: 'file-of-a-gateway' }],
    ['somebody else’s odd value stands beside our tag', { metadata: { ...tag, cost: 3, nothing: null } }],
    ['its attempt has become a number', { metadata: { ...tag, goldtune_attempt: 1 } }],
    ['the deployment was renamed', { metadata: { ...tag, goldtune_deployment: 'renamed' } }],
  ])('finds the job though %s', async (_why, changed) => {
    await using world = await stage();
    const { file, job } = await submitted(world.provider);
    const shown = { ...world.sandbox.ledger.jobs()[0], ...changed };
    world.faults.next('jobs.list', { kind: 'status', status: 200, body: { data: [shown], has_more: false } });
    expect(await world.provider.findJobs(wanted(file))).toMatchObject({ value: { found: [{ id: job }] } });
  });

  test.each([
    ['does not say whether there is more', undefined, 100],
    ['says it in a word', 'true', 20],
    ['says it by a number', 1, 20],
  ])('that %s, and does not page, proves nothing', async (_how, has_more, length) => {
    await using world = await stage();
    const { file } = await submitted(world.provider);
    const data = Array.from({ length }, (_, index) => ({ id: `ftjob-${index}`, status: 'succeeded' }));
    world.faults.always('jobs.list', { kind: 'status', status: 200, body: { data, has_more } });
    expect(await world.provider.findJobs(wanted(file))).toMatchObject({ value: { incomplete: expect.any(String) } });
  });

  test('that does not say whether there is more is asked for it', async () => {
    await using world = await stage();
    const { file, job } = await submitted(world.provider);
    const others = Array.from({ length: 20 }, (_, index) => ({ id: `ftjob-${index}`, status: 'succeeded' }));
    world.faults.next('jobs.list', { kind: 'status', status: 200, body: { data: others } });
    world.faults.next('jobs.list', { kind: 'status', status: 200, body: { data: world.sandbox.ledger.jobs() } });
    world.faults.next('jobs.list', { kind: 'status', status: 200, body: { data: [] } });
    expect(await world.provider.findJobs(wanted(file))).toMatchObject({
      value: { found: [{ id: job }], incomplete: null },
    });
    world.faults.always('jobs.list', { kind: 'status', status: 200, body: { data: others } });
    expect(await world.provider.findJobs(wanted(file))).toMatchObject({ value: { found: [], incomplete: null } });
  });

  test('that goes round for ever ends with what it showed, and says that this is not all', async () => {
    await using world = await stage();
    const { file, job } = await submitted(world.provider);
    const page = { data: world.sandbox.ledger.jobs(), has_more: true };
    world.faults.always('jobs.list', { kind: 'status', status: 200, body: page });
    expect(await world.provider.findJobs(wanted(file))).toMatchObject({
      kind: 'done',
      // Once a page: being found twice is safe.
      value: { found: [{ id: job }, { id: job }], incomplete: expect.stringContaining('nothing new') },
    });
    expect(await world.provider.findJobs(wanted('file-of-another', 2))).toMatchObject({
      value: { found: [], incomplete: expect.any(String) },
    });
    expect(world.faults.requests.filter(({ operation }) => operation === 'jobs.list')).toHaveLength(4);
  });

  test('that loses a later page keeps what the first has shown', async () => {
    await using world = await stage();
    const { file, job } = await submitted(world.provider);
    world.faults.next('jobs.list', {
      kind: 'status',
      status: 200,
      body: { data: world.sandbox.ledger.jobs(), has_more: true },
    });
    world.faults.next('jobs.list', { kind: 'truncated' });
    expect(await world.provider.findJobs(wanted(file))).toMatchObject({
      value: { found: [{ id: job }], incomplete: expect.any(String) },
    });
  });

  test('that holds an entry without an id is not whole, and shows the others', async () => {
    await using world = await stage();
    const { file, job } = await submitted(world.provider);
    const data = [{ status: 'running' }, ...world.sandbox.ledger.jobs()];
    world.faults.next('jobs.list', { kind: 'status', status: 200, body: { data, has_more: false } });
    expect(await world.provider.findJobs(wanted(file))).toMatchObject({
      value: { found: [{ id: job }], incomplete: expect.any(String) },
    });
  });

  test('finds by the file of the attempt where a provider keeps no metadata', async () => {
    await using world = await stage();
    const { file, job } = await submitted(world.provider);
    const [shown] = world.sandbox.ledger.jobs();
    const body = JSON.stringify({ object: 'list', data: [{ ...shown, metadata: null }], has_more: false });
    world.faults.next('jobs.list', { kind: 'body_after', body });
    expect(await world.provider.findJobs(wanted(file))).toMatchObject({
      kind: 'done',
      value: { found: [{ id: job }], incomplete: null },
    });
  });

  test('is not broken by one odd job in the list', async () => {
    await using world = await stage();
    const { file, job } = await submitted(world.provider);
    const [shown] = world.sandbox.ledger.jobs();
    const body = JSON.stringify({
      object: 'list',
      data: [{ id: 'ftjob-odd', status: null, error: 3 }, shown],
      has_more: false,
    });
    world.faults.next('jobs.list', { kind: 'body_after', body });
    expect(await world.provider.findJobs(wanted(file))).toMatchObject({
      kind: 'done',
      value: { found: [{ id: job }], incomplete: null },
    });
  });
});

test('progress is the latest of what the events report', async () => {
  await using world = await stage();
  const { job } = await submitted(world.provider);
  expect(await world.provider.getProgress(bareRef(job))).toEqual({ kind: 'done', value: null });
  world.sandbox.ledger.finishNow(job, 'succeeded');
  expect(await world.provider.getProgress(bareRef(job))).toMatchObject({
    value: { step: 36, total_steps: 36, train_loss: expect.any(Number) },
  });
});

test('figures that cannot be are none, and one odd event hides no other', async () => {
  await using world = await stage();
  const { job } = await submitted(world.provider);
  const figures = [
    { step: 1e308, train_loss: 0.5 },
    { step: -1 },
    { step: 3, total_steps: 1e300, valid_loss: 1e308 },
    null,
  ];
  const data = [...figures.map((one) => ({ type: 'metrics', data: one })), null, 7];
  world.faults.next('jobs.events', { kind: 'status', status: 200, body: { data, has_more: false } });
  expect(await world.provider.getProgress(bareRef(job))).toEqual({
    kind: 'done',
    value: { step: 3, total_steps: null, train_loss: 0.5, valid_loss: null },
  });
});

/** Of another year than ours: a date is read by the clock of who wrote it. */
const PROVIDER_CLOCK = 'Tue, 01 Jan 2030 00:00:00 GMT';
const IN_HALF_A_MINUTE = 'Tue, 01 Jan 2030 00:00:30 GMT';

test.each([
  ['7', 7000],
  ['99999', 0],
  ['1e308', 0],
  ['99999999999999', 0],
  ['-5', 0],
  ['soon', 0],
  ['80000', 3_600_000],
  [IN_HALF_A_MINUTE, 30_000],
  ['Wed, 21 Oct 2099 07:28:00 GMT', 0],
  ['Wed, 21 Oct 1999 07:28:00 GMT', 0],
])('a Retry-After of %s is kept within what can be meant', async (header, ms) => {
  await using world = await stage();
  const { job } = await submitted(world.provider);
  world.faults.next('jobs.retrieve', {
    kind: 'status',
    status: 429,
    body: { error: { message: 'slow down' } },
    headers: { 'retry-after': header, date: PROVIDER_CLOCK },
  });
  const outcome = await world.provider.getJob(bareRef(job));
  expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'busy' } });
  expect(outcome.kind === 'refused' && (outcome.refusal.retry_after_ms ?? 0)).toBe(ms);
});

test.each([
  ['pending', false],
  ['running', false],
  ['processed', true],
  ['uploaded', true],
  ['error', true],
  [null, true],
])('a file whose status is %s is ready: %s', async (status, ready) => {
  await using world = await stage();
  const { file } = await submitted(world.provider);
  const shown = { ...world.sandbox.ledger.files()[0], status };
  world.faults.next('files.retrieve', { kind: 'status', status: 200, body: shown });
  expect(await world.provider.getFile(file)).toMatchObject({ kind: 'done', value: { id: file, ready } });
});

test.each([
  "The specified file 'file-1' is not ready: its state is 'Pending'.",
  "File 'file-1' is still being processed and is not ready to be used for fine-tuning. Please try again later.",
])('a create that is refused with "%s" is one that came too early', async (message) => {
  await using world = await stage();
  const file = await upload(world.provider);
  world.faults.next('jobs.create', { kind: 'status', status: 400, body: { error: { message } } });
  expect(await create(world.provider, file.kind === 'done' ? file.value.id : '')).toMatchObject({
    kind: 'refused',
    refusal: { code: 'not_ready', message },
  });
});

test('a file that is already gone is refused as missing', async () => {
  await using world = await stage();
  expect(await world.provider.deleteFile('file-none')).toMatchObject({ kind: 'refused', refusal: { code: 'missing' } });
});
