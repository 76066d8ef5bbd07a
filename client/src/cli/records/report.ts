// What became of a file of golden records, counted from the server's answer. Pure.
import type { GoldenRecord } from '../../generated/router.ts';
import { count, oneLine } from '../text.ts';

export type Report = {
  file: string;
  db_connection_id: string;
  given: number;
  new: number;
  /** Given before, in this file or an earlier one. */
  duplicates: number;
  /** Kept, though a parser of the dialect cannot read their SQL. */
  flagged: number;
  warnings: { where: string; golden_record_id: string; warning: string }[];
};

export function reportOf(import_: {
  file: string;
  db_connection_id: string;
  read: readonly { where: string }[];
  /** As the server answered, in the order of `read`. */
  stored: readonly GoldenRecord[];
  /** When the newest record was made that the connection had before; empty: it had none. */
  newestBefore: string;
}): Report {
  const { file, db_connection_id, read, stored, newestBefore } = import_;
  const isNew = ({ created_at }: GoldenRecord) =>
    newestBefore === '' || Date.parse(created_at) > Date.parse(newestBefore);
  const made = new Set(stored.filter(isNew).map(({ id }) => id)).size;
  const flagged = stored.flatMap(({ id, warnings: [warning] }, index) =>
    warning === undefined ? [] : [{ where: read[index]?.where ?? file, golden_record_id: id, warning }],
  );
  return {
    file,
    db_connection_id,
    given: stored.length,
    new: made,
    duplicates: stored.length - made,
    flagged: flagged.length,
    warnings: flagged,
  };
}

const MOST_SHOWN = 10;

export function reportText({ given, new: made, duplicates, flagged, warnings }: Report): string {
  const counts = `given ${count(given)}, new ${count(made)}, duplicates ${count(duplicates)}, flagged ${count(flagged)}`;
  const shown = warnings
    .slice(0, MOST_SHOWN)
    .map(({ where, warning }) => `${where}: kept, but flagged: ${oneLine(warning)}`);
  const rest = flagged > MOST_SHOWN ? [`… and ${count(flagged - MOST_SHOWN)} more, all in --json`] : [];
  return [...shown, ...rest, counts].join('\n');
}
