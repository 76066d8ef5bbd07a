// JSON of any size, parsed in turns with everything else that the server does, and refused at a list without end.
import { timeSlice } from '../../finetuning/dataset/time-slice.ts';

/** What is shorter is parsed in one go, in about a millisecond. */
const AT_ONCE = 64 * 1024;
/** Items of one list, or fields of one object, of those that are longer: more than anything here takes. */
const MOST_ITEMS = 100_000;
/** Of lists and objects that are longer, within each other. */
const DEEPEST = 5;
/** Of any lists and objects within each other. */
const DEEPEST_OF_ALL = 1000;

const NESTED = 'it is nested too deeply';

/** @throws SyntaxError as JSON.parse, and where there is more of something than is read. */
export async function parseInTurns(text: string): Promise<unknown> {
  const pause = timeSlice();
  return parse(text, DEEPEST);

  async function parse(part: string, depth: number): Promise<unknown> {
    await pause();
    const opening = part.length > AT_ONCE ? /^\s*[[{]/.exec(part)?.[0] : undefined;
    if (opening === undefined) return JSON.parse(part);
    if (depth === 0) throw new SyntaxError(NESTED);
    const isList = opening.endsWith('[');
    const items: unknown[] = [];
    const fields: [string, unknown][] = [];
    for await (const item of within(part, opening.length, isList ? ']' : '}')) {
      if (items.length + fields.length === MOST_ITEMS)
        throw new SyntaxError(`a list has more than ${MOST_ITEMS} items`);
      if (isList) items.push(await parse(item, depth - 1));
      else fields.push(await field(item, depth));
    }
    return isList ? items : Object.fromEntries(fields);
  }

  async function field(item: string, depth: number): Promise<[string, unknown]> {
    const opening = item.length - item.trimStart().length;
    const end = item[opening] === '"' ? endOfString(item, opening) + 1 : 0;
    const [colon = ''] = /^\s*:/.exec(item.slice(end, end + 100)) ?? [];
    if (end === 0 || colon === '') throw new SyntaxError('a field of an object has no name');
    return [String(JSON.parse(item.slice(0, end))), await parse(item.slice(end + colon.length), depth - 1)];
  }

  /** The texts between the commas of a list or an object, from after its opening to its end. */
  async function* within(part: string, from: number, closing: string): AsyncGenerator<string> {
    const marks = /["{}[\],]/g;
    let start = from;
    let depth = 0;
    let count = 0;
    marks.lastIndex = from;
    for (let mark = marks.exec(part); mark; mark = marks.exec(part)) {
      if (count++ % 1000 === 0) await pause();
      const { 0: sign, index } = mark;
      if (sign === '"') {
        marks.lastIndex = endOfString(part, index) + 1;
      } else if (sign === '{' || sign === '[') {
        depth += 1;
        if (depth > DEEPEST_OF_ALL) throw new SyntaxError(NESTED);
      } else if (depth > 0) {
        if (sign !== ',') depth -= 1;
      } else {
        const item = part.slice(start, index);
        const isOnly = start === from && sign !== ',';
        start = index + 1;
        if (!isOnly || item.trim() !== '') yield item;
        if (sign === ',') continue;
        if (sign !== closing || part.slice(start).trim() !== '') break;
        return;
      }
    }
    throw new SyntaxError(`it does not end as it begins, with ${closing}`);
  }
}

function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  throw new SyntaxError('a text does not end');
}
