// The model catalogue.
import { describe, expect, it } from 'vitest';
import { models } from '../../server/provider/models.ts';

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

  it('gives for each the day its training ends, as a date', () => {
    for (const { shut_down_on } of models) expect(shut_down_on).toMatch(/^\d{4}-\d\d-\d\d$/);
  });
});
