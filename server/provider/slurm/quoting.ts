// Where in a shell text there are quotes: a placeholder there, in quotes of its own, would be split or left as it stands.

/** What hides quotes, or is quoted: an escape, a comment, a here-document, the three kinds of quotes. */
const PARTS = new RegExp(
  [
    String.raw`\\[\s\S]`,
    String.raw`(?<![^\s;&|(])#[^\n]*`,
    String.raw`(?<!<)<<-?[ \t]*(?<quote>['"]?)(?<word>[A-Za-z_]\w*)\k<quote>(?<rest>[^\n]*)\n(?:[\s\S]*?\n)?\t*\k<word>(?=\n|$)`,
    String.raw`(?<quoted>\$'(?:\\[\s\S]|[^'\\])*'|'[^']*'|"(?:\\[\s\S]|[^"\\])*")`,
  ].join('|'),
  'g',
);

/**
 * Whether it is in quotes or beside one. Careful rather than exact: `"$(f {model})"` counts, though a shell begins anew
 * within. A here-document does not: its text is not split, and not read as code.
 */
export function isAtQuotes(text: string, from: number, to: number): boolean {
  return /["']/.test(`${text[from - 1] ?? ''}${text[to] ?? ''}`) || isWithin(text, from);
}

function isWithin(text: string, place: number): boolean {
  for (const part of text.matchAll(PARTS)) {
    const end = part.index + part[0].length;
    if (place < part.index) return false;
    if (place >= end) continue;
    const { quoted, rest, word } = part.groups ?? {};
    if (rest === undefined || word === undefined) return quoted !== undefined;
    // The line that opens a here-document goes on behind its word.
    const line = part.index + part[0].indexOf('\n') - rest.length;
    return place >= line && place < line + rest.length && isWithin(rest, place - line);
  }
  return false;
}
