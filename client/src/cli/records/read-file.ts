// Golden records in a file: JSONL, CSV or a JSON array. All of it is read and checked before anything is sent.
import { InputError } from '../failure.ts';
import { CsvProblem, csvRows } from './csv-rows.ts';
import { type Fields, problemOf, recordFrom, type UnsentRecord } from './record.ts';

export type Format = 'jsonl' | 'csv' | 'json';
export const formats: readonly Format[] = ['jsonl', 'csv', 'json'];

/** `where` is FILE:LINE, of a JSON array the number of the record. */
export type Read = { where: string; record: UnsentRecord };
type Item = { where: string; fields: Fields | string };

/** @throws InputError that names the first of the lines that cannot be used, and how many more there are. */
export function readRecords(file: string, text: string, format: Format): Read[] {
  const items = [...readers[format](file, text)];
  const found = items.map(({ where, fields }) => ({
    where,
    fields,
    problem: typeof fields === 'string' ? fields : problemOf(fields),
  }));
  const bad = found.filter(({ problem }) => problem !== null);
  if (bad[0]) {
    const more = bad.length > 1 ? `; ${bad.length - 1} more cannot be used either` : '';
    throw new InputError(`${bad[0].where}: ${bad[0].problem}${more}; nothing was sent`);
  }
  if (items.length === 0) throw new InputError(`${file}: it holds no records`);
  return found.flatMap(({ where, fields }) =>
    typeof fields === 'string' ? [] : [{ where, record: recordFrom(fields) }],
  );
}

/** By the ending of its name. @throws InputError where that does not tell. */
export function formatOf(file: string): Format {
  const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase();
  const format = formats.find((known) => known === (ending === 'ndjson' ? 'jsonl' : ending));
  if (format) return format;
  throw new InputError(`${file}: its name does not tell what it is; give --format ${formats.join(', --format ')}`);
}

const readers: Record<Format, (file: string, text: string) => Iterable<Item>> = { jsonl, csv, json };

function* jsonl(file: string, text: string): Generator<Item> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    yield { where: `${file}:${index + 1}`, fields: objectOf(line, 'it is not a JSON object; write one a line') };
  }
}

function* json(file: string, text: string): Generator<Item> {
  const items = arrayOf(file, text);
  for (const [index, item] of items.entries()) {
    const fields = isObject(item) ? item : 'it is not a JSON object';
    yield { where: `${file}: record ${index + 1}`, fields };
  }
}

function arrayOf(file: string, text: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed;
  } catch (error) {
    const problem = error instanceof Error ? error.message : '';
    // Where Node does not say a position, the text has ended too early.
    const position = Number(/position (\d+)/.exec(problem)?.[1] ?? text.length);
    const line = text.slice(0, position).split('\n').length;
    throw new InputError(`${file}:${line}: it is not JSON: ${problem}; nothing was sent`);
  }
  throw new InputError(`${file}:1: it is not a JSON array of records; for one object a line give --format jsonl`);
}

const COLUMNS = 'the first line must name the columns prompt_text and sql (or question and query), separated by commas';

function* csv(file: string, text: string): Generator<Item> {
  let header: string[] | undefined;
  for (const { values, line } of rowsOf(file, text)) {
    if (!header) {
      header = values.map((name) => name.trim().toLowerCase());
      const has = (...names: string[]) => names.some((name) => header?.includes(name));
      if (!has('prompt_text', 'question') || !has('sql', 'query')) throw new InputError(`${file}:${line}: ${COLUMNS}`);
      continue;
    }
    const { metadata = '', ...fields } = Object.fromEntries(header.map((name, at) => [name, values[at] ?? '']));
    const parsed = metadata.trim() === '' ? {} : objectOf(metadata, 'metadata is not a JSON object');
    yield {
      where: `${file}:${line}`,
      fields:
        typeof parsed === 'string' ? parsed : { ...fields, ...(metadata.trim() === '' ? {} : { metadata: parsed }) },
    };
  }
}

function rowsOf(file: string, text: string) {
  try {
    return csvRows(text);
  } catch (error) {
    if (!(error instanceof CsvProblem)) throw error;
    const advice =
      'enclose a field that holds commas, quotes or line breaks in double quotes, and double the quotes in it';
    throw new InputError(
      `${file}:${error.line}: the CSV cannot be read: ${error.message}; ${advice}; nothing was sent`,
    );
  }
}

function objectOf(text: string, problem: string): Fields | string {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : problem;
  } catch {
    return problem;
  }
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
