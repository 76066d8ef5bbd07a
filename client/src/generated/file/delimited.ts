// Generated from the server by `npm run generate`; not edited by hand.
// The rows of CSV, TSV and the like, read as they arrive.
//
// Not by a library: the one there was counts a line break within quotes twice where it is CR LF, keeps a header of
// millions of commas, and loses its place at the first fault. The format is a page of rules (RFC 4180).
import { Lines } from './lines.ts';
import { unreadable } from './problem.ts';
import { Blanks, LONGEST_ROW, MOST_COLUMNS } from './row.ts';

export type Delimiter = ',' | ';' | '\t' | '|';

/** `fault`: why its cells cannot be trusted. */
export type Delimited = { line: number; values: string[]; fault: string | null };

/** Where the reading stands: in which part of which cell of which row. */
type Now = {
  state: 'start' | 'bare' | 'quoted' | 'closing' | 'closed';
  cell: string;
  /** The line of the last opening quote. */
  quotedFrom: number;
  row: Delimited;
  /** Of the row so far, in characters. */
  length: number;
};

const QUOTING =
  'enclose a field that holds delimiters, quotes or line breaks in double quotes, and double the quotes in it';

/**
 * Rows without any text are left out. A quote within a field that does not begin with one is kept as it is.
 * @throws UnreadableFile at a row that is too wide or too long, before the rest of it is read.
 */
export async function* delimited(text: AsyncIterable<string>, delimiter: Delimiter): AsyncGenerator<Delimited> {
  const ends = new RegExp(`[${delimiter === '\t' ? '\\t' : delimiter}\r\n]`, 'g');
  const lines = new Lines();
  const now: Now = { state: 'start', cell: '', quotedFrom: 1, row: { line: 1, values: [], fault: null }, length: 0 };
  const blanks = new Blanks();
  let afterReturn = false;

  for await (const chunk of text) yield* read(chunk);
  if (now.state === 'quoted')
    now.row.fault = `the quote that opens on line ${now.quotedFrom} is never closed; ${QUOTING}`;
  endCell();
  if (now.row.values.some((value) => value.trim() !== '')) yield now.row;

  function* read(chunk: string): Generator<Delimited> {
    let at = 0;
    let counted = 0;
    const pass = () => {
      lines.pass(chunk.slice(counted, at));
      counted = at;
    };
    if (afterReturn && chunk.startsWith('\n')) at = 1;
    if (chunk !== '') afterReturn = false;
    while (at < chunk.length) {
      if (now.state === 'quoted') {
        const end = chunk.indexOf('"', at);
        take(chunk.slice(at, end === -1 ? undefined : end));
        at = end === -1 ? chunk.length : end + 1;
        if (end !== -1) now.state = 'closing';
      } else if (now.state === 'closing' && chunk[at] === '"') {
        take('"');
        at += 1;
        now.state = 'quoted';
      } else if (now.state === 'start' && chunk[at] === '"') {
        at += 1;
        pass();
        now.quotedFrom = lines.current;
        now.state = 'quoted';
      } else {
        ends.lastIndex = at;
        const end = ends.exec(chunk)?.index ?? chunk.length;
        const piece = chunk.slice(at, end);
        if (now.state === 'start') now.state = 'bare';
        if (now.state === 'closing') now.state = 'closed';
        if (now.state === 'bare') take(piece);
        else if (piece.trim() !== '') now.row.fault ??= `text follows the closing quote of a field; ${QUOTING}`;
        at = end;
        if (at === chunk.length) break;
        endCell();
        const ending = chunk[at];
        at += 1;
        if (ending === delimiter) continue;
        afterReturn = ending === '\r' && at === chunk.length;
        if (ending === '\r' && chunk[at] === '\n') at += 1;
        pass();
        if (
          !blanks.isOne(
            now.row.values.every((value) => value.trim() === ''),
            now.row.line,
          )
        )
          yield now.row;
        now.row = { line: lines.current, values: [], fault: null };
        now.length = 0;
      }
    }
    pass();
  }

  function take(piece: string): void {
    now.cell += piece;
    now.length += piece.length;
    if (now.length > LONGEST_ROW) {
      throw unreadable(
        `the row that begins here has more than ${LONGEST_ROW / 1e6} million characters; ${QUOTING}`,
        now.row.line,
      );
    }
  }

  function endCell(): void {
    if (now.row.values.length === MOST_COLUMNS) {
      throw unreadable(`there are more than ${MOST_COLUMNS} columns; keep the question and its SQL`, now.row.line);
    }
    now.row.values.push(now.cell);
    now.cell = '';
    now.state = 'start';
  }
}
