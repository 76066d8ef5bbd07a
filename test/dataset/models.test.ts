// The model catalogues.
import { describe, expect, it } from 'vitest';
import { azureModels, azureSnapshotOf } from '../../server/provider/azure-models.ts';
import { models, modelsElsewhere } from '../../server/provider/models.ts';
import { nebiusModels } from '../../server/provider/nebius-models.ts';

const byName = (name: string) => models.find((model) => model.name === name);

describe('the model catalogue', () => {
  it('has each name once', () => {
    const names = models.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('knows a short name as its snapshot', () => {
    expect(byName('gpt-4.1-mini')).toEqual({ ...byName('gpt-4.1-mini-2025-04-14'), name: 'gpt-4.1-mini' });
    expect(byName('gpt-4')).toMatchObject({ max_example_tokens: 8192, encoding: 'cl100k_base' });
  });

  it('knows the short names at Azure too, and which snapshot each is', () => {
    const at = (name: string) => azureModels.find((model) => model.name === name);
    expect(at('gpt-4.1-mini')).toEqual({ ...at('gpt-4.1-mini-2025-04-14'), name: 'gpt-4.1-mini' });
    expect(azureSnapshotOf('gpt-4.1-mini')).toBe('gpt-4.1-mini-2025-04-14');
    expect(azureSnapshotOf('my-own-model')).toBe('my-own-model');
  });

  it('gives for each the days its training and its serving end, and when that was read', () => {
    const day = expect.stringMatching(/^\d{4}-\d\d-\d\d$/);
    for (const model of [...models, ...azureModels]) {
      expect(model).toMatchObject({
        training_ends: { on: day, read_on: day },
        serving_ends: { on: day, read_on: day },
      });
      expect(`${model.training_ends?.on}`.localeCompare(`${model.serving_ends?.on}`)).toBeLessThanOrEqual(0);
    }
  });

  it('says of OpenAI that it trains for existing customers only, and claims nothing of other hosts with its models', () => {
    expect(models.every(({ existing_customers_only }) => existing_customers_only !== null)).toBe(true);
    const dates = { training_ends: null, serving_ends: null, existing_customers_only: null };
    expect(modelsElsewhere).toEqual(models.map((model) => ({ ...model, ...dates })));
  });

  it('counts exactly where the tokenizer of the model is here, and only there', () => {
    expect([...models, ...azureModels].every(({ tokens }) => tokens.exact)).toBe(true);
    expect(nebiusModels.every(({ tokens }) => !tokens.exact && tokens.margin > 0 && tokens.margin < 1)).toBe(true);
  });
});
