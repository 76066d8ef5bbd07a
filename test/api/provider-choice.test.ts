// Which provider trains a run, and how: chosen by name, with what that provider knows and nothing converted.
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { finetunings, idempotencyKeys } from '../../drizzle/schema.ts';
import { unlistedModel } from '../../server/finetuning/catalogue.ts';
import type { JobRequest, Provider, Providers } from '../../server/finetuning/provider.ts';
import { registryOf } from '../../server/provider/registry.ts';
import { until } from '../until.ts';
import { startWorld, type World } from '../world.ts';
import { type Front, openFront, providerOf } from './front.ts';

const second = (world: World) =>
  providerOf(world, {
    name: 'second',
    parameters: ['n_epochs', 'batch_size', 'learning_rate', 'lora'],
    models: [unlistedModel('org/first-model'), unlistedModel('org/other-model')],
  });

const both = (world: World) => registryOf(providerOf(world), [second(world)]);

const create = async (
  front: Front,
  db_connection_id: string,
  base_llm: unknown,
  headers: Record<string, string> = {},
) => {
  const answer = await fetch(`${front.url}/api/v1/finetunings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ db_connection_id, base_llm }),
  });
  return { status: answer.status, body: Object(await answer.json()) };
};

/** As versions with one provider hashed a request of nothing but its connection. */
const earlierHash = (db_connection_id: string) =>
  createHash('sha256')
    .update(
      `{"alias":null,"db_connection_id":"${db_connection_id}","golden_records":null,"metadata":null,"model_name":null,"model_parameters":{"batch_size":1,"learning_rate_multiplier":"auto","n_epochs":3}}`,
    )
    .digest('hex');

const refusal = (field: string, msg: string) => ({
  status: 422,
  body: { detail: [{ loc: ['body', 'base_llm', ...field.split('.')], msg, type: 'value_error' }] },
});

test('a run is created at the provider it names, with the first model of that, and belongs to it', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  await using front = await openFront(world, both(world));
  const named = await create(front, connection.id, { model_provider: 'second' });
  expect(named).toMatchObject({
    status: 201,
    body: { base_llm: { model_provider: 'second', model_name: 'org/first-model' } },
  });
  const [row] = await world.app.db.select().from(finetunings).where(eq(finetunings.id, named.body.id));
  expect(row).toMatchObject({ model_provider: 'second', provider_ledger: 'second' });
  const [event] = await front.trpc.finetunings.events.query({ id: named.body.id });
  expect(event?.message).toMatch(/^Created at second with 12 examples, about \d+ tokens \(estimate, ±65 %\)\.$/);
  expect(named.body.dataset).toMatchObject({ tokens_exact: false, tokens_margin: 0.65 });

  for (const left of [undefined, null, {}, { model_provider: null }]) {
    const usual = await create(front, connection.id, left);
    expect(usual.body.base_llm).toMatchObject({ model_provider: 'openai', model_name: 'gpt-4.1-mini' });
    expect(usual.body.dataset).toMatchObject({ tokens_exact: true, tokens_margin: 0 });
  }
  await using configured = await openFront(world, both(world), { default_models: { second: 'org/other-model' } });
  const other = await create(configured, connection.id, { model_provider: 'second' });
  expect(other.body.base_llm.model_name).toBe('org/other-model');
});

test('a provider that is not configured is refused with those that are, and nothing is stored', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  await using front = await openFront(world, both(world));
  expect(await create(front, connection.id, { model_provider: 'secnod' })).toEqual(
    refusal('model_provider', 'no provider "secnod" is configured; did you mean second? configured: openai, second'),
  );
  expect(await create(front, connection.id, { model_provider: 'azure' })).toEqual(
    refusal('model_provider', 'no provider "azure" is configured; configured: openai, second'),
  );
  // A model of the one is none of the other.
  const elsewhere = { model_provider: 'second', model_name: 'gpt-4.1-mini' };
  expect((await create(front, connection.id, elsewhere)).body.detail[0]).toMatchObject({
    loc: ['body', 'base_llm', 'model_name'],
    msg: 'unknown model "gpt-4.1-mini"; known models: org/first-model, org/other-model; another that second trains is listed by its operator in PROVIDERS_FILE, under models',
  });
  expect(await front.trpc.finetunings.list.query()).toEqual([]);
});

test('where no provider is called openai, that name is OpenAI itself, else the standard one, and the first event says so', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const sandbox = providerOf(world, { name: 'sandbox', sandbox: true });
  const main = providerOf(world, { name: 'main', ledger: 'openai#default' });
  const usual = async (providers: Providers) => {
    await using front = await openFront(world, providers, { default_models: { second: 'org/first-model' } });
    const { status, body } = await create(front, connection.id, { model_provider: 'openai' });
    const [event] = await front.trpc.finetunings.events.query({ id: body.id });
    return { status, chosen: body.base_llm.model_provider, told: event?.message };
  };
  const note = (name: string) => expect.stringContaining(`No provider is called openai, so ${name} was taken.`);
  // A sandbox beside it would train nothing, and nobody would notice.
  expect(await usual(registryOf(second(world), [sandbox]))).toEqual({
    status: 201,
    chosen: 'second',
    told: note('second'),
  });
  expect(await usual(registryOf(second(world), [sandbox, main]))).toMatchObject({ chosen: 'main', told: note('main') });
  const other = providerOf(world, { name: 'other', ledger: 'openai#project=other' });
  expect(await usual(registryOf(second(world), [other, main]))).toMatchObject({ chosen: 'second' });
  expect(await usual(registryOf(sandbox, [second(world)]))).toMatchObject({
    chosen: 'sandbox',
    told: expect.stringContaining('in the sandbox, which trains nothing'),
  });
});

test('an absolute learning rate and LoRA are kept as they were given, and reach the provider that knows them', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const asked: JobRequest[] = [];
  const engine: Provider = {
    ...second(world),
    createJob: async (request) => {
      asked.push(request);
      return { kind: 'refused', refusal: { code: 'invalid', message: 'it has seen enough', status: 400 } };
    },
  };
  await using front = await openFront(world, registryOf(providerOf(world), [engine]));
  const model_parameters = { n_epochs: '2', learning_rate: 0.0001, lora: { r: 16, alpha: 32 } };
  const { body } = await create(front, connection.id, { model_provider: 'second', model_parameters });
  const kept = {
    n_epochs: '2',
    batch_size: 1,
    learning_rate_multiplier: 'auto',
    learning_rate: 0.0001,
    lora: { r: 16, alpha: 32, dropout: 0 },
  };
  expect(body.base_llm.model_parameters).toEqual(kept);
  const shown = await front.trpc.finetunings.get.query({ id: body.id });
  expect(shown.base_llm.model_parameters).toEqual(kept);
  await until(async () => {
    await front.reconcile(body.id);
    return asked.length > 0;
  }, 'the job is created');
  expect(asked).toMatchObject([{ ...kept, n_epochs: 2, model_name: 'org/first-model' }]);
});

test('what a provider does not know is refused by its name, with the field that works there', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  await using front = await openFront(world, both(world));
  const refused = (model_provider: string, model_parameters: object) =>
    create(front, connection.id, { model_provider, model_parameters });
  expect(await refused('openai', { learning_rate: 0.001 })).toEqual(
    refusal('model_parameters.learning_rate', 'learning_rate is not known to openai; use learning_rate_multiplier'),
  );
  expect(await refused('openai', { lora: { r: 8, alpha: 16 } })).toEqual(
    refusal('model_parameters.lora', 'lora is not known to openai; leave it out'),
  );
  expect(await refused('second', { learning_rate_multiplier: 2 })).toEqual(
    refusal(
      'model_parameters.learning_rate_multiplier',
      'learning_rate_multiplier is not known to second; use learning_rate',
    ),
  );
  expect((await refused('second', { learning_rate_multiplier: 'auto' })).status).toBe(201);
  const knowsBoth = providerOf(world, { parameters: ['learning_rate', 'learning_rate_multiplier'] });
  await using third = await openFront(world, registryOf(knowsBoth));
  const twice = { learning_rate: 0.001, learning_rate_multiplier: 2 };
  expect((await create(third, connection.id, { model_parameters: twice })).body.detail[0].msg).toBe(
    'learning_rate_multiplier says the same as learning_rate; give one of them',
  );
});

test('where a provider takes no epochs or batch size, they are its own; a number is refused at once', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  await using front = await openFront(
    world,
    registryOf(providerOf(world, { parameters: ['learning_rate_multiplier'] })),
  );
  const given = (model_parameters: object) => create(front, connection.id, { model_parameters });
  for (const none of [{}, { n_epochs: null }, { n_epochs: 'auto', batch_size: 'auto' }]) {
    const { status, body } = await given(none);
    expect([status, body.base_llm?.model_parameters]).toMatchObject([201, { n_epochs: 'auto', batch_size: 'auto' }]);
  }
  expect(await given({ n_epochs: 3 })).toEqual(
    refusal('model_parameters.n_epochs', 'n_epochs is not known to openai; use "auto"'),
  );
  expect(await given({ batch_size: '1' })).toEqual(
    refusal('model_parameters.batch_size', 'batch_size is not known to openai; use "auto"'),
  );
});

test.each([
  [{ learning_rate: 0 }, 'learning_rate must be a number above 0, at most 1'],
  [{ learning_rate: 'auto' }, 'learning_rate must be a number above 0, at most 1'],
  [{ learning_rate: 2 }, 'learning_rate must be a number above 0, at most 1'],
  [{ lora: { r: 8, alpha: 8, dropout: 1 } }, 'dropout must be a number from 0 to below 1'],
  [{ lora: { r: 0, alpha: 8 } }, 'Input should be greater than or equal to 1'],
  [{ lora: { r: 8 } }, 'Field required'],
  [{ lora: { rank: 8, r: 8, alpha: 8 } }, 'rank is not known; known are r, alpha, dropout'],
])('out of its bounds it is refused in words that name them: %j', async (model_parameters, msg) => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  await using front = await openFront(world, both(world));
  const { status, body } = await create(front, connection.id, { model_provider: 'second', model_parameters });
  expect([status, body.detail.map((fault: { msg: string }) => fault.msg)]).toEqual([422, [msg]]);
});

test('a key that was used by an earlier version finds its run, and the same key elsewhere is another request', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  await using front = await openFront(world, both(world));
  const key = { 'idempotency-key': 'once' };
  const made = await create(front, connection.id, { model_provider: 'openai' }, key);
  // The hash that earlier versions stored for this very request.
  await world.app.db.update(idempotencyKeys).set({ request_hash: earlierHash(connection.id) });
  expect((await create(front, connection.id, { model_provider: 'openai' }, key)).body.id).toBe(made.body.id);
  expect((await create(front, connection.id, null, key)).body.id).toBe(made.body.id);
  expect((await create(front, connection.id, { model_provider: 'second' }, key)).status).toBe(409);
  const asked = { model_parameters: { learning_rate: 0.001 } };
  expect((await create(front, connection.id, asked, key)).status).toBe(409);
});

test('a repeat finds its run also where another provider has become the standard one, and never the run of another', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  await using before = await openFront(world, both(world));
  const send = async (front: Front, model_provider: string | null, key: string) => {
    const { status, body } = await create(front, connection.id, { model_provider }, { 'idempotency-key': key });
    return status === 201 ? body.id : status;
  };
  const named = await send(before, 'openai', 'named');
  const unnamed = await send(before, null, 'unnamed');
  const elsewhere = await send(before, 'second', 'elsewhere');
  expect(await send(before, null, 'named')).toBe(named);
  expect(await send(before, 'openai', 'unnamed')).toBe(unnamed);
  expect(await send(before, null, 'elsewhere')).toBe(409);

  await using after = await openFront(world, registryOf(second(world), [providerOf(world)]));
  // Word for word, each is the request that it was.
  expect(await send(after, 'openai', 'named')).toBe(named);
  expect(await send(after, null, 'unnamed')).toBe(unnamed);
  expect(await send(after, 'second', 'elsewhere')).toBe(elsewhere);
  // Naming none means the other provider now.
  expect(await send(after, null, 'named')).toBe(409);
  expect(await send(after, 'second', 'unnamed')).toBe(409);
  expect(await send(after, 'openai', 'unnamed')).toBe(unnamed);
  expect(await send(after, null, 'elsewhere')).toBe(elsewhere);
});

test('examples that an estimate cannot tell to be too long are taken, and the first event says so', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const tight = { ...unlistedModel('tight'), tokens: { exact: false, margin: 0.3 } as const };
  const at = (most: number) => registryOf(providerOf(world, { models: [{ ...tight, max_example_tokens: most }] }));
  await using roomy = await openFront(world, at(1000));
  const fits = await create(roomy, connection.id, { model_name: 'tight' });
  const [{ message = '' } = {}] = await roomy.trpc.finetunings.events.query({ id: fits.body.id });
  const tokens = Math.round(fits.body.dataset.tokens / 12);
  expect(message).not.toContain('may have more');

  await using narrow = await openFront(world, at(tokens));
  const taken = await create(narrow, connection.id, { model_name: 'tight' });
  const [event] = await narrow.trpc.finetunings.events.query({ id: taken.body.id });
  expect(event?.message).toContain(
    `12 of the examples may have more than the ${tokens} tokens that tight takes, and be cut or refused there.`,
  );
  await using tooNarrow = await openFront(world, at(Math.floor(tokens / 2)));
  const { status, body } = await create(tooNarrow, connection.id, { model_name: 'tight' });
  expect([status, body.detail[0].msg]).toEqual([
    422,
    expect.stringMatching(/makes an example of about \d+ tokens \(estimate, ±30 %\); tight takes \d+\./),
  ]);
});
