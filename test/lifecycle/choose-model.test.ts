// Which model a request means, by the day it is asked.
import { expect, test } from 'vitest';
import { chooseModel } from '../../server/finetuning/commands/choose-model.ts';
import type { CatalogueModel } from '../../server/finetuning/provider.ts';
import { openAiProvider } from '../../server/provider/openai/provider.ts';

const model = (name: string, shut_down_on: string | null): CatalogueModel => ({
  name,
  shut_down_on,
  max_example_tokens: 1000,
  encoding: 'o200k_base',
  usd_per_million_trained_tokens: null,
});

const at = (sandbox: boolean) => ({
  provider: openAiProvider({
    apiKey: 'none',
    baseUrl: 'http://127.0.0.1:9',
    ledger: 'test',
    sandbox,
    timeoutMs: 1000,
    models: [model('old', '2026-10-23'), model('current', null)],
  }),
  settings: {
    default_model: 'current',
    deployment: 'test',
    stop_unknown_jobs: false,
    settle_window_ms: 0,
    poll_interval_ms: 0,
    provider_timeout_ms: 0,
  },
});

const before = '2026-10-22T23:59:59.999Z';
const after = '2026-10-23T00:00:00.000Z';

test('a model past its shut-down date is refused at the real provider, naming those that are left', () => {
  expect(chooseModel(at(false), 'old', before)).toMatchObject({ model: { name: 'old' }, note: null });
  expect(() => chooseModel(at(false), 'old', after)).toThrow(
    'old cannot be trained any more since 2026-10-23; choose one of current',
  );
});

test('the sandbox accepts it, with a note that says so', () => {
  expect(chooseModel(at(true), 'old', after)).toMatchObject({
    model: { name: 'old' },
    note: 'The real provider has not trained old since 2026-10-23.',
  });
});

test('no model named is the default one', () => {
  expect(chooseModel(at(false), null, after).model.name).toBe('current');
});
