// A row of a file, before it is known what it means: its columns by name, or what is wrong with it.
import { unreadable } from './problem.ts';

export type Row = { line: number } & ({ cells: Cell[] } | { fault: string });

/** `name` is the column as the file spells it, `key` the same spelt plainly (names.ts). */
export type Cell = { name: string; key: string; value: unknown };

/** The longest row, in characters; a record may have 200,000 in each of its two texts. */
export const LONGEST_ROW = 4_000_000;

/** The most columns of a table. */
export const MOST_COLUMNS = 200;

/** So many rows without any text one after the other: there is nothing more to expect. */
const MOST_BLANK = 100_000;

/** Rows without any text, which are left out. */
export class Blanks {
  #following = 0;

  /** @throws UnreadableFile where they do not end. */
  isOne(isBlank: boolean, line: number): boolean {
    this.#following = isBlank ? this.#following + 1 : 0;
    if (this.#following <= MOST_BLANK) return isBlank;
    throw unreadable(
      `more than ${MOST_BLANK.toLocaleString('en-US')} empty lines follow one another; leave them out`,
      line,
    );
  }
}
