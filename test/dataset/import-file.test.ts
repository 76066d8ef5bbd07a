// Golden records from CSV and JSONL files, and what is said of a file that cannot be read.
import { describe, expect, it } from 'vitest';
import { type ImportFormat, readRecords } from '../../server/finetuning/golden-records/import-file.ts';
import { allOf } from './all-of.ts';

const read = (input: string | AsyncIterable<Uint8Array>, format: ImportFormat) =>
  allOf(readRecords(typeof input === 'string' ? bytewise(input) : input, format));

/** One byte at a time, the hardest way a file can arrive. */
async function* bytewise(text: string) {
  for (const byte of new TextEncoder().encode(text)) yield Uint8Array.of(byte);
}

/** All at once. */
async function* whole(text: string) {
  yield new TextEncoder().encode(text);
}

const two = [
  { prompt_text: 'How many "big" books, 本?', sql: 'SELECT count(*)\nFROM books;' },
  { prompt_text: 'All?', sql: 'SELECT 1', metadata: { team: 'a' } },
];
const csv = `prompt_text,sql,metadata\r\n"How many ""big"" books, 本?","SELECT count(*)\nFROM books;",\r\n\r\nAll?,SELECT 1,"{""team"":""a""}"\r\n`;
const jsonl = two.map((record) => JSON.stringify(record)).join('\n\n');

describe.each([
  ['csv', csv],
  ['jsonl', jsonl],
] as const)('an uploaded %s file', (format, text) => {
  it('gives its records in order, with quotes, line breaks and metadata kept', async () => {
    expect(await read(text, format)).toEqual(two);
  });

  it('may arrive in pieces of any size, with a byte order mark', async () => {
    expect(await read(bytewise(`\uFEFF${text}`), format)).toEqual(two);
    expect(await read(whole(`\uFEFF${text}`), format)).toEqual(two);
  });

  it('must be UTF-8', async () => {
    async function* latin1() {
      yield Buffer.from(text);
      yield Buffer.from('\u00e9', 'latin1');
      yield Buffer.from('x');
    }
    await expect(read(latin1(), format)).rejects.toThrow('save it as UTF-8');
  });

  it('may be left off at any record', async () => {
    for await (const record of readRecords(bytewise(text), format)) {
      expect(record).toEqual(two[0]);
      break;
    }
  });

  it('passes a failure of the upload itself on', async () => {
    async function* broken() {
      yield Buffer.from(text.slice(0, 30));
      throw new Error('connection lost');
    }
    await expect(read(broken(), format)).rejects.toThrow('connection lost');
  });
});

describe('other names of the columns', () => {
  const expected = [{ prompt_text: 'How many?', sql: 'SELECT 1' }];
  it('are question and query, in any order', async () => {
    expect(await read('id,Query,Question\n7,SELECT 1,How many?', 'csv')).toEqual(expected);
    expect(await read('{"query":"SELECT 1","question":"How many?"}', 'jsonl')).toEqual(expected);
  });
});

describe('a record that cannot be read', () => {
  const good = '{"prompt_text":"a","sql":"b"}';
  it.each([
    ['jsonl', `${good}\n\n{"prompt_text":"a"}`, { row: 1, line: 3 }, 'sql or query is missing'],
    [
      'jsonl',
      `${good}\n{"prompt_text":1,"sql":"b"}`,
      { row: 1, line: 2 },
      'prompt_text or question is missing or is not a text',
    ],
    ['jsonl', `[${good}]`, { row: 0, line: 1 }, 'write one JSON object a line'],
    ['jsonl', `{\n"prompt_text":"a"}`, { row: 0, line: 1 }, 'write one JSON object a line'],
    ['jsonl', '{"prompt_text":"a","sql":"b","metadata":["x"]}', { row: 0, line: 1 }, 'metadata must be a JSON object'],
    ['csv', 'prompt_text,answer\na,b', { row: 0, line: 1 }, 'it names prompt_text, answer'],
    ['csv', '', { row: 0, line: 1 }, 'the file is empty'],
    ['csv', 'question,query\n"a\nb",c\nd', { row: 1, line: 4 }, 'Invalid Record Length'],
    ['csv', 'question,query\na,"b', { row: 0, line: 2 }, 'double quotes'],
    ['csv', 'question,query,metadata\na,b,team', { row: 0, line: 2 }, 'metadata must be a JSON object'],
  ] as const)('is named with its place: %s %j', async (format, text, place, message) => {
    await expect(read(text, format)).rejects.toMatchObject({
      name: 'ImportError',
      ...place,
      message: expect.stringContaining(message),
    });
  });

  it('is one that never ends', async () => {
    async function* endless() {
      for (;;) yield Buffer.alloc(100_000, 'x');
    }
    await expect(read(endless(), 'jsonl')).rejects.toThrow('too long');
    await expect(read(endless(), 'csv')).rejects.toThrow('cannot be read');
  });
});

describe('an empty file', () => {
  it('has no records as JSONL', async () => {
    expect(await read('\n \n', 'jsonl')).toEqual([]);
  });
});
