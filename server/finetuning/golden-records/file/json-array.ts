// A JSON array, cut into the texts of its elements as it arrives, so that it is never held whole.
import { Lines } from './lines.ts';
import { unreadable } from './problem.ts';
import { LONGEST_ROW } from './row.ts';

type Element = { line: number; text: string };

/** @throws UnreadableFile where the array does not end, where more follows it, or at an element that is too long. */
export async function* jsonArray(text: AsyncIterable<string>): AsyncGenerator<Element> {
  const lines = new Lines();
  let depth = 0;
  let within: 'string' | 'escape' | 'structure' = 'structure';
  let element = '';
  let ended = false;

  for await (const chunk of text) {
    yield* read(chunk);
    if (element.length > LONGEST_ROW) {
      pass(element);
      throw unreadable(`what begins here has more than ${LONGEST_ROW / 1e6} million characters`, lines.current);
    }
  }
  if (!ended) {
    pass(element);
    throw unreadable(
      'it is not JSON: the file ends within the list, and what begins on this line is not complete',
      lines.current,
    );
  }

  function* read(chunk: string): Generator<Element> {
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      if (ended) {
        if (chunk.slice(at).trim() === '') return;
        throw unreadable('it is not JSON: something follows the end of the list', lines.current);
      }
      if (within === 'escape') {
        at += 1;
        within = 'string';
        continue;
      }
      const found = next(within === 'string' ? /["\\]/g : /["{}[\],]/g, chunk, at);
      if (found === -1) break;
      const mark = chunk[found];
      at = found + 1;
      if (within === 'string') {
        within = mark === '"' ? 'structure' : 'escape';
      } else if (mark === '"') {
        within = 'string';
      } else if (mark === '{' || mark === '[') {
        depth += 1;
        if (depth > 1) continue;
        lines.pass(chunk.slice(from, at));
        from = at;
      } else {
        if (mark !== ',') depth -= 1;
        if (depth > (mark === ',' ? 1 : 0)) continue;
        element += chunk.slice(from, found);
        from = at;
        ended = mark !== ',';
        yield* end(mark === ',');
        if (mark === '}') throw unreadable('it is not JSON: a list is closed by }', lines.current);
      }
    }
    element += chunk.slice(from);
  }

  /** Between two commas there is one, if without a text; before the end there need not be any. */
  function* end(isFollowed: boolean): Generator<Element> {
    pass(element);
    const trimmed = element.trimStart();
    if (isFollowed || trimmed !== '') yield { line: lines.current, text: trimmed };
    lines.pass(trimmed);
    element = '';
  }

  /** Up to where the element begins. */
  function pass(begun: string): void {
    lines.pass(begun.slice(0, begun.length - begun.trimStart().length));
  }
}

function next(marks: RegExp, text: string, from: number): number {
  marks.lastIndex = from;
  return marks.exec(text)?.index ?? -1;
}
