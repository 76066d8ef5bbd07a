// How often the parsers flag SQL that is right, per dialect: the figures by which they are used or switched off.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type Reading, readings, WORST } from '../../server/finetuning/golden-records/parsers.ts';
import { readByAny } from '../../server/finetuning/golden-records/sql-syntax.ts';

const MARK = '-- flagged\n';

async function statementsOf(file: string): Promise<{ sql: string; marked: boolean }[]> {
  const text = await readFile(new URL(`fixtures/sql/${file}.sql`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n\n')
    .map((block) => ({ sql: block.replace(MARK, ''), marked: block.startsWith(MARK) }));
}

async function flaggedOf(sqls: readonly string[], { parsers }: Reading): Promise<string[]> {
  const flagged: string[] = [];
  for (const sql of sqls) if ((await readByAny([sql], parsers))[0]?.kind !== 'read') flagged.push(sql);
  return flagged;
}

const dialects: [string, Reading][] = Object.entries(readings);

test.each(dialects)('of the statements in %s exactly the marked ones are flagged', async (dialect, reading) => {
  const statements = [...(await statementsOf('common')), ...(await statementsOf(dialect))];
  const flagged = await flaggedOf(
    statements.map(({ sql }) => sql),
    reading,
  );
  expect(flagged).toEqual(statements.filter(({ marked }) => marked).map(({ sql }) => sql));
  expect({ statements: statements.length, flagged: flagged.length }).toEqual(reading.measured);
  expect(statements.length).toBeGreaterThanOrEqual(40);
});

/** Ways in which a statement goes wrong. */
const breaks: ((sql: string) => string)[] = [
  (sql) => sql.replace(/\bFROM\b/, 'FORM'),
  (sql) => sql.replace(/\bSELECT\b/, 'SELEC'),
  (sql) => sql.replace(/\)(?!.*\))/, ''),
  (sql) => sql.replace(',', ',,'),
  (sql) => sql.replace(/ BY /, ' '),
  (sql) => sql.slice(0, sql.length * 0.6),
];

const used = dialects.filter(([, { measured }]) => measured.flagged / measured.statements < WORST);

test.each(used)(
  'asking several parsers still flags four in five of the broken statements in %s',
  async (dialect, reading) => {
    const statements = [...(await statementsOf('common')), ...(await statementsOf(dialect))];
    const broken = statements.flatMap(({ sql }) => breaks.map((break_) => break_(sql)).filter((text) => text !== sql));
    expect((await flaggedOf(broken, reading)).length / broken.length).toBeGreaterThan(0.8);
  },
);
