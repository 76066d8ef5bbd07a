// `goldtune providers …`, a run at another provider than the standard one, and `goldtune finetunings logs`.
import { expect, test } from 'vitest';
import { createInputFrom } from '../../../client/src/cli/finetunings/create-input.ts';
import { lastLines } from '../../../client/src/cli/text.ts';
import { unlistedModel } from '../../../server/finetuning/catalogue.ts';
import { openAiGuarantees } from '../../../server/provider/openai/guarantees.ts';
import { registryOf } from '../../../server/provider/registry.ts';
import { openFront, providerOf } from '../../api/front.ts';
import { startWorld, type World } from '../../world.ts';
import { json, run } from './command-line.ts';

const gpus = (world: World) =>
  providerOf(world, {
    name: 'gpus',
    owns: () => true,
    parameters: ['n_epochs', 'batch_size', 'learning_rate', 'lora'],
    models: [{ ...unlistedModel('org/model'), serving_ends: { on: '2027-01-14', read_on: '2026-11-25' } }],
    open_catalogue: true,
    guarantees: { ...openAiGuarantees, stop: 'fence_then_cancel' },
    checkReachable: async () => ({ kind: 'unknown', reason: 'connection\u001b[2J refused' }),
    readLogs: async () => ({ kind: 'done', value: { text: 'one\n\u001b[31mtwo\u001b[0m\nthree\n', whole: true } }),
  });

test('providers are listed with whether they answer, and shown with what a stop rests on and their models', async () => {
  await using world = await startWorld();
  await using front = await openFront(world, registryOf(providerOf(world), [gpus(world)]));
  const { url } = front;
  const list = await run(['providers', 'list'], { url });
  expect(list.code).toBe(0);
  expect(list.stdout).toMatch(/^openai \(standard\) +yes +gpt-4.1-mini +16 +cancel +document$/m);
  expect(list.stdout).toMatch(/^gpus +no +org\/model +any +file first, then cancel +document$/m);
  const listed = Object(await json(['providers', 'list'], url));
  const shown = await front.trpc.providers.list.query();
  // It may have been asked again meanwhile.
  expect(listed).toEqual(shown.map((provider) => ({ ...provider, asked_at: expect.any(String) })));

  const one = await run(['providers', 'get', 'gpus'], { url });
  expect(one.stdout).toMatch(/^because +connection \[2J refused$/m);
  expect(one.stdout).toMatch(/^a stop is +file first, then cancel$/m);
  expect(one.stdout).toMatch(/^org\/model +– +±65 % +– +– +2027-01-14 +everybody$/m);
  expect(await json(['providers', 'get', 'gpus'], url)).toMatchObject({ name: 'gpus', open_catalogue: true });
  expect(await run(['providers', 'get', 'gpu'], { url })).toMatchObject({
    code: 5,
    stdout: '',
    stderr: 'goldtune: there is no provider gpu; configured: openai, gpus (Did you mean gpus?)\n',
  });
});

test('create names a provider, an absolute learning rate and LoRA, and the run shows them', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  await using front = await openFront(world, registryOf(providerOf(world), [gpus(world)]));
  const create = ['finetunings', 'create', '--connection', connection.id, '--provider', 'gpus'];
  const rates = ['--learning-rate', '1e-4', '--lora-r', '16', '--lora-alpha', '32', '--lora-dropout', '0.1'];
  const shown = await run([...create, '--model', 'org/any', ...rates], { url: front.url });
  expect(shown.stdout).toMatch(/^provider +gpus$/m);
  expect(shown.stdout).toMatch(/^parameters +.*learning_rate=0.0001 lora_r=16 lora_alpha=32 lora_dropout=0.1$/m);
  expect(shown.stdout).toMatch(/^dataset +12 examples, about \d+ tokens \(estimate, ±65 %\), /m);
  const refused = await run([...create, '--learning-rate-multiplier', '2'], { url: front.url });
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('use learning_rate') });
  expect(await run([...create, '--lora-r', '16'], { url: front.url })).toMatchObject({
    code: 2,
    stderr: 'goldtune: --lora-r and --lora-alpha are given together\n',
  });
  expect(await run([...create, '--learning-rate', 'fast'], { url: front.url })).toMatchObject({ code: 2 });
  expect(createInputFrom({ connection: 'c', provider: 'gpus' })).toEqual({
    db_connection_id: 'c',
    base_llm: { model_provider: 'gpus' },
  });
});

test('logs prints the end of what the trainer has printed, and says why there are none', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('running');
  await using front = await openFront(world, registryOf(gpus(world)));
  const logs = (...options: string[]) => run(['finetunings', 'logs', id, ...options], { url: front.url });
  expect(await logs()).toEqual({ code: 0, stdout: 'one\ntwo\nthree\n', stderr: '' });
  expect(await logs('--tail', '2')).toMatchObject({ stdout: 'two\nthree\n' });
  expect(await json(['finetunings', 'logs', id, '--tail', '1'], front.url)).toMatchObject({
    text: 'three\n',
    cut_off: true,
  });
  expect(await run(['finetunings', 'logs', id], { url: world.app.url })).toEqual({
    code: 5,
    stdout: '',
    stderr: 'goldtune: Provider openai shows no logs\n',
  });
});

test('of the last lines a number is taken, and whether there were others before them is known', () => {
  const logs = { text: 'a\nb\nc\n', cut_off: false };
  expect(lastLines(logs, 2)).toEqual({ text: 'b\nc\n', cut_off: true });
  expect(lastLines(logs, 3)).toEqual(logs);
  expect(lastLines(logs, 0)).toEqual({ text: '', cut_off: true });
  expect(lastLines({ ...logs, cut_off: true }, 9)).toEqual({ ...logs, cut_off: true });
});
