// Whether a parser of its dialect can read a piece of SQL. A warning is a hint for people: no parser knows every query
// its database accepts, so what it cannot read is kept all the same.
import { parsersOf, type Reading } from './parsers.ts';
import { type Answer, readInProcess } from './sql-parser-process.ts';

const LONGEST_SQL = 20_000;
const LONGEST_WARNING = 300;
/** A batch of which so many have stalled the parser is not checked any further. */
const MOST_STALLS = 3;

/**
 * Checks many, away from the event loop, which stays free for others.
 * @param dialect by any name; where no parser reads it well, nothing is checked and nothing warned of.
 * @returns the warnings of each, in the same order, of one line each. Never throws.
 */
export async function checkAll(sqls: readonly string[], dialect: string): Promise<string[][]> {
  const parsers = parsersOf(dialect);
  if (parsers === null) return sqls.map(() => []);
  const [first] = parsers;
  const all: string[][] = [];
  let stalls = 0;
  for (const sql of sqls) {
    const warning =
      stalls < MOST_STALLS ? await check(sql, parsers) : `not checked: too many others stalled the ${first} parser`;
    all.push(warning === null ? [] : [oneLine(warning)]);
  }
  return all;

  async function check(sql: string, by: Reading['parsers']): Promise<string | null> {
    if (sql.length > LONGEST_SQL) {
      return `too long to check: ${sql.length} characters, at most ${LONGEST_SQL} are checked`;
    }
    const reading = await readByAny(sql, by);
    switch (reading.kind) {
      case 'read':
        return null;
      case 'unreadable':
        return `${first} parser cannot read this SQL: ${reading.problem}`;
      case 'stalled':
        stalls += 1;
        return `not checked: ${reading.problem}`;
      default:
        return reading satisfies never;
    }
  }
}

/** What the first parser says of it, unless another one reads it. */
export async function readByAny(sql: string, [first, ...others]: Reading['parsers']): Promise<Answer> {
  const reading = await readInProcess({ sql, parser: first });
  if (reading.kind !== 'unreadable') return reading;
  for (const parser of others) {
    const another = await readInProcess({ sql, parser });
    if (another.kind !== 'unreadable') return another;
  }
  return reading;
}

function oneLine(warning: string): string {
  const line = warning.replace(/\s+/g, ' ').toWellFormed();
  return line.length <= LONGEST_WARNING ? line : `${line.slice(0, LONGEST_WARNING - 1).toWellFormed()}…`;
}
