// Which model a request means, by the day it is asked.
import { expect, test } from 'vitest';
import { type CatalogueModel, unlistedModel } from '../../server/finetuning/catalogue.ts';
import { chooseModel } from '../../server/finetuning/commands/choose-model.ts';
import type { Provider } from '../../server/finetuning/provider.ts';
import { openAiProvider } from '../../server/provider/openai/provider.ts';
import { registryOf } from '../../server/provider/registry.ts';

const model = (name: string, ends: string | null): CatalogueModel => ({
  ...unlistedModel(name),
  training_ends: ends === null ? null : { on: ends, read_on: '2026-10-01' },
});

const settings = {
  default_model: 'current',
  deployment: 'test',
  stop_unknown_jobs: false,
  settle_window_ms: 0,
  poll_interval_ms: 0,
  provider_timeout_ms: 0,
};

const provider = (change: Partial<Provider> = {}): Provider => ({
  ...openAiProvider({
    apiKey: 'none',
    baseUrl: 'http://127.0.0.1:9',
    ledger: 'test',
    sandbox: false,
    timeoutMs: 1000,
    models: [model('old', '2026-10-23'), model('current', null)],
  }),
  ...change,
});

/** It, beside the standard one where that is another. */
const at = (chosen: Provider, standard = chosen) => ({
  provider: chosen,
  providers: registryOf(standard, chosen === standard ? [] : [chosen]),
  settings,
});

const before = '2026-10-22T23:59:59.999Z';
const after = '2026-10-23T00:00:00.000Z';

test('a model past its shut-down date is refused at the real provider, naming those that are left', () => {
  expect(chooseModel(at(provider()), 'old', before)).toMatchObject({ model: { name: 'old' }, note: null });
  expect(() => chooseModel(at(provider()), 'old', after)).toThrow(
    'old cannot be trained any more since 2026-10-23; choose one of current',
  );
});

test('the sandbox accepts it, with a note that says so', () => {
  expect(chooseModel(at(provider({ sandbox: true })), 'old', after)).toMatchObject({
    model: { name: 'old' },
    note: 'The real provider has not trained old since 2026-10-23.',
  });
});

test('no model named is the default one: the configured one of the provider, else the first that it trains', () => {
  expect(chooseModel(at(provider()), null, after).model.name).toBe('current');
  const other = provider({ name: 'other', models: [model('first', null), model('second', null)] });
  const beside = at(other, provider());
  expect(chooseModel(beside, null, after).model.name).toBe('first');
  const configured = { ...beside, settings: { ...settings, default_models: { other: 'second' } } };
  expect(chooseModel(configured, null, after).model.name).toBe('second');
});

test('a provider that trains whatever is named takes a name it does not know, as a model of which nothing is known', () => {
  const open = provider({ name: 'gpus', models: [], open_catalogue: true });
  const beside = at(open, provider());
  expect(chooseModel(beside, 'org/some-model', after)).toMatchObject({
    model: { name: 'org/some-model', max_example_tokens: null, tokens: { exact: false } },
    note: null,
  });
  expect(() => chooseModel(beside, null, after)).toThrow('name the model that gpus is to train; it has no default');
});

test('where no model is left, the other providers are named, or that one is to be configured', () => {
  const closed = provider({ name: 'closed', models: [model('old', '2026-10-23')] });
  expect(() => chooseModel(at(closed, provider()), 'old', after)).toThrow(
    'name another model_provider; configured: openai, closed',
  );
  expect(() => chooseModel(at(closed), 'old', after)).toThrow('configure a provider that still trains');
});

test('that a model is for existing customers only is noted, with the day it was read', () => {
  const only = { ...model('kept', null), existing_customers_only: { read_on: '2026-11-25' } };
  const note = chooseModel(at(provider({ models: [only] })), 'kept', after).note;
  expect(note).toBe('By what was announced, read on 2026-11-25, openai trains kept for existing customers only.');
});
