// Token counts, held against counting the whole chat naively.
import { countTokens as cl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { countTokens as o200k } from 'gpt-tokenizer/encoding/o200k_base';
import { countChatCompletionTokens } from 'gpt-tokenizer/model/gpt-4o-mini';
import { describe, expect, it } from 'vitest';
import { trainingExample } from '../../server/finetuning/dataset/example.ts';
import { createTokenCounter } from '../../server/finetuning/dataset/tokens.ts';

const system = 'Translate the question into one SQL statement.\n\nCREATE TABLE books (id integer, title text);';
const records = [
  { prompt_text: 'How many books?', sql: 'SELECT count(*) FROM books;' },
  { prompt_text: '', sql: '' },
  { prompt_text: 'Größte Bücher? 本の数は？ 📚📚', sql: "SELECT title\n  FROM books\n WHERE title LIKE '%ü%'" },
];

describe('counting tokens', () => {
  it.each([
    ['o200k_base', o200k],
    ['cl100k_base', cl100k],
  ] as const)('gives with %s what counting the whole chat message by message gives', async (encoding, countTokens) => {
    const count = await createTokenCounter(encoding, system);
    for (const record of records) {
      const { messages } = JSON.parse(trainingExample(system, record));
      let whole = 3;
      for (const { role, content } of messages) whole += 3 + countTokens(role) + countTokens(content);
      expect(count(record)).toBe(whole);
    }
  });

  it("agrees with the tokenizer library's own count of a chat request", async () => {
    const count = await createTokenCounter('o200k_base', system);
    for (const record of records) {
      expect(count(record)).toBe(countChatCompletionTokens?.(JSON.parse(trainingExample(system, record))));
    }
  });

  it('takes special tokens in the texts as plain text', async () => {
    const count = await createTokenCounter('o200k_base', 'never say <|endoftext|>');
    const plain = count({ prompt_text: '', sql: '' });
    expect(count({ prompt_text: '<|endoftext|>', sql: '<|im_start|>' })).toBeGreaterThan(plain + 10);
  });

  it('counts a word of 200,000 characters closely enough, which would stall an exact count', async () => {
    const count = await createTokenCounter('o200k_base', '');
    const empty = count({ prompt_text: '', sql: '' });
    expect(count({ prompt_text: 'a'.repeat(200_000), sql: '' }) - empty).toBe(25_000);
    const mixed = `${'a b '.repeat(1_000)}${' '.repeat(5_000)}${'😀'.repeat(1_500)}`;
    expect(Math.abs(count({ prompt_text: mixed, sql: '' }) - empty - o200k(mixed))).toBeLessThan(10);
  });
});
