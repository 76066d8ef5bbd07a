// The rows of a CSV text, each with the line it begins on. Read by the parser that the server uses too.
import { parse } from 'csv-parse/sync';

export type CsvRow = { values: string[]; line: number };

export class CsvProblem extends Error {
  /** On which the row begins that cannot be read. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** @throws CsvProblem */
export function csvRows(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  // The parser counts lines too, but a line break within quotes twice where it is CR LF.
  const bytes = Buffer.from(text);
  let at = 0;
  let line = 1;
  const advanceTo = (end: number) => {
    for (; at < end || bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN; at++) {
      if (bytes[at] === LINE_FEED) line += 1;
    }
  };
  advanceTo(0);
  try {
    parse(text, {
      skip_empty_lines: true,
      onRecord: (values: string[], info) => {
        rows.push({ values, line });
        advanceTo(info.bytes);
        return null;
      },
    });
    return rows;
  } catch (error) {
    const problem = error instanceof Error ? error.message.replace(/ (on|at) line \d+/, '') : String(error);
    throw new CsvProblem(line, problem);
  }
}
