// `goldtune records …`: a file is taken as a whole or not at all.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchesOf } from '../../../client/src/cli/records/batches.ts';
import { readRecords } from '../../../client/src/cli/records/read-file.ts';
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
    ['b.jsonl', `${good}\n[${good}]`, ':2: it is not a JSON object; write one a line'],
    ['c.jsonl', `${good}\n{"prompt_text":" ","sql":"b"}\n{"sql":7}`, ':2: prompt_text (or question) must not be empty'],
    ['d.jsonl', `{"prompt_text":"a","sql":"b","metadata":{"n":1}}`, ':1: metadata must be an object of texts'],
    ['e.jsonl', `${good}\n{"prompt_text":"a","sql":7}`, ':2: sql (or query) must be a text'],
    ['f.csv', 'question,query\r\n"a\r\nb",SELECT 1\r\n\r\nx,\r\n', ':5: sql (or query) must not be empty'],
    ['g.csv', 'question,query\n"a\nb",SELECT 1\nx,y,z\n', ':4: the CSV cannot be read: Invalid Record Length'],
    ['h.csv', 'question,query\na,"b\n', ':2: the CSV cannot be read: Quote Not Closed'],
    ['i.csv', 'question,answer\na,b\n', ':1: the first line must name the columns'],
    ['j.csv', 'question,query,metadata\na,b,team\n', ':2: metadata is not a JSON object'],
    ['k.json', `[${good},\n{"prompt_text":"a"}]`, ': record 2: sql (or query) is missing'],
    ['l.json', `[${good},\n{"prompt_text"]`, ':2: it is not JSON'],
    ['m.json', good, ':1: it is not a JSON array of records'],
    ['n.jsonl', '\n', ': it holds no records'],
    ['o.txt', good, ': its name does not tell what it is; give --format jsonl'],
  ])('%s', async (name, text, words) => {
    const path = await file(name, text);
    // Nothing listens there: had anything been sent, the exit code would be 7.
    const ended = await run(['records', 'import', path, '--connection', 'a'.repeat(24)], { url: 'http://127.0.0.1:1' });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^goldtune: [^\n]+\n$/);
    expect(ended.stderr).toContain(`${path}${words}`);
  });

  test('also where all others are good, and the server is there', async () => {
    await using world = await startWorld();
    const connection = await connectionIn(world);
    const path = await file('almost.jsonl', `${good}\n${good.replace('a', 'b')}\n{"prompt_text":"c"}\n{}`);
    const ended = await run(['records', 'import', path, '--connection', connection], { url: world.app.url });
    expect(ended).toEqual({
      code: 2,
      stdout: '',
      stderr: `goldtune: ${path}:3: sql (or query) is missing; 1 more cannot be used either; nothing was sent\n`,
    });
    expect(await recordsIn(world)).toEqual([]);
  });

  test('and so is a file that is not UTF-8', async () => {
    const path = join(directory, 'latin1.jsonl');
    await writeFile(path, Buffer.from('{"prompt_text":"caf\u00e9","sql":"b"}', 'latin1'));
    const ended = await run(['records', 'import', path, '--connection', 'a'.repeat(24)]);
    expect(ended).toMatchObject({ code: 2, stderr: `goldtune: ${path}: it is not UTF-8 text; save it as UTF-8\n` });
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
  const args = ['records', 'import', '-', '--format', 'csv', '--connection', connection];
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
  expect(await json(['records', 'import', path, '--connection', connection], world.app.url)).toMatchObject({
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

test('fifty thousand lines are read in a moment', () => {
  const text = Array.from({ length: 50_000 }, (_, index) => `"question\r\n ${index}",SELECT ${index}`).join('\r\n');
  const started = process.cpuUsage();
  const read = readRecords('f.csv', `question,query\r\n${text}`, 'csv');
  // Of the processor, not of the clock; what looks at all lines for each line takes minutes.
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(10_000);
  expect(read).toHaveLength(50_000);
  expect(read.at(-1)?.where).toBe('f.csv:100000');
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
