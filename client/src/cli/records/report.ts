// What became of a file of golden records, counted from the server's answer. Pure.
import type { FileReport } from '../../generated/file/report.ts';
import type { DbConnection, GoldenRecord } from '../../generated/router.ts';
import { count, oneLine, shortened } from '../text.ts';

export type Report = {
  file: string;
  db_connection_id: string;
  given: number;
  new: number;
  /** Given before, in this file or an earlier one. */
  duplicates: number;
  /** Kept, though a parser of the dialect cannot read their SQL. */
  flagged: number;
  /** Whether a parser has looked at the SQL; there is none for every dialect. */
  sql_checked: boolean;
  /** The columns that the question and its SQL were read from. */
  prompt_columns: string[];
  sql_columns: string[];
  unused_columns: string[];
  /** Rows that are no golden records, and why. */
  skipped: { why: string; count: number }[];
  warnings: { where: string; golden_record_id: string; warning: string }[];
};

export function reportOf(import_: {
  file: string;
  connection: DbConnection;
  understood: FileReport;
  read: readonly { where: string }[];
  /** As the server answered, in the order of `read`. */
  stored: readonly GoldenRecord[];
  /** When the newest record was made that the connection had before; empty: it had none. */
  newestBefore: string;
}): Report {
  const { file, connection, understood, read, stored, newestBefore } = import_;
  const isNew = ({ created_at }: GoldenRecord) =>
    newestBefore === '' || Date.parse(created_at) > Date.parse(newestBefore);
  const made = new Set(stored.filter(isNew).map(({ id }) => id)).size;
  const flagged = stored.flatMap(({ id, warnings: [warning] }, index) =>
    warning === undefined ? [] : [{ where: read[index]?.where ?? file, golden_record_id: id, warning }],
  );
  return {
    file,
    db_connection_id: connection.id,
    given: stored.length,
    new: made,
    duplicates: stored.length - made,
    flagged: flagged.length,
    sql_checked: connection.sql_checked,
    prompt_columns: understood.taken.prompt_text,
    sql_columns: understood.taken.sql,
    unused_columns: understood.unused,
    skipped: understood.skipped,
    warnings: flagged,
  };
}

const MOST_SHOWN = 10;

export function reportText(report: Report): string {
  const { given, new: made, duplicates, flagged, warnings, unused_columns, skipped } = report;
  const checked = report.sql_checked ? `flagged ${count(flagged)}` : 'SQL not checked: no parser for this dialect';
  const counts = `given ${count(given)}, new ${count(made)}, duplicates ${count(duplicates)}, ${checked}`;
  const shown = warnings
    .slice(0, MOST_SHOWN)
    .map(({ where, warning }) => `${where}: kept, but flagged: ${oneLine(warning)}`);
  const rest = flagged > MOST_SHOWN ? [`… and ${count(flagged - MOST_SHOWN)} more, all in --json`] : [];
  const columns = unused_columns.length > 0 || !isUsual(report) ? [columnsText(report)] : [];
  const left = skipped.map(({ why, count: rows }) => `left out ${count(rows)}: ${oneLine(why)}`);
  return [...shown, ...rest, ...columns, ...left, counts].join('\n');
}

const usual = ['prompt_text', 'question', 'sql', 'query'];

const isUsual = ({ prompt_columns, sql_columns }: Report) =>
  [...prompt_columns, ...sql_columns].every((name) => usual.includes(name.toLowerCase()));

const columnsText = ({ prompt_columns, sql_columns, unused_columns }: Report) => {
  const unused = unused_columns.length > 0 ? `; not used: ${unused_columns.join(', ')}` : '';
  const [prompt, sql] = [prompt_columns.join(', '), sql_columns.join(', ')];
  // Of a chat both come from one column.
  return shortened(`read from ${prompt === sql ? prompt : `${prompt} and ${sql}`}${unused}`, 400);
};
