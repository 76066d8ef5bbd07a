// Generated from the server by `npm run generate`; not edited by hand.
// A row of a file, before it is known what it means: its columns by name, or what is wrong with it.

export type Row = { line: number } & ({ cells: Cell[] } | { fault: string });

/** `name` is the column as the file spells it, `key` the same spelt plainly (names.ts). */
export type Cell = { name: string; key: string; value: unknown };

/** The longest row, in characters; a record may have 200,000 in each of its two texts. */
export const LONGEST_ROW = 4_000_000;

/** The most columns of a table. */
export const MOST_COLUMNS = 200;
