// What is checked in and made from the server is what the server makes now.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generate } from '../../client/generate.ts';

test('no generated file is stale; if one is, run `npm run generate`', async () => {
  const made = Object.entries(await generate());
  expect(made.map(([path]) => path)).toContain('docs/openapi.json');
  const checkedIn = await Promise.all(made.map(async ([path, text]) => ({ path, text, kept: await read(path) })));
  expect(checkedIn.filter(({ text, kept }) => text !== kept).map(({ path }) => path)).toEqual([]);
});

const read = (path: string) => readFile(path, 'utf8').catch(() => null);
