// Text for a terminal: words from elsewhere made harmless, one thing a line a field. Pure.

/** On one line, and without the control characters that could steer a terminal. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

/** Its lines stay; what else could steer a terminal does not. */
export const manyLines = (text: string): string => text.replaceAll(/[^\P{Cc}\n\t]/gu, '').trim();

/** The last of them, and whether there were others before. */
export function lastLines({ text, cut_off }: { text: string; cut_off: boolean }, most: number) {
  const lines = text.replace(/\n$/, '').split('\n');
  const last = lines.slice(Math.max(0, lines.length - most));
  return { text: last.map((line) => `${line}\n`).join(''), cut_off: cut_off || last.length < lines.length };
}

export function shortened(text: string, most = 60): string {
  const line = oneLine(text);
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}

/** One thing, a line a field; a field without a value is left out. */
export function details(fields: readonly (readonly [string, string | number | null | undefined])[]): string {
  const told = fields.filter(([, value]) => value != null && value !== '');
  const wide = Math.max(0, ...told.map(([name]) => name.length));
  return told.map(([name, value]) => `${name.padEnd(wide)}  ${value}`).join('\n');
}

/** As a table shows it: people get it short, to the minute. */
export const timeText = (time: string, width: number | null): string =>
  width === null ? time : time.slice(0, 16).replace('T', ' ');

export const timeColumn = (name: string, width: number | null): string => (width === null ? name : `${name} (UTC)`);

export const metadataText = (metadata: Record<string, string> | null): string | null =>
  metadata &&
  Object.entries(metadata)
    .map(([key, value]) => oneLine(`${key}=${value}`))
    .join(' ');

export const count = (number: number): string => number.toLocaleString('en-US');
