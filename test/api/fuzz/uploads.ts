// Files of golden records, as a body itself and within a form: tables, lines of JSON, lists, and what only looks so.
import fc from 'fast-check';
import { hostile, oddTexts } from './hostile.ts';
import { long, named, UNKNOWN } from './marks.ts';

type Upload = { query: string; type: string; text: string };

const sometimes = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: odd });

const column = sometimes(fc.constantFrom('prompt_text', 'sql', 'question', 'SQL', 'metadata'), oddTexts);
const cell = sometimes(
  fc.constantFrom('How many?', 'SELECT 1', '"a ""b"" c"', '"a\nb"', '{"a":"b"}', '"{""__proto__"":""b""}"', ''),
  fc.oneof(oddTexts, fc.constant(long(300_000)), fc.constantFrom('"', '"a"b', "'", '\r')),
);
const quoted = (text: string) => `"q ${text.replaceAll('"', '""')}"`;
const table = fc
  .record({
    columns: sometimes<string[]>(fc.constant(['prompt_text', 'sql']), fc.array(column, { maxLength: 5 })),
    rows: sometimes<string[][]>(
      fc.array(
        fc.tuple(
          fc.string({ unit: 'grapheme-ascii', minLength: 1 }).map(quoted),
          fc.constantFrom('SELECT 1', 'SELECT 2'),
        ),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
      fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 5 }),
    ),
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    end: fc.constantFrom('\n', '\r\n', '\r'),
  })
  .map(({ columns, rows, delimiter, end }) => [columns, ...rows].map((row) => row.join(delimiter)).join(end));

const text = sometimes(fc.constantFrom<unknown>('How many?', 'SELECT 1'), hostile);
const record = fc.oneof(
  fc.record({ prompt_text: text, sql: text, metadata: hostile }, { requiredKeys: ['prompt_text', 'sql'] }),
  fc
    .array(fc.record({ role: fc.constantFrom('user', 'assistant', 'x'), content: text }))
    .map((messages) => ({ messages })),
  hostile,
);
const lines = fc
  .array(record, { minLength: 1, maxLength: 5 })
  .chain((all) =>
    fc.constantFrom(
      all.map((one) => JSON.stringify(one) ?? '').join('\n'),
      JSON.stringify(all),
      `[${JSON.stringify(all)}`,
    ),
  );

const file = fc.oneof(table, lines, oddTexts);
const types = sometimes(
  fc.constantFrom('text/csv', 'text/tab-separated-values', 'application/jsonl', 'application/json'),
  fc.constantFrom('text/plain', 'application/octet-stream', 'text/csv; charset=utf-16', '', 'application/x-ndjson'),
);
const connection = sometimes(fc.constant(named('connection')), fc.constantFrom(UNKNOWN, '', named('run'), '%00', 'x'));
const columns = fc.constantFrom('', '', '', '&prompt_column=question', '&sql_column=%00', '&prompt_column=__proto__');

const asBody: fc.Arbitrary<Upload> = fc
  .record({ file, type: types, connection, columns })
  .map(({ file, type, connection, columns }) => ({
    query: `db_connection_id=${connection}${columns}`,
    type,
    text: file,
  }));

const part = fc
  .record({
    name: fc.constantFrom(
      'file',
      'file',
      'db_connection_id',
      'prompt_column',
      'sql_column',
      '__proto__',
      '',
      'x"y',
      'é',
    ),
    filename: fc.option(fc.constantFrom('a.csv', 'a.jsonl', '../../a.json', 'a\u0000.csv', '', 'a'.repeat(5000))),
    type: fc.option(types),
    value: fc.oneof(file, fc.constantFrom(named('connection'), 'question', '')),
    end: sometimes(fc.constant('\r\n'), fc.constantFrom('\n', '', '\r\n\r\n')),
  })
  .map(({ name, filename, type, value, end }) => {
    const file = filename === null ? '' : `; filename="${filename}"`;
    const head = `Content-Disposition: form-data; name="${name}"${file}${type === null ? '' : `\r\nContent-Type: ${type}`}`;
    return `--x\r\n${head}\r\n\r\n${value}${end}`;
  });
const asForm: fc.Arbitrary<Upload> = fc
  .record({
    parts: fc.array(part, { minLength: 1, maxLength: 4 }),
    query: fc.constantFrom(`db_connection_id=${named('connection')}`, ''),
    last: sometimes(fc.constant('--x--\r\n'), fc.constantFrom('', '--x', '--y--')),
    type: sometimes(
      fc.constant('multipart/form-data; boundary=x'),
      fc.constantFrom('multipart/form-data', 'multipart/form-data; boundary=""', 'multipart/form-data; boundary=y'),
    ),
  })
  .map(({ parts, query, last, type }) => ({ query, type, text: `${parts.join('')}${last}` }));

export const uploads: fc.Arbitrary<Upload> = fc.oneof(asBody, asForm);
