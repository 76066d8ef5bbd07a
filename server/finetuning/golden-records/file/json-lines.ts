// JSONL: one JSON object a line, read as it arrives.
import { Lines } from './lines.ts';
import { unreadable } from './problem.ts';
import { Blanks, LONGEST_ROW } from './row.ts';

/** Blank lines are left out. @throws UnreadableFile at a line that is too long, before the rest of it is read. */
export async function* jsonLines(text: AsyncIterable<string>): AsyncGenerator<{ line: number; text: string }> {
  const lines = new Lines();
  const blanks = new Blanks();
  let begun = '';
  for await (const chunk of text) {
    let at = 0;
    for (const { index } of chunk.matchAll(/[\r\n]/g)) {
      begun += chunk.slice(at, index);
      if (!blanks.isOne(begun.trim() === '', lines.current)) yield { line: lines.current, text: begun };
      begun = '';
      lines.pass(chunk.slice(at, index + 1));
      at = index + 1;
    }
    begun += chunk.slice(at);
    lines.pass(chunk.slice(at));
    if (begun.length > LONGEST_ROW) {
      throw unreadable(
        `the line has more than ${LONGEST_ROW / 1e6} million characters; write one JSON object a line`,
        lines.current,
      );
    }
  }
  if (begun.trim() !== '') yield { line: lines.current, text: begun };
}
