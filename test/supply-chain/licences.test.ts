// What ships stands under licences that are known, and docs/licences.md lists them.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { licencePage, notAllowed, notes } from './licences.ts';
import { type Component, shipped } from './shipped.ts';

const bill = await shipped();

test('what ships stands under licences that ask for no more than to stay with the copy', () => {
  expect(notAllowed(bill)).toEqual([]);
});

test('another licence, one of several, or none is told with the name of its package', () => {
  const [one] = bill.components;
  if (!one) throw new Error('nothing is listed');
  const under = (name: string, licenses: Component['licenses']) => ({ ...one, name, licenses });
  const components = [
    under('a', [{ license: { id: 'GPL-3.0-only' } }]),
    under('b', [{ license: { id: 'MIT' } }]),
    under('c', [{ expression: 'MIT AND GPL-3.0-only' }]),
    under('d', undefined),
  ];
  expect(notAllowed({ ...bill, components })).toEqual([
    'a: GPL-3.0-only',
    'c: MIT AND GPL-3.0-only',
    'd: none that is known',
  ]);
});

test('the list of licences is not stale; if it is, run `npm run licences`', async () => {
  expect(await readFile('docs/licences.md', 'utf8')).toBe(licencePage(bill));
});

test('what is noted about a package is about one that ships', () => {
  const names = new Set(bill.components.map(({ name }) => name));
  expect(Object.keys(notes).filter((name) => !names.has(name))).toEqual([]);
});
