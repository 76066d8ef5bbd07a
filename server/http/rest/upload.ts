// Golden records as a file: CSV or JSONL, as the body itself or as the `file` of a form.
import { invalid } from '../../finetuning/errors.ts';
import { ImportError, readRecords } from '../../finetuning/golden-records/import-file.ts';

type Bytes = AsyncIterable<Uint8Array>;

/** Null: the request is not a file. Otherwise the records as JSON would have given them, still to be parsed. */
export async function readUpload(request: Request): Promise<unknown[] | null> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const query = new URL(request.url).searchParams.get('db_connection_id');
  if (type !== 'multipart/form-data') {
    const format = formatOf(type, '');
    return format && collect(request.body ?? nothing(), format, query);
  }
  const form = await request.formData().catch(() => {
    throw invalid(['body'], 'the multipart form could not be read; send the file as the form field "file"');
  });
  const file = form.get('file');
  if (!(file instanceof File)) throw invalid(['body', 'file'], 'put the CSV or JSONL file into the form field "file"');
  const format = formatOf(file.type, file.name);
  if (!format) throw invalid(['body', 'file'], 'the file must be .csv or .jsonl');
  const field = form.get('db_connection_id');
  return collect(file.stream(), format, typeof field === 'string' ? field : query);
}

async function* nothing(): Bytes {}

function formatOf(type: string, name: string): 'csv' | 'jsonl' | null {
  if (type === 'text/csv' || name.endsWith('.csv')) return 'csv';
  const isJsonl = ['application/jsonl', 'application/x-ndjson', 'application/x-jsonlines', 'application/json-lines'];
  return isJsonl.includes(type) || name.endsWith('.jsonl') ? 'jsonl' : null;
}

async function collect(bytes: Bytes, format: 'csv' | 'jsonl', db_connection_id: string | null): Promise<unknown[]> {
  if (db_connection_id === null) {
    throw invalid(['query', 'db_connection_id'], 'name the database connection of the file: ?db_connection_id=…');
  }
  const records: unknown[] = [];
  try {
    for await (const record of readRecords(bytes, format)) records.push({ ...record, db_connection_id });
  } catch (error) {
    if (error instanceof ImportError) throw invalid(['body', error.row], error.message);
    throw error;
  }
  return records;
}
