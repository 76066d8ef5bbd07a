// Tables for a terminal: no wider than it is. Where a program reads, nothing is cut. Pure.
import Table from 'cli-table3';
import stringWidth from 'string-width';

export type Row = readonly (string | number | null | undefined)[];
/** A column, and the least it may be cut to; of an id or a number nothing is cut. */
export type Column = string | { name: string; least: number };

const NOTHING = '–';
const GAP = '  ';
const bare = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'];
const inner = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
const chars = { ...Object.fromEntries([...bare, ...inner].map((place) => [place, ''])), middle: GAP };

/**
 * Columns without borders, so that they can be copied and cut.
 * @param width of the terminal; null: there is none. Where it is too narrow even for what is cut, the last columns are
 * left out.
 */
export function table(columns: readonly Column[], rows: readonly Row[], width: number | null): string {
  const head = columns.map(nameOf);
  const cells = rows.map((row) => row.map((cell) => (cell == null || cell === '' ? NOTHING : String(cell))));
  const natural = columns.map((_, at) => Math.max(0, ...[head, ...cells].map((row) => stringWidth(row[at] ?? ''))));
  const colWidths = width === null ? natural : fitting(natural, columns, width);
  const drawn = new Table({
    head: head.slice(0, colWidths.length),
    colWidths,
    chars,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  drawn.push(...cells.map((row) => row.slice(0, colWidths.length)));
  return drawn.toString().replaceAll(/ +$/gm, '');
}

const nameOf = (column: Column) => (typeof column === 'string' ? column : column.name);

/** The widths of as many columns as there is room for: the widest of those that may be cut gives way first. */
export function fitting(natural: readonly number[], columns: readonly Column[], room: number): number[] {
  const least = natural.map((wide, at) => {
    const column = columns[at];
    return typeof column === 'object' ? Math.min(wide, column.least) : wide;
  });
  const shown = natural.length;
  if (shown > 1 && widthOf(least) > room) return fitting(natural.slice(0, -1), columns, room);
  // Beyond the terminal, how wide a column would be makes no difference.
  const widths = natural.map((wide, at) => Math.max(least[at] ?? 0, Math.min(wide, room)));
  for (let over = widthOf(widths) - room; over > 0; over--) {
    const slack = widths.map((wide, at) => (wide > (least[at] ?? wide) ? wide : 0));
    const widest = slack.indexOf(Math.max(...slack));
    if (!slack[widest]) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

const widthOf = (widths: readonly number[]) =>
  widths.reduce((sum, wide) => sum + wide, GAP.length * (widths.length - 1));
