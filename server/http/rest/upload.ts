// Golden records as a file, as the body itself or as the `file` of a form: read while it arrives.
import { MOST_RECORDS } from '../../finetuning/contract/golden-records.ts';
import { timeSlice } from '../../finetuning/dataset/time-slice.ts';
import { type FieldError, invalid, invalidFields } from '../../finetuning/errors.ts';
import { type Problem, UnreadableFile } from '../../finetuning/golden-records/file/problem.ts';
import { readFile } from '../../finetuning/golden-records/file/read-file.ts';
import type { FileReport } from '../../finetuning/golden-records/file/report.ts';
import type { Format } from '../../finetuning/golden-records/file/shape.ts';
import { isForm, readForm } from './upload-form.ts';

type Bytes = AsyncIterable<Uint8Array>;
/** The records as JSON would have given them, still to be parsed. */
export type Uploaded = { records: unknown[]; report: FileReport };

/** Null: the request is not a file. */
export async function readUpload(request: Request): Promise<Uploaded | null> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const query = new URL(request.url).searchParams;
  const columns = (given: (name: string) => string | null) => ({
    prompt_column: given('prompt_column') ?? undefined,
    sql_column: given('sql_column') ?? undefined,
  });
  if (isForm(type)) {
    const { read, field } = await readForm(request, (file, before) =>
      readFile(paced(file.bytes), {
        format: formatOf(file.type, file.name),
        most: MOST_RECORDS,
        ...columns((name) => before(name) ?? query.get(name)),
      }),
    ).catch(refused);
    return uploaded(read, field('db_connection_id') ?? query.get('db_connection_id'));
  }
  const connection = query.get('db_connection_id');
  const format = formatOf(type, '');
  // JSON names the connection in each record, a file has it beside it: this is how the two are told apart.
  if (connection === null && (format === null || format === 'json')) return null;
  if (connection === null) throw connectionNeeded();
  const options = { format, most: MOST_RECORDS, ...columns((name) => query.get(name)) };
  return uploaded(await readFile(paced(request.body ?? nothing()), options).catch(refused), connection);
}

type Read = Awaited<ReturnType<typeof readFile>>;

function uploaded({ records, report }: Read, db_connection_id: string | null): Uploaded {
  if (db_connection_id === null) throw connectionNeeded();
  return { records: records.map(({ record }) => ({ ...record, db_connection_id })), report };
}

const connectionNeeded = () =>
  invalid(['query', 'db_connection_id'], 'name the database connection of the file: ?db_connection_id=…');

async function* nothing(): Bytes {}

/** Small: of rows of a few characters it holds hundreds. */
const PIECE = 1024;

/** A large file is read in turns with everything else that the server does. */
async function* paced(bytes: Bytes): Bytes {
  const pause = timeSlice();
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      yield chunk.subarray(at, at + PIECE);
      await pause();
    }
  }
}

const types = new Map<string, Format>([
  ['text/csv', 'csv'],
  ['text/tab-separated-values', 'tsv'],
  ['application/jsonl', 'jsonl'],
  ['application/x-ndjson', 'jsonl'],
  ['application/x-jsonlines', 'jsonl'],
  ['application/json-lines', 'jsonl'],
  ['application/json', 'json'],
]);
const endings = new Map<string, Format>([
  ['csv', 'csv'],
  ['tsv', 'tsv'],
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['json', 'json'],
]);

const formatOf = (type: string, name: string): Format | null =>
  endings.get(/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '') ?? types.get(type) ?? null;

function refused(error: unknown): never {
  if (!(error instanceof UnreadableFile)) throw error;
  const beyond = error.count - error.problems.length;
  const more = {
    loc: ['body'],
    msg: `${beyond.toLocaleString('en-US')} more cannot be used either`,
    type: 'value_error',
  };
  throw invalidFields([...error.problems.map(asField), ...(beyond > 0 ? [more] : [])]);
}

const asField = ({ index, line, field, message }: Problem): FieldError => ({
  loc: ['body', ...(index === null ? [] : [index]), ...(field === null ? [] : [field])],
  msg: line === null ? message : `line ${line}: ${message}`,
  type: 'value_error',
});
