// What is configured, and whether it answers: told of all providers at once, and of none its secrets.
import { expect, test } from 'vitest';
import type { Outcome, Provider } from '../../server/finetuning/provider.ts';
import { openAiGuarantees } from '../../server/provider/openai/guarantees.ts';
import { registryOf } from '../../server/provider/registry.ts';
import { bodyOf, startWorld } from '../world.ts';
import { openFront, providerOf } from './front.ts';

test('a provider is shown with what it guarantees, its parameters, and its models with price, limits and dates', async () => {
  const OPENAI_API_KEY = 'sk-the-key-of-this-goldtune';
  await using world = await startWorld({ env: { OPENAI_API_KEY } });
  const { body } = await world.request('GET', '/api/v1/providers');
  expect(body).toEqual(await world.trpc.providers.list.query());
  expect(body).toMatchObject([
    {
      name: 'openai',
      standard: true,
      sandbox: false,
      reachable: true,
      reason: null,
      asked_at: expect.stringMatching(/Z$/),
      default_model: 'gpt-4.1-mini',
      parameters: ['n_epochs', 'batch_size', 'learning_rate_multiplier'],
      shows_logs: false,
      open_catalogue: false,
      guarantees: openAiGuarantees,
    },
  ]);
  const [{ models }] = Object(body);
  // The address is that of another host, whose dates nobody has told us.
  expect(models).toContainEqual({
    name: 'gpt-4.1-mini',
    max_example_tokens: 65_536,
    tokens_exact: true,
    tokens_margin: 0,
    usd_per_million_trained_tokens: 5,
    training_ends: null,
    serving_ends: null,
    existing_customers_only: null,
  });
  const { OPENAI_BASE_URL = '' } = world.env;
  expect(JSON.stringify(body)).not.toContain(OPENAI_BASE_URL);
  expect(JSON.stringify(body)).not.toContain(OPENAI_API_KEY);
});

test('one that does not answer, or refuses us, is shown so with the reason, and keeps nobody from the others', async () => {
  await using world = await startWorld();
  const named = (name: string, checkReachable: Provider['checkReachable']) =>
    providerOf(world, { name, checkReachable });
  const answering = (outcome: Outcome<null>) => async () => outcome;
  const refusing = (code: 'unauthorized' | 'busy') =>
    answering({ kind: 'refused', refusal: { code, message: `it is ${code}`, status: 400 } });
  const others = [
    named('silent', () => new Promise(() => {})),
    named('down', answering({ kind: 'unknown', reason: 'connection refused' })),
    named('denied', refusing('unauthorized')),
    named('busy', refusing('busy')),
    named('odd', () => Promise.reject(new Error('what is in here is for the log'))),
    named('mute', null),
  ];
  const standard = providerOf(world);
  const providers = { all: [...others, standard], standard, openAi: null, of: () => null };
  await using front = await openFront(world, providers);
  const started = performance.now();
  const told = await front.trpc.providers.list.query();
  expect(performance.now() - started).toBeLessThan(30_000);
  expect(told.map(({ name, reachable, reason }) => [name, reachable, reason])).toEqual([
    ['openai', true, null],
    ['silent', false, 'no answer within 3 s'],
    ['down', false, 'connection refused'],
    ['denied', false, 'it is unauthorized'],
    ['busy', true, 'it is busy'],
    ['odd', null, 'it could not be asked; the log says why'],
    ['mute', null, 'mute has nothing that could be asked for cheaply'],
  ]);
  expect(told.filter(({ standard }) => standard).map(({ name }) => name)).toEqual(['openai']);
  expect(front.log.filter(({ level }) => level === 'error')).toHaveLength(1);
});

test('a real key that is not accepted is told as such', async () => {
  await using world = await startWorld();
  world.faults.always('jobs.list', {
    kind: 'status',
    status: 401,
    body: { error: { message: 'Incorrect API key provided.' } },
  });
  const [shown] = await world.trpc.providers.list.query();
  expect(shown).toMatchObject({ reachable: false, reason: expect.stringContaining('Incorrect API key provided.') });
  world.faults.clear();
});

test('however often it is asked for, a provider is asked once in some seconds', async () => {
  await using world = await startWorld();
  let asked = 0;
  const counting = providerOf(world, {
    checkReachable: async () => {
      asked += 1;
      return { kind: 'done', value: null };
    },
  });
  await using front = await openFront(world, registryOf(counting));
  await Promise.all(Array.from({ length: 20 }, () => front.trpc.providers.list.query()));
  await front.trpc.providers.list.query();
  expect(asked).toBe(1);
});

test('a field that it does not know is refused', async () => {
  await using world = await startWorld();
  const answer = await world.request('GET', `/trpc/providers.list?input=${encodeURIComponent('{"name":"x"}')}`);
  expect(bodyOf(answer, 422)).toMatchObject({ error: { data: { reason: 'invalid' } } });
});
