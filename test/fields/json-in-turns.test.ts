// JSON that is parsed in turns: the same values as ever, the same refusals, and an end to lists without one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInTurns } from '../../server/http/fields/json-in-turns.ts';

/** So much that nothing around it is parsed in one go. */
const LONG = 'x'.repeat(70_000);

test('whatever JSON there is, it is what JSON.parse makes of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 1, '\t'), async (value, space) => {
      for (const long of [
        [LONG, value],
        { [`a"\\${LONG}`]: value, b: value, __proto__: 1 },
        [[{ c: [value, LONG] }]],
      ]) {
        const text = JSON.stringify(long, null, space);
        expect(await parseInTurns(text)).toEqual(JSON.parse(text));
      }
    }),
    { numRuns: 50 },
  );
});

test.each([
  '[L,]',
  '[,L]',
  '[L,,1]',
  '[L',
  '[L}',
  '{"a":L]',
  '[L] 1',
  '[L 1]',
  '{"a":L,}',
  '{L}',
  '{"a" L}',
  '{a:L}',
  '{"a":L,"b"}',
  '["L',
  '[nul,L]',
  ']L[',
])('what JSON.parse refuses is refused: %s', async (text) => {
  const long = text.replace('L', text.startsWith('["') ? LONG : `"${LONG}"`);
  expect(() => JSON.parse(long)).toThrow(SyntaxError);
  await expect(parseInTurns(long)).rejects.toThrow(SyntaxError);
});

test('a name that is given twice counts as it does everywhere, and no name makes an object of another kind', async () => {
  const text = `{"a":1,"l":"${LONG}","a":2,"__proto__":{"b":1}}`;
  const parsed = await parseInTurns(text);
  expect(parsed).toEqual(JSON.parse(text));
  expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
});

test.each([
  ['numbers', `[${'1,'.repeat(200_000)}1]`, 'more than 100000 items'],
  ['empty objects', `{"0":[${'{},'.repeat(200_000)}{}]}`, 'more than 100000 items'],
  ['fields', `{${'"a":1,'.repeat(200_000)}"a":1}`, 'more than 100000 items'],
  ['lists within lists', '['.repeat(1_000_000), 'nested too deeply'],
])('%s without end are refused', async (_, text, words) => {
  await expect(parseInTurns(text)).rejects.toThrow(words);
});

test('others get their turn while a large body is parsed', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const record = JSON.stringify({ prompt_text: 'How many?', sql: 'SELECT count(*) FROM books', metadata: { a: 'b' } });
  const parsed = await parseInTurns(`[${`${record},`.repeat(90_000)}${record}]`);
  clearInterval(timer);
  expect(parsed).toHaveLength(90_001);
  expect(turns).toBeGreaterThan(1);
});
