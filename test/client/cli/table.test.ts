// Tables: as wide as the terminal at most, whole where there is none, and aligned whatever is written in them.
import { expect, test } from 'vitest';
import { table } from '../../../client/src/cli/table.ts';

const columns = ['id', { name: 'question', least: 8 }, { name: 'sql', least: 8 }, 'flagged'];
/** As terminals count: East Asian characters and emoji take two. */
const columnsOf = (text: string) =>
  [...text].reduce((sum, character) => sum + (/[\p{sc=Han}\p{Emoji_Presentation}？，]/u.test(character) ? 2 : 1), 0);

const ID = 'a'.repeat(24);
const rows = [
  [ID, '一共有多少本书？🦊 借出的书有多少本', `SELECT ${'x, '.repeat(50)}y`, 'no'],
  [ID, 'How many?', 'SELECT 1', 'yes'],
];

test('columns stand under each other, nothing is said by a dash, and no line ends in a space', () => {
  const few = [
    ['1', null],
    ['22', 'b'],
  ];
  expect(table(['id', 'name'], few, null)).toBe('id  name\n1   –\n22  b');
});

test('where no terminal is, nothing is cut', () => {
  const drawn = table(columns, rows, null);
  for (const cell of rows.flat()) expect(drawn).toContain(cell);
});

test.each([60, 80, 120, 1000])('no line is wider than %i columns, and no id is cut', (width) => {
  const drawn = table(columns, rows, width);
  const lines = drawn.split('\n');
  expect(lines).toHaveLength(3);
  expect(Math.max(...lines.map((line) => columnsOf(line)))).toBeLessThanOrEqual(width);
  for (const line of lines.slice(1)) expect(line.startsWith(`${ID}  `)).toBe(true);
  expect(drawn.includes('…')).toBe(width < 1000);
  // Each last cell begins at the same place, wide characters before it or not.
  const starts = lines.map((line) => columnsOf(line.slice(0, line.search(/(flagged|no|yes)$/))));
  expect(new Set(starts).size).toBe(1);
});

test('where there is no room for all columns, the last ones are left out, and at least the first stays', () => {
  expect(table(columns, rows, 40).split('\n')[0]).toMatch(/^id +question$/);
  expect(table(columns, rows, 10).split('\n')).toEqual(['id', ID, ID]);
});

test('colours take no room', () => {
  const painted = '\u001b[33mcancelled\u001b[39m';
  expect(table(['status', 'model'], [[painted, 'm']], 16)).toBe(`status     model\n${painted}  m`);
});
