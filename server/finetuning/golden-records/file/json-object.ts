// The text of a JSON object as the cells of a row. A name that is given twice is seen, which JSON.parse does not tell.
import { cut } from '../../cut.ts';
import { plain } from './names.ts';
import { MOST_COLUMNS, type Row } from './row.ts';

export function objectRow({ line, text }: { line: number; text: string }, fault: string): Row {
  const parsed = parse(text);
  if (parsed === null) return { line, fault };
  const names = outerNames(text);
  if (names.length > MOST_COLUMNS) return { line, fault: `it has more than ${MOST_COLUMNS} fields; ${ADVICE}` };
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return { line, fault: `"${cut(twice)}" is given twice; leave one of them out` };
  return { line, cells: Object.entries(parsed).map(([name, value]) => ({ name, key: plain(name), value })) };
}

const ADVICE = 'keep the question and its SQL';

function parse(text: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of a JSON object that can be parsed: its own names, as often as they are given; of very many only the first. */
function outerNames(text: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let last = '';
  for (let at = 0; at < text.length && names.length <= MOST_COLUMNS; at++) {
    const mark = text[at];
    if (mark === '"') {
      const end = endOfString(text, at);
      if (depth === 1) last = text.slice(at, end + 1);
      at = end;
    } else if (mark === '{' || mark === '[') depth += 1;
    else if (mark === '}' || mark === ']') depth -= 1;
    else if (mark === ':' && depth === 1) names.push(String(JSON.parse(last)));
  }
  return names;
}

function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); ; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at;
  }
}
