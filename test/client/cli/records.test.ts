// `goldtune records …`: a file is taken as a whole or not at all.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchesOf } from '../../../client/src/cli/records/batches.ts';
import { readFile } from '../../../client/src/generated/file/read-file.ts';
import { startWorld, type World } from '../../world.ts';
import { json, run } from './command-line.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goldtune-records-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

const connectionIn = async (world: World) =>
  (await world.trpc.dbConnections.create.mutate({ alias: 'library', dialect: 'postgresql' })).id;
const recordsIn = (world: World) => world.trpc.goldenRecords.list.query({ limit: 1000 });

const expected = [
  { prompt_text: 'How many?\nAll of them.', sql: 'SELECT 1', metadata: null },
  { prompt_text: 'Who, "exactly"?', sql: 'SELECT 2', metadata: { team: 'analytics' } },
];
const csv =
  'question,query,metadata\r\n"How many?\nAll of them.",SELECT 1,\r\n\r\n"Who, ""exactly""?",SELECT 2,"{""team"":""analytics""}"\r\n';

test.each([
  ['golden.jsonl', `\uFEFF${expected.map((record) => JSON.stringify(record)).join('\n\n')}\n`],
  ['golden.ndjson', expected.map((record) => JSON.stringify(record)).join('\r\n')],
  ['golden.json', JSON.stringify(expected)],
  ['golden.csv', csv],
  [
    'golden.tsv',
    'Question\tSQL\tmetadata\n"How many?\nAll of them."\tSELECT 1\t\n"Who, ""exactly""?"\tSELECT 2\t{"team":"analytics"}'.replace(
      '{"team":"analytics"}',
      '"{""team"":""analytics""}"',
    ),
  ],
  ['named-wrongly.json', csv],
  ['no-ending', csv],
])('import takes %s', async (name, text) => {
  await using world = await startWorld();
  const connection = await connectionIn(world);
  const ended = await run(['records', 'import', await file(name, text), '--connection', connection], {
    url: world.app.url,
  });
  expect(ended).toEqual({ code: 0, stdout: 'given 2, new 2, duplicates 0, flagged 0\n', stderr: '' });
  const stored = await recordsIn(world);
  expect(stored.map(({ prompt_text, sql, metadata }) => ({ prompt_text, sql, metadata }))).toEqual(
    expect.arrayContaining(expected),
  );
  expect(stored).toHaveLength(2);
});

test('import tells what is new, what was there, and what its parser cannot read', async () => {
  await using world = await startWorld();
  const connection = await connectionIn(world);
  const lines = ['SELECT 1', 'SELECT 1', 'SELEC 2'].map((sql) => JSON.stringify({ question: 'How many?', query: sql }));
  const path = await file('mixed.jsonl', lines.join('\n'));
  const given = ['records', 'import', path, '--connection', connection];
  const first = await json(given, world.app.url);
  expect(first).toEqual({
    file: path,
    db_connection_id: connection,
    given: 3,
    new: 2,
    duplicates: 1,
    flagged: 1,
    sql_checked: true,
    prompt_columns: ['question'],
    sql_columns: ['query'],
    unused_columns: [],
    skipped: [],
    warnings: [
      { where: `${path}:3`, golden_record_id: expect.any(String), warning: expect.stringContaining('cannot read') },
    ],
  });
  expect(await json(given, world.app.url)).toEqual({ ...Object(first), new: 0, duplicates: 3 });
  const more = await file('more.jsonl', `${lines[0]}\n${JSON.stringify({ question: 'More?', query: 'SELECT 3' })}`);
  expect(await json(['records', 'import', more, '--connection', connection], world.app.url)).toMatchObject({
    given: 2,
    new: 1,
    duplicates: 1,
  });
  const shown = await run(given, { url: world.app.url });
  expect(shown.stdout).toContain(`${path}:3: kept, but flagged: `);
});

describe('a line that cannot be used is named, and nothing is sent', () => {
  const good = '{"prompt_text":"a","sql":"SELECT 1"}';
  test.each([
    ['a.jsonl', `${good}\n\n{"prompt_text":"a"}\n`, ':3: sql (or query) is missing'],
    ['b.jsonl', `${good}\n[${good}]`, ':2: the line is not a JSON object; write one JSON object a line'],
    ['c.jsonl', `${good}\n{"prompt_text":" ","sql":"b"}`, ':2: prompt_text (or question) must not be empty'],
    ['d.jsonl', `{"prompt_text":"a","sql":"b","metadata":{"n":1}}`, ':1: metadata must be an object of texts'],
    ['e.jsonl', `${good}\n{"prompt_text":"a","sql":7}`, ':2: sql (or query) must be a text'],
    ['f.csv', 'question,query\r\n"a\r\nb",SELECT 1\r\n\r\nx,\r\n', ':5: sql (or query) must not be empty'],
    ['g.csv', 'question,query\n"a\nb",SELECT 1\nx,y,z\n', ':4: it has 3 fields where the header names 2'],
    ['h.csv', 'question,query\na,"b\n', ':2: the quote that opens on line 2 is never closed'],
    ['i.csv', 'question,reply\na,b\n', ':1: the first line must name the columns'],
    ['j.csv', 'question,query,metadata\na,b,team\n', ':2: metadata must be an object of texts'],
    ['k.json', `[${good},\n{"prompt_text":"a"}]`, ':2: sql (or query) is missing'],
    ['l.json', `[${good},\n{"prompt_text"]`, ':2: it is not JSON'],
    ['m.json', `{\n${good}}`, ':1: it is a JSON object over several lines'],
    ['n.jsonl', '\n', ': it holds no records'],
    ['o.txt', 'a question', ':1: the first line must name the columns prompt_text (or question) and sql (or query)'],
    ['p.csv', 'Frage,sql\na,b\n', 'rename them there, or say which they are (--prompt-column, --sql-column)'],
    ['q.csv', 'question,sql,SQL\na,b,c\n', ':1: the first line names the column SQL twice'],
    ['r.csv', 'PK\u0003\u0004xl/workbook.xml', ': the file is an Excel workbook (.xlsx)'],
    ['s.csv', `question,sql${',x'.repeat(300)}\n`, ':1: there are more than 200 columns'],
  ])('%s', async (name, text, words) => {
    const path = await file(name, text);
    // Nothing listens there: had anything been sent, the exit code would be 7.
    const ended = await run(['records', 'import', path, '--connection', 'a'.repeat(24)], { url: 'http://127.0.0.1:1' });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^goldtune: [^\n]+\n$/);
    expect(ended.stderr).toContain(`${path}:`);
    expect(ended.stderr).toContain(words);
  });

  test('also where all others are good, and the server is there', async () => {
    await using world = await startWorld();
    const connection = await connectionIn(world);
    const path = await file('almost.jsonl', `${good}\n${good.replace('a', 'b')}\n{"prompt_text":"c"}\n{}`);
    const ended = await run(['records', 'import', path, '--connection', connection], { url: world.app.url });
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr: [
        `goldtune: ${path}:3: sql (or query) is missing; the columns are prompt_text: rename one, or say which column it is (--sql-column)`,
        `goldtune: ${path}:4: prompt_text (or question) is missing; the columns are none: rename one, or say which column it is (--prompt-column)`,
        `goldtune: ${path}:4: sql (or query) is missing; the columns are none: rename one, or say which column it is (--sql-column)`,
        `goldtune: ${path}: 3 faults, nothing was sent\n`,
      ].join('\n'),
    });
    expect(await recordsIn(world)).toEqual([]);
  });

  test('and so is a file that is not UTF-8', async () => {
    const path = join(directory, 'latin1.jsonl');
    await writeFile(path, Buffer.from('{"prompt_text":"caf\u00e9","sql":"b"}', 'latin1'));
    const ended = await run(['records', 'import', path, '--connection', 'a'.repeat(24)]);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(`${path}:1: the file is not UTF-8 text`) });
    expect(ended.stderr).toContain('save it as UTF-8');
  });
});

test('a connection that does not exist is said once, not for each line', async () => {
  await using world = await startWorld();
  const path = await file('fine.jsonl', '{"prompt_text":"a","sql":"SELECT 1"}');
  const ended = await run(['records', 'import', path, '--connection', 'a'.repeat(24)], { url: world.app.url });
  expect(ended).toMatchObject({ code: 5, stderr: `goldtune: Database connection not found: ${'a'.repeat(24)}\n` });
});

test('what a shell pipes in is taken too', async () => {
  await using world = await startWorld();
  const connection = await connectionIn(world);
  const args = ['records', 'import', '-', '--connection', connection];
  expect(await run(args, { url: world.app.url, input: csv })).toMatchObject({ code: 0, stderr: '' });
  expect(await recordsIn(world)).toHaveLength(2);
});

test('a file beyond what one request takes is sent in several', async () => {
  await using world = await startWorld();
  const connection = await connectionIn(world);
  const lines = Array.from({ length: 180 }, (_, index) =>
    JSON.stringify({ prompt_text: `${index} ${'x'.repeat(190_000)}`, sql: 'SELECT 1' }),
  );
  const path = await file('large.jsonl', lines.join('\n'));
  // A machine that is busy may take longer for one part than a terminal waits by itself.
  const patient = ['--request-timeout', '600'];
  expect(await json(['records', 'import', path, '--connection', connection, ...patient], world.app.url)).toMatchObject({
    given: 180,
    new: 180,
  });
});

test('batches are as few as the limits allow, and keep the order', () => {
  expect(batchesOf([])).toEqual([]);
  expect(batchesOf([1, 2, 3, 4, 5], { records: 2, bytes: 1000 })).toEqual([[1, 2], [3, 4], [5]]);
  expect(batchesOf(['aaaa', 'bbbb', 'c'], { records: 9, bytes: 12 })).toEqual([['aaaa'], ['bbbb', 'c']]);
  // Too large by itself: the server says so.
  expect(batchesOf(['a'.repeat(20), 'b'], { records: 9, bytes: 12 })).toEqual([['a'.repeat(20)], ['b']]);
});

test('a line break within quotes counts once, however lines end', async () => {
  const text = Array.from({ length: 5000 }, (_, index) => `"question\r\n ${index}",SELECT ${index}`).join('\r\n');
  async function* bytes() {
    yield new TextEncoder().encode(`question,query\r\n${text}`);
  }
  const { records } = await readFile(bytes());
  expect(records).toHaveLength(5000);
  expect(records.at(-1)?.line).toBe(10_000);
});

test('the columns may be named, and what was not used is told once', async () => {
  await using world = await startWorld();
  const connection = await connectionIn(world);
  const path = await file('german.csv', 'Nr;Frage;Abfrage\r\n1;Wie viele?;SELECT 1\r\n2;Welche?;SELECT 2\r\n');
  const given = ['records', 'import', path, '--connection', connection];
  const ended = await run([...given, '--prompt-column', 'frage', '--sql-column', 'Abfrage'], { url: world.app.url });
  expect(ended).toEqual({
    code: 0,
    stdout: 'read from Frage and Abfrage; not used: Nr\ngiven 2, new 2, duplicates 0, flagged 0\n',
    stderr: '',
  });
});

test('rows that are no golden records are left out and counted, and a dialect without a parser is told', async () => {
  await using world = await startWorld();
  const { id } = await world.trpc.dbConnections.create.mutate({ alias: 'lake', dialect: 'databricks' });
  const path = await file(
    'vanna.csv',
    'question,content,training_data_type\nHow many?,SELEC 1,sql\n,CREATE TABLE t (a int),ddl\n',
  );
  const ended = await run(['records', 'import', path, '--connection', id], { url: world.app.url });
  expect(ended.stdout.split('\n')).toEqual([
    'read from question and content; not used: training_data_type',
    'left out 1: training data of the type ddl, which is no question with its SQL',
    'given 1, new 1, duplicates 0, SQL not checked: no parser for this dialect',
    '',
  ]);
  expect((await recordsIn(world))[0]?.warnings).toEqual([]);
});

test('list shows them a page at a time, and delete hides one', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed(12);
  const url = world.app.url;
  const list = ['records', 'list', '--connection', connection.id, '--limit', '5'];
  const page = await json(list, url);
  expect(page).toEqual(await world.trpc.goldenRecords.list.query({ db_connection_id: connection.id, limit: 5 }));
  const shown = await run(list, { url });
  expect(shown.stdout.split('\n')).toHaveLength(5 + 2);
  expect(shown.stdout).toMatch(/^id +prompt +sql +flagged\n/);

  const id = records[0]?.id ?? '';
  expect(await json(['records', 'delete', id], url)).toEqual({ id, status: true });
  expect((await recordsIn(world)).map((record) => record.id)).not.toContain(id);
});
