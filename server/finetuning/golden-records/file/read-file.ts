// The one reader of files of golden records: CSV and the like, JSONL, a JSON array; for REST, forms and the terminal.
//
// It is read as it arrives and never held whole. The client has a copy, which `npm run generate` makes: so nothing here
// may import anything outside this folder.
import { decoded, encodingOf } from './decode.ts';
import { jsonArray } from './json-array.ts';
import { jsonLines } from './json-lines.ts';
import { objectRow } from './json-object.ts';
import { foreignKind } from './kind.ts';
import { faultOf, type Names, namesFor } from './names.ts';
import { peeked } from './peek.ts';
import { MOST_PROBLEMS, type Problem, UnreadableFile, unreadable } from './problem.ts';
import { type FileRecord, meaningOf } from './record.ts';
import { type FileReport, ReportMaker } from './report.ts';
import type { Row } from './row.ts';
import { type Format, type Shape, shapeOf } from './shape.ts';
import { tableRows } from './table-rows.ts';

export type ReadOptions = {
  /** What its name or content type says, for a content that does not tell. */
  format?: Format | null;
  /** The columns of the question and of its SQL, where their names do not tell. */
  prompt_column?: string | undefined;
  sql_column?: string | undefined;
  /** A file of more rows is refused as soon as that is seen. */
  most?: number;
};

export type RecordsFile = {
  /** In the order of the file; `index` counts its rows from 0, `line` as an editor does. */
  records: { index: number; line: number; record: FileRecord }[];
  report: FileReport;
};

const HEAD_BYTES = 16;
const HEAD_CHARACTERS = 64 * 1024;

/** @throws UnreadableFile with all that is wrong, up to a hundred problems and a count. */
export async function readFile(bytes: AsyncIterable<Uint8Array>, options: ReadOptions = {}): Promise<RecordsFile> {
  const names = namesFor(options);
  const misnamed = faultOf(options);
  if (misnamed !== null) throw unreadable(misnamed);
  const start = await peeked(bytes, HEAD_BYTES);
  const head = Uint8Array.from(start.head.flatMap((chunk) => [...chunk.subarray(0, HEAD_BYTES)]));
  const foreign = foreignKind(head);
  if (foreign !== null) throw unreadable(foreign);
  const encoding = encodingOf(head);
  const text = await peeked(decoded(start.all, encoding), HEAD_CHARACTERS);
  const shape = await shapeOf(text.head.join(''), options.format ?? null, names);
  const made = new ReportMaker();
  const records = await collected(rowsOf(text.all, shape, names), names, made, options.most ?? Infinity);
  return { records, report: made.report(shape, encoding) };
}

async function* rowsOf(text: AsyncIterable<string>, shape: Shape, names: Names): AsyncGenerator<Row> {
  switch (shape.kind) {
    case 'csv':
      yield* tableRows(text, shape.delimiter, names);
      return;
    case 'json':
      for await (const item of jsonArray(text)) yield objectRow(item, 'the record is not a JSON object');
      return;
    case 'jsonl':
      for await (const item of jsonLines(text)) {
        yield objectRow(item, 'the line is not a JSON object; write one JSON object a line');
      }
      return;
    default:
      shape satisfies never;
  }
}

async function collected(
  rows: AsyncIterable<Row>,
  names: Names,
  made: ReportMaker,
  most: number,
): Promise<RecordsFile['records']> {
  const records: RecordsFile['records'] = [];
  const problems: Problem[] = [];
  let faulty = 0;
  let index = 0;
  const note = (problem: Problem) => {
    faulty += 1;
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  };
  for await (const row of refusing(rows, () => ({ problems, faulty }))) {
    if (index === most) {
      throw unreadable(`it holds more than ${most.toLocaleString('en-US')} records; send it in parts`, row.line);
    }
    if ('fault' in row) {
      note({ index, line: row.line, field: null, message: row.fault });
    } else {
      const meaning = meaningOf(row.cells, names);
      made.add(row.cells, meaning);
      if (meaning.kind === 'faulty') for (const fault of meaning.faults) note({ index, line: row.line, ...fault });
      // Of a file that is refused nothing is kept.
      if (meaning.kind === 'record' && faulty === 0) records.push({ index, line: row.line, record: meaning.record });
    }
    index += 1;
  }
  if (faulty > 0) throw new UnreadableFile(problems, faulty);
  if (records.length === 0) throw unreadable(index === 0 ? 'it holds no records' : NONE_OF_THEM);
  return records;
}

/** What ends the reading comes after what was found before. */
async function* refusing(rows: AsyncIterable<Row>, before: () => { problems: Problem[]; faulty: number }) {
  try {
    yield* rows;
  } catch (error) {
    const { problems, faulty } = before();
    if (!(error instanceof UnreadableFile) || faulty === 0) throw error;
    throw new UnreadableFile([...problems, ...error.problems], faulty + error.count);
  }
}

const NONE_OF_THEM = 'it holds no records: its rows are training data of other types, without a question and its SQL';
