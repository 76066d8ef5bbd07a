// Text for a terminal: tables, and words from elsewhere made harmless. Pure.
import Table from 'cli-table3';

/** On one line, and without the control characters that could steer a terminal. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

export function shortened(text: string, most = 60): string {
  const line = oneLine(text);
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}

export type Row = readonly (string | number | null | undefined)[];

const NOTHING = '–';
const bare = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'];
const inner = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
const chars = { ...Object.fromEntries([...bare, ...inner].map((place) => [place, ''])), middle: '  ' };

/** Columns without borders, so that they can be copied and cut. */
export function table(head: readonly string[], rows: readonly Row[]): string {
  const drawn = new Table({
    head: [...head],
    chars,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  for (const row of rows) drawn.push(row.map((cell) => (cell == null || cell === '' ? NOTHING : String(cell))));
  return withoutTrailingSpace(drawn.toString());
}

/** One thing, a line a field; a field without a value is left out. */
export function details(fields: readonly (readonly [string, string | number | null | undefined])[]): string {
  return table(
    [],
    fields.filter(([, value]) => value != null && value !== ''),
  );
}

const withoutTrailingSpace = (text: string) => text.replaceAll(/ +$/gm, '');

export const metadataText = (metadata: Record<string, string> | null): string | null =>
  metadata &&
  Object.entries(metadata)
    .map(([key, value]) => oneLine(`${key}=${value}`))
    .join(' ');

export const count = (number: number): string => number.toLocaleString('en-US');
