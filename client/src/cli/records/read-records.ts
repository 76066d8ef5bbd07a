// The golden records of a file, each with its place. All of it is read and checked before anything is sent.
import { UnreadableFile } from '../../generated/file/problem.ts';
import { readFile } from '../../generated/file/read-file.ts';
import type { FileRecord } from '../../generated/file/record.ts';
import type { FileReport } from '../../generated/file/report.ts';
import type { Format } from '../../generated/file/shape.ts';
import { InputError } from '../failure.ts';
import { bytesOf } from '../option-values.ts';
import { complain } from '../session.ts';
import { count, oneLine } from '../text.ts';

/** `where` is FILE:LINE. */
export type Read = { where: string; record: FileRecord };

export type Wanted = { format?: Format; promptColumn?: string; sqlColumn?: string };

/** How many of the lines that cannot be used are named. */
const MOST_SHOWN = 20;

/** @throws InputError with the last of the lines that cannot be used, after the others have been named on stderr. */
export async function readRecords(
  file: string,
  { format, promptColumn, sqlColumn }: Wanted,
): Promise<{ read: Read[]; understood: FileReport }> {
  try {
    const { records, report } = await readFile(bytesOf(file), {
      format: format ?? formatOf(file),
      prompt_column: promptColumn,
      sql_column: sqlColumn,
    });
    return { read: records.map(({ line, record }) => ({ where: `${file}:${line}`, record })), understood: report };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw refusal(file, error);
  }
}

function refusal(file: string, { problems, count: all }: UnreadableFile): InputError {
  const lines = problems
    .slice(0, MOST_SHOWN)
    .map(({ line, message }) => `${line === null ? file : `${file}:${line}`}: ${asOptions(message)}`);
  const [only] = lines;
  if (all === 1 && only !== undefined) return new InputError(`${only}; nothing was sent`);
  for (const line of lines) complain(oneLine(line));
  const more = all > lines.length ? `${count(all - lines.length)} more not shown; ` : '';
  return new InputError(`${file}: ${count(all)} faults, ${more}nothing was sent`);
}

/** The reader names what it can be told; here those are options. */
const asOptions = (message: string): string =>
  message.replaceAll(/\b(prompt|sql)_column\b/g, (_, which: string) => `--${which}-column`);

function formatOf(file: string): Format | null {
  switch (/\.(\w+)$/.exec(file)?.[1]?.toLowerCase()) {
    case 'csv':
      return 'csv';
    case 'tsv':
      return 'tsv';
    case 'json':
      return 'json';
    case 'jsonl':
    case 'ndjson':
      return 'jsonl';
    default:
      return null;
  }
}
