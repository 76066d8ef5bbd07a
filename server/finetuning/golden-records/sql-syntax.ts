// Whether a parser of its dialect can read a piece of SQL. A warning is a hint for people: no parser knows every query
// its database accepts, so what it cannot read is kept all the same.
import { parsersOf, type Reading } from './parsers.ts';
import { type Answer, readInProcess } from './sql-parser-process.ts';
import type { User } from './turns.ts';

const LONGEST_SQL = 20_000;
const LONGEST_WARNING = 300;
/** A batch of which so many have stalled the parser is not checked any further. */
const MOST_STALLS = 3;
/** Given to the parser at once. */
const SLICE = 50;

/** How long the parser may compute for so many: far beyond what SQL that people write takes, a fraction of a millisecond. */
const budgetFor = (count: number) => 10_000 + 2 * count;

/**
 * Checks many, away from the event loop, which stays free for others. Of several callers at once each gets turns.
 * @param dialect by any name; where no parser reads it well, nothing is checked and nothing warned of.
 * @param budget_ms how long the parser may compute; what is left then is warned of as not checked.
 * @returns the warnings of each, in the same order, of one line each.
 * @throws the reason of the signal; nothing else.
 */
export async function checkAll(
  sqls: readonly string[],
  dialect: string,
  { signal, budget_ms = budgetFor(sqls.length) }: { signal?: AbortSignal | undefined; budget_ms?: number } = {},
): Promise<string[][]> {
  const parsers = parsersOf(dialect);
  if (parsers === null) return sqls.map(() => []);
  const [first] = parsers;
  const user: User = { used_ms: 0 };
  const all: string[][] = [];
  let stalls = 0;
  while (all.length < sqls.length) {
    signal?.throwIfAborted();
    const unchecked = giveUp();
    if (unchecked !== null) {
      all.push([oneLine(unchecked)]);
      continue;
    }
    const slice = sqls.slice(all.length, all.length + SLICE);
    const tooLong = slice.findIndex((sql) => sql.length > LONGEST_SQL);
    if (tooLong === 0) {
      all.push([`too long to check: ${slice[0]?.length} characters, at most ${LONGEST_SQL} are checked`]);
      continue;
    }
    for (const answer of await readByAny(tooLong === -1 ? slice : slice.slice(0, tooLong), parsers, user)) {
      const warning = warningOf(answer);
      if (answer.kind === 'stalled') stalls += 1;
      all.push(warning === null ? [] : [oneLine(warning)]);
    }
  }
  return all;

  function giveUp(): string | null {
    if (stalls >= MOST_STALLS) return `not checked: too many others stalled the ${first} parser`;
    if (user.used_ms > budget_ms) return `not checked: the others took the ${first} parser too long`;
    return null;
  }

  function warningOf(answer: Answer): string | null {
    switch (answer.kind) {
      case 'read':
        return null;
      case 'unreadable':
        return `${first} parser cannot read this SQL: ${answer.problem}`;
      case 'stalled':
        return `not checked: ${answer.problem}`;
      default:
        return answer satisfies never;
    }
  }
}

/**
 * What the first parser says of each, unless another one reads it.
 * @returns of as many as fit into a turn of the first parser, at least one, from the first on.
 */
export async function readByAny(
  sqls: readonly string[],
  [first, ...others]: Reading['parsers'],
  user: User = { used_ms: 0 },
): Promise<Answer[]> {
  const answers = await readInProcess({ sqls, parser: first }, user);
  for (const parser of others) {
    let left = answers.flatMap(({ kind }, index) => (kind === 'unreadable' ? [index] : []));
    while (left.length > 0) {
      const read = await readInProcess({ sqls: left.map((index) => sqls[index] ?? ''), parser }, user);
      const asked = left.slice(0, read.length);
      for (const [at, index] of asked.entries()) {
        const another = read[at];
        if (another && another.kind !== 'unreadable') answers[index] = another;
      }
      left = left.slice(read.length);
    }
  }
  return answers;
}

function oneLine(warning: string): string {
  const line = warning.replace(/\s+/g, ' ').toWellFormed();
  return line.length <= LONGEST_WARNING ? line : `${line.slice(0, LONGEST_WARNING - 1).toWellFormed()}…`;
}
