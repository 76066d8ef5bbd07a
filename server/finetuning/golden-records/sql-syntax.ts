// Whether a parser of its dialect can read a piece of SQL. A warning is a hint for people: no parser knows every query
// its database accepts, so what it cannot read is kept all the same.
import type { Dialect } from './dialect.ts';
import { readInProcess } from './sql-parser-process.ts';

const LONGEST_SQL = 20_000;
const LONGEST_WARNING = 300;
/** A batch of which so many have stalled the parser is not checked any further. */
const MOST_STALLS = 3;

/** @returns warnings of one line each, none when the SQL parses. Never throws. */
export async function checkSql(sql: string, of: Dialect): Promise<string[]> {
  const [warnings = []] = await checkAll([sql], of);
  return warnings;
}

/**
 * Checks many, away from the event loop, which stays free for others.
 * @returns the warnings of each, in the same order. Never throws.
 */
export async function checkAll(sqls: readonly string[], of: Dialect): Promise<string[][]> {
  const all: string[][] = [];
  let stalls = 0;
  for (const sql of sqls) {
    const warning = stalls < MOST_STALLS ? await check(sql) : `not checked: too many others stalled the ${of} parser`;
    all.push(warning === null ? [] : [oneLine(warning)]);
  }
  return all;

  async function check(sql: string): Promise<string | null> {
    if (sql.length > LONGEST_SQL) {
      return `too long to check: ${sql.length} characters, at most ${LONGEST_SQL} are checked`;
    }
    const reading = await readInProcess({ sql, dialect: of });
    switch (reading.kind) {
      case 'read':
        return null;
      case 'unreadable':
        return `${of} parser cannot read this SQL: ${reading.problem}`;
      case 'stalled':
        stalls += 1;
        return `not checked: ${reading.problem}`;
      default:
        return reading satisfies never;
    }
  }
}

function oneLine(warning: string): string {
  const line = warning.replace(/\s+/g, ' ').toWellFormed();
  return line.length <= LONGEST_WARNING ? line : `${line.slice(0, LONGEST_WARNING - 1).toWellFormed()}…`;
}
