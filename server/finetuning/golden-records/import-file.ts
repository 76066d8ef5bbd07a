// Golden records from an uploaded CSV or JSONL file, read as it arrives. Only the structure is checked here.
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';

export type ImportFormat = 'csv' | 'jsonl';
export type ImportedRecord = { prompt_text: string; sql: string; metadata?: Record<string, unknown> };

/** What is wrong with the file, and what to do about it. */
export class ImportError extends Error {
  override name = 'ImportError';
  /** Zero-based, among the records. */
  readonly row: number;
  /** One-based, in the file. */
  readonly line: number;

  constructor(row: number, line: number, message: string) {
    super(message);
    this.row = row;
    this.line = line;
  }
}

/** How far the reading has come. */
type Place = { row: number; line: number };

/** The first name present is taken. */
const NAMES = { prompt_text: ['prompt_text', 'question'], sql: ['sql', 'query'], metadata: ['metadata'] } as const;
type Field = keyof typeof NAMES;

const LONGEST_RECORD = 4_000_000;

/**
 * The records of a file, in its order. A byte order mark and blank lines are skipped.
 * @throws ImportError naming the record that cannot be read.
 */
export async function* readRecords(
  input: AsyncIterable<Uint8Array>,
  format: ImportFormat,
): AsyncGenerator<ImportedRecord> {
  const place: Place = { row: 0, line: 1 };
  switch (format) {
    case 'csv':
      yield* readCsv(decode(input, place), place);
      return;
    case 'jsonl':
      yield* readJsonl(decode(input, place), place);
      return;
    default:
      format satisfies never;
  }
}

async function* decode(input: AsyncIterable<Uint8Array>, place: Place): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decoded = (bytes?: Uint8Array) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new ImportError(place.row, place.line, 'the file is not UTF-8 text; save it as UTF-8 and upload it again');
    }
  };
  for await (const bytes of input) yield decoded(bytes);
  yield decoded();
}

async function* readJsonl(chunks: AsyncIterable<string>, place: Place): AsyncGenerator<ImportedRecord> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* one(line);
    if (rest.length > LONGEST_RECORD) {
      throw new ImportError(place.row, place.line, 'the line is too long; write one JSON object a line');
    }
  }
  yield* one(rest);

  function* one(line: string): Generator<ImportedRecord> {
    if (line.trim() !== '') {
      yield recordFrom(parseJson(line, place, 'the line is not a JSON object; write one JSON object a line'), place);
      place.row += 1;
    }
    place.line += 1;
  }
}

async function* readCsv(chunks: AsyncIterable<string>, place: Place): AsyncGenerator<ImportedRecord> {
  const parser = parse({ info: true, skip_empty_lines: true, max_record_size: LONGEST_RECORD });
  const source = Readable.from(chunks);
  source.on('error', (error) => parser.destroy(error));
  let columns: Partial<Record<Field, number>> | undefined;
  try {
    for await (const item of source.pipe(parser)) {
      const { record, info } = csvItem.parse(item);
      if (!columns) {
        columns = columnsOf(record);
      } else {
        yield recordFrom(fieldsOf(record, columns, place), place);
        place.row += 1;
      }
      place.line = info.lines + 1;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The parser is ahead of what has been yielded. It counts the header as a record.
    const { records, lines } = csvErrorInfo.parse(error);
    throw new ImportError(
      Math.max(0, records - 1),
      lines,
      `the CSV cannot be read: ${error.message}; enclose a field that holds commas, quotes or line breaks in double quotes, and double the quotes within`,
    );
  } finally {
    source.destroy();
  }
  if (!columns) throw new ImportError(0, 1, `the file is empty; ${HEADER_NEEDED}`);
}

const csvErrorInfo = z.object({ records: z.number(), lines: z.number() });

const csvItem = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

const HEADER_NEEDED =
  'the first line must name the columns prompt_text and sql (or question and query), separated by commas';

function columnsOf(header: string[]): Partial<Record<Field, number>> {
  const titles = header.map((title) => title.trim().toLowerCase());
  const columnOf = (field: Field) => {
    const name = NAMES[field].find((candidate) => titles.includes(candidate));
    return name === undefined ? {} : { [field]: titles.indexOf(name) };
  };
  const columns: Partial<Record<Field, number>> = {
    ...columnOf('prompt_text'),
    ...columnOf('sql'),
    ...columnOf('metadata'),
  };
  if (columns.prompt_text !== undefined && columns.sql !== undefined) return columns;
  throw new ImportError(0, 1, `${HEADER_NEEDED}; it names ${header.join(', ').slice(0, 200)}`);
}

function fieldsOf(record: string[], columns: Partial<Record<Field, number>>, place: Place): Record<string, unknown> {
  const cell = (field: Field) => record[columns[field] ?? -1];
  const metadata = cell('metadata')?.trim();
  return {
    prompt_text: cell('prompt_text'),
    sql: cell('sql'),
    ...(metadata ? { metadata: parseJson(metadata, place, METADATA_NEEDED) } : {}),
  };
}

const METADATA_NEEDED = 'metadata must be a JSON object such as {"team":"analytics"}, or be left out';

const jsonObject = z.record(z.string(), z.unknown());

function parseJson(text: string, { row, line }: Place, message: string): Record<string, unknown> {
  try {
    return jsonObject.parse(JSON.parse(text));
  } catch {
    throw new ImportError(row, line, message);
  }
}

function recordFrom(fields: Record<string, unknown>, { row, line }: Place): ImportedRecord {
  const given = (field: Field) => fields[NAMES[field].find((name) => name in fields) ?? field];
  const textOf = (field: 'prompt_text' | 'sql') => {
    const value = given(field);
    if (typeof value === 'string') return value;
    throw new ImportError(row, line, `${NAMES[field].join(' or ')} is missing or is not a text; give it as a string`);
  };
  const record = { prompt_text: textOf('prompt_text'), sql: textOf('sql') };
  const metadata = given('metadata') ?? undefined;
  if (metadata === undefined) return record;
  const parsed = jsonObject.safeParse(metadata);
  if (!parsed.success) throw new ImportError(row, line, METADATA_NEEDED);
  return { ...record, metadata: parsed.data };
}
