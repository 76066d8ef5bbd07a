// Files of golden records: how they are understood, and what is said of those that cannot be.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Delimiter, delimited } from '../../server/finetuning/golden-records/file/delimited.ts';
import { jsonArray } from '../../server/finetuning/golden-records/file/json-array.ts';
import { type ReadOptions, readFile } from '../../server/finetuning/golden-records/file/read-file.ts';

const bytesOf = (input: string | Uint8Array) => (typeof input === 'string' ? new TextEncoder().encode(input) : input);

/** In pieces of so many bytes; one at a time is the hardest way a file can arrive. */
async function* inPieces(input: string | Uint8Array, size: number) {
  const bytes = bytesOf(input);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = (input: string | Uint8Array, options: ReadOptions = {}) => readFile(inPieces(input, 1), options);
const recordsOf = async (input: string | Uint8Array, options: ReadOptions = {}) =>
  (await read(input, options)).records.map(({ record }) => record);

const says = (role: string, content: unknown) => ({ role, content });

const two = [
  { prompt_text: 'How many "big" books, 本?', sql: 'SELECT count(*)\nFROM books;' },
  { prompt_text: 'All?', sql: 'SELECT 1', metadata: { team: 'a' } },
];
const csv = `prompt_text,sql,metadata\r\n"How many ""big"" books, 本?","SELECT count(*)\nFROM books;",\r\n\r\nAll?,SELECT 1,"{""team"":""a""}"\r\n`;
const shapes = {
  csv,
  tsv: csv
    .replace('prompt_text,sql,metadata', 'prompt_text\tsql\tmetadata')
    .replace('?",', '?"\t')
    .replace(';",', ';"\t')
    .replace('All?,SELECT 1,', 'All?\tSELECT 1\t'),
  jsonl: two.map((record) => JSON.stringify(record)).join('\n\n'),
  'a JSON array': JSON.stringify(two, null, 2),
};

/** As Excel saves "Unicode Text". */
function utf16(text: string, order: 'le' | 'be', mark: boolean): Uint8Array {
  const bytes = Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

describe.each(Object.entries(shapes))('%s', (_name, text) => {
  it('gives its records in order, with quotes, line breaks and metadata kept', async () => {
    expect(await recordsOf(text)).toEqual(two);
  });

  it('may arrive in pieces of any size', async () => {
    for (const size of [2, 3, 5, 7, 64, 100_000]) {
      const { records } = await readFile(inPieces(text, size));
      expect(records.map(({ record }) => record)).toEqual(two);
    }
  });

  it('is read as UTF-8 with a byte order mark, and as UTF-16', async () => {
    expect(await recordsOf(`\uFEFF${text}`)).toEqual(two);
    expect(await recordsOf(utf16(text, 'le', true))).toEqual(two);
    expect(await recordsOf(utf16(text, 'be', true))).toEqual(two);
    expect(await recordsOf(utf16(text, 'le', false))).toEqual(two);
    expect(await recordsOf(utf16(text, 'be', false))).toEqual(two);
  });

  it('of another encoding is refused, with the line and what to do', async () => {
    const latin1 = Buffer.concat([Buffer.from(text), Buffer.from('\n\u00e9 x', 'latin1')]);
    for (const size of [1, 2, 3, 5, 100_000]) {
      await expect(readFile(inPieces(latin1, size))).rejects.toMatchObject({
        message: expect.stringContaining('save it as UTF-8'),
        problems: [{ line: text.split(/\r\n|\n/).length + 1 }],
      });
    }
  });

  it('passes a failure of the upload itself on', async () => {
    async function* broken() {
      yield Buffer.from(text.slice(0, 30));
      throw new Error('connection lost');
    }
    await expect(readFile(broken())).rejects.toThrow('connection lost');
  });

  it('is what its content is, whatever it is called', async () => {
    for (const format of ['csv', 'tsv', 'json', 'jsonl'] as const)
      expect(await recordsOf(text, { format })).toEqual(two);
  });
});

test('of a chat the question and its answer are taken, in parts or not, and what others say is told as unused', async () => {
  const messages = [
    says('system', 'Answer with SQL.'),
    says('user', [
      { type: 'text', text: 'How ' },
      { type: 'text', text: 'many?' },
    ]),
    says('assistant', 'SELECT 1'),
  ];
  const { records, report } = await read(JSON.stringify({ messages, source: 'x' }));
  expect(records.map(({ record }) => record)).toEqual([{ prompt_text: 'How many?', sql: 'SELECT 1' }]);
  expect(report.unused).toEqual(['source', 'messages (system)']);
  const image = [says('user', [{ type: 'image_url', image_url: {} }]), says('assistant', 'SELECT 1')];
  await expect(read(JSON.stringify({ messages: image }))).rejects.toThrow('as texts');
});

describe('the columns', () => {
  const expected = [{ prompt_text: 'How many?', sql: 'SELECT 1' }];

  it.each([
    'Question,QUERY\nHow many?,SELECT 1',
    'id;SQL Query;Prompt-Text\n7;SELECT 1;How many?',
    '{"Query":"SELECT 1","question":"How many?"}',
    // What is null, blank or no text does not hide the text under another name.
    '{"sql":null,"query":"SELECT 1","prompt":" ","question":"How many?"}',
    '{"sql":{"select":[]},"query":["SELECT","1"],"gold_sql":"SELECT 1","question":"How many?"}',
  ])('are known by many names, however they are spelt: %s', async (text) => {
    expect(await recordsOf(text)).toEqual(expected);
  });

  it('may be named', async () => {
    const german = 'Frage,Antwort,sql\nHow many?,SELECT 1,none';
    expect(await recordsOf(german, { prompt_column: 'frage', sql_column: 'Antwort' })).toEqual(expected);
    await expect(read(german, { prompt_column: 'Fragen' })).rejects.toThrow(
      'must name the columns Fragen and sql (or query); it names Frage, Antwort, sql',
    );
  });

  it.each([
    ['question,sql,SQL\na,b,c', 'names the column SQL twice'],
    ['{"question":"a","sql":"b","sql":"c"}', '"sql" is given twice'],
    ['{"question":"a","sql":"b","x\\u0022y":1,"x\\"y":2}', '"x"y" is given twice'],
    ['{"question":"a","sql":"b","Sql":"c"}', '"sql" and "Sql" are one name'],
  ])('are not taken where one is named twice: %s', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});

describe('what cannot be read is told with its place and what to do', () => {
  const good = '{"prompt_text":"a","sql":"b"}';
  it.each([
    [
      `${good}\n\n{"prompt_text":"a"}`,
      { index: 1, line: 3, field: 'sql' },
      'sql (or query) is missing; the columns are prompt_text',
    ],
    [`${good}\r\n{"prompt_text":1,"sql":"b"}`, { index: 1, line: 2, field: 'prompt_text' }, 'must be a text'],
    [`${good}\r{"prompt_text":"a","sql":" "}`, { index: 1, line: 2, field: 'sql' }, 'sql (or query) must not be empty'],
    [`${good}\n[${good}]`, { index: 1, line: 2, field: null }, 'write one JSON object a line'],
    [`{\n"prompt_text":"a"}`, { index: null, line: 1 }, 'write one JSON object a line'],
    ['{"prompt_text":"a","sql":"b","metadata":["x"]}', { index: 0, line: 1, field: 'metadata' }, 'an object of texts'],
    ['{"prompt_text":"a\\u0000","sql":"b"}', { index: 0, line: 1, field: 'prompt_text' }, 'NUL'],
    ['{"prompt_text":"a\\ud800","sql":"b"}', { index: 0, line: 1, field: 'prompt_text' }, 'surrogate'],
    [`{"prompt_text":"a","sql":"${'b'.repeat(200_001)}"}`, { index: 0, line: 1, field: 'sql' }, 'at most 200,000'],
    ['{"messages":[{"role":"user","content":"a"}]}', { index: 0, line: 1 }, 'one of the assistant'],
    [`[${good},\n\n{"prompt_text":"a"}]`, { index: 1, line: 3, field: 'sql' }, 'sql (or query) is missing'],
    [`[${good},\n{"prompt_text"]`, { index: null, line: 2 }, 'it is not JSON'],
    [`[${good},\n{"prompt_text": nothing}]`, { index: 1, line: 2 }, 'the record is not a JSON object'],
    [`[${good},\n7]`, { index: 1, line: 2 }, 'the record is not a JSON object'],
    [`[${good}]\n[${good}]`, { index: null }, 'something follows the end of the list'],
    [`[${good}`, { index: null, line: 1 }, 'the file ends within the list'],
    ['prompt_text,reply\na,b', { index: null, line: 1 }, 'it names prompt_text, reply'],
    ['a question\nanother', { index: null, line: 1 }, 'the first line must name the columns'],
    ['question,query\n"a\nb",c\n"d\r\ne",f\nd', { index: 2, line: 6 }, 'it has 1 fields where the header names 2'],
    ['question,query\na,b,c', { index: 0, line: 2 }, 'it has 3 fields where the header names 2'],
    ['question,query\nx,y\na,"b\n', { index: 1, line: 3 }, 'the quote that opens on line 3 is never closed'],
    ['question,query\n"a" b,c', { index: 0, line: 2 }, 'text follows the closing quote'],
    ['question,query,metadata\na,b,team', { index: 0, line: 2, field: 'metadata' }, 'an object of texts'],
    ['', { index: null, line: null }, 'it holds no records'],
    ['\n \n', { index: null, line: null }, 'it holds no records'],
    ['[]', { index: null, line: null }, 'it holds no records'],
    ['question,sql\n', { index: null, line: null }, 'it holds no records'],
    ['<!DOCTYPE html>\n<title>Sign in</title>', { index: null, line: 1 }, 'a page of HTML'],
  ])('%j', async (text, place, message) => {
    for (const size of [1, 100_000]) {
      await expect(readFile(inPieces(text, size))).rejects.toMatchObject({
        name: 'UnreadableFile',
        problems: [{ ...place, message: expect.stringContaining(message) }],
      });
    }
  });

  it.each([
    [{ prompt_column: 'Frage', sql_column: 'frage' }, 'prompt_column and sql_column both name "frage"'],
    [{ prompt_column: ' ' }, 'prompt_column names no column'],
    [{ sql_column: '' }, 'sql_column names no column'],
  ])('and so are columns that cannot be meant: %j', async (options, message) => {
    await expect(read(csv, options)).rejects.toMatchObject({
      problems: [{ message: expect.stringContaining(message) }],
    });
  });

  it.each([
    ['csv', 'Frage,Abfrage\na,b'],
    ['tsv', 'Frage\tAbfrage\na\tb'],
    ['jsonl', '{"Frage":"a","Abfrage":"b"}'],
    ['json', '[{"Frage":"a","Abfrage":"b"}]'],
  ])('the columns there are stand in what is said of a %s whose names do not tell', async (_kind, text) => {
    await expect(read(text)).rejects.toThrow(/Frage, Abfrage: rename .* or say which .*column/);
    expect(await recordsOf(text, { prompt_column: 'Frage', sql_column: 'abfrage' })).toEqual([
      { prompt_text: 'a', sql: 'b' },
    ]);
  });

  it('a chat has one column, whoever says how much in it', async () => {
    const chat = JSON.stringify({ messages: [says('user', 'a'), says('system', 'x'), says('assistant', 'b')] });
    await expect(read(chat, { prompt_column: 'Frage' })).rejects.toThrow('the columns are messages: rename one');
  });

  it.each([
    [gzipSync(csv), 'a gzip archive'],
    [Buffer.from('PK\x03\x04\x14\x00xl/workbook.xml'), 'an Excel workbook'],
    [Buffer.from('PAR1\x15\x04\x15'), 'a Parquet file'],
    [Buffer.from('SQLite format 3\0'), 'an SQLite database'],
  ])('what is no text is named as what it is', async (bytes, what) => {
    await expect(read(bytes)).rejects.toThrow(what);
  });

  it('all of it, up to a hundred, with a count', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => (index % 2 ? good : '{"prompt_text":"a"}')).join('\n');
    const error = await read(lines).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ count: 150 });
    expect(Object(error).problems).toHaveLength(100);
    expect(Object(error).problems[99]).toMatchObject({ index: 198, line: 199 });
  });

  it('what went wrong before the end of a file that breaks off, too', async () => {
    await expect(read(`[{"question":"a"},\n${good},\n{"prompt`)).rejects.toMatchObject({
      problems: [
        { line: 1, field: 'sql' },
        { line: 3, field: null },
      ],
    });
  });
});

describe('what is too much is refused while it is read', () => {
  /** Never ends; tells how much of it was taken. */
  function endless(piece: string, start = '') {
    const taken = { bytes: 0 };
    async function* stream() {
      yield Buffer.from(start);
      for (;;) {
        taken.bytes += piece.length;
        yield Buffer.from(piece);
      }
    }
    return { stream: stream(), taken };
  }

  it.each([
    ['a line', 'x'.repeat(100_000), '{"a":"', 'more than 4 million characters'],
    ['a field', 'x'.repeat(100_000), 'question,sql\n"', 'more than 4 million characters'],
    ['an element', 'x'.repeat(100_000), '[{"a":"', 'more than 4 million characters'],
    ['a header of commas', ','.repeat(100_000), '', 'more than 200 columns'],
    ['a row of commas', ','.repeat(100_000), 'question,sql\n', 'more than 200 columns'],
    ['rows', 'a,b\n'.repeat(25_000), 'question,sql\n', 'more than 50,000 records'],
    ['rows that cannot be used', 'a,\n'.repeat(25_000), 'question,sql\n', 'more than 50,000 records'],
    ['lines', '{}\n'.repeat(25_000), '', 'more than 50,000 records'],
    ['elements', '{},'.repeat(25_000), '[', 'more than 50,000 records'],
    ['numbers', '1,'.repeat(25_000), '[', 'more than 50,000 records'],
    ['a number', '1'.repeat(100_000), '[', 'more than 4 million characters'],
    ['commas', ','.repeat(25_000), '[', 'more than 50,000 records'],
    ['lists within lists', '['.repeat(100_000), '[', 'more than 4 million characters'],
    ['empty lines', '\n'.repeat(100_000), '{}\n', 'more than 100,000 empty lines'],
    ['empty lines of a table', '\r\n'.repeat(50_000), 'question,sql\na,b\n', 'more than 100,000 empty lines'],
    ['rows of empty fields', ',\n'.repeat(50_000), 'question,sql\na,b\n', 'more than 100,000 empty lines'],
    ['spaces', ' '.repeat(100_000), '{}\n', 'more than 4 million characters'],
  ])('%s without end', async (_name, piece, start, message) => {
    const { stream, taken } = endless(piece, start);
    const error = await readFile(stream, { most: 50_000 }).catch((thrown: unknown) => thrown);
    expect(Object(error).problems.at(-1).message).toContain(message);
    expect(taken.bytes).toBeLessThan(5_000_000);
  });
});

test('a record of hundreds of thousands of fields is refused without a look at each, whatever is given twice in it', async () => {
  const fields = Array.from({ length: 300_000 }, (_, index) => `"${index}":1`);
  const text = `{${fields.join(',')},"0":2,"question":"a","sql":"b"}`;
  for (const file of [text, `[${text}]`]) {
    await expect(readFile(inPieces(file, 100_000))).rejects.toThrow('it has more than 200 fields');
  }
});

test('a chat of thousands of others, and a file of as many spellings and reasons, is told of in a few words', async () => {
  const others = Array.from({ length: 70_000 }, (_, index) => says(`other ${index}`, ''));
  const chat = JSON.stringify({ messages: [says('user', 'a'), says('assistant', 'b'), ...others] });
  expect((await readFile(inPieces(chat, 100_000))).report.unused).toHaveLength(20);
  const spelt = Array.from(
    { length: 3000 },
    (_, index) => `{"training_data_type":"kind ${index}"}\n{"q${'_'.repeat(index % 1000)}uestion":"a","sql":"b"}`,
  );
  const { report } = await readFile(inPieces(spelt.join('\n'), 100_000));
  expect([report.taken.prompt_text.length, report.skipped.length]).toEqual([20, 20]);
});

describe('a table', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\t', '|', '\n', '\r', '\r\n', ' ', 'é', '本') });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 6 });

  async function* pieces(text: string, size: number) {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
  }

  test('written by the rules is read as it was, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom<Delimiter>(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 9 }),
        async (rows, delimiter, ending, size) => {
          const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
          const written = rows.map((row) => row.map(quoted).join(delimiter) + ending);
          const places: number[] = [];
          const found: string[][] = [];
          for await (const { line, values, fault } of delimited(pieces(written.join(''), size), delimiter)) {
            expect(fault).toBeNull();
            places.push(line);
            found.push(values);
          }
          const lineOf = (row: number) =>
            written
              .slice(0, row)
              .join('')
              .split(/\r\n|\r|\n/).length;
          expect(places).toEqual(
            rows.flatMap((row, at) => (row.some((value) => value.trim() !== '') ? [lineOf(at)] : [])),
          );
          expect(found).toEqual(rows.filter((row) => row.some((value) => value.trim() !== '')));
        },
      ),
    );
  });

  test('any JSON array is cut into its elements, each with its line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.json()), fc.integer({ min: 1, max: 9 }), async (elements, size) => {
        const text = `[${elements.join(',\n')}]`;
        const found: string[] = [];
        for await (const element of jsonArray(pieces(text, size))) {
          expect(element.line).toBe(found.length + 1);
          found.push(element.text);
        }
        expect(found.map((element) => JSON.parse(element))).toEqual(elements.map((element) => JSON.parse(element)));
      }),
    );
  });
});
