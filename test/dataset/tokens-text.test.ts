// A number of tokens in words.
import { expect, it } from 'vitest';
import { tokensText } from '../../server/finetuning/dataset/tokens-text.ts';

it('says of an estimate that it is one, and how far it may be off', () => {
  expect(tokensText(12_000, 0)).toBe('12,000 tokens');
  expect(tokensText(1, 0)).toBe('1 token');
  expect(tokensText(12_000, 0.3)).toBe('about 12,000 tokens (estimate, ±30 %)');
});
