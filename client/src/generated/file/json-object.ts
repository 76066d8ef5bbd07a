// Generated from the server by `npm run generate`; not edited by hand.
// The text of a JSON object as the cells of a row. A name that is given twice is seen, which JSON.parse does not tell.
import { plain } from './names.ts';
import type { Row } from './row.ts';

export function objectRow({ line, text }: { line: number; text: string }, fault: string): Row {
  const parsed = parse(text);
  if (parsed === null) return { line, fault };
  const cells = Object.entries(parsed).map(([name, value]) => ({ name, key: plain(name), value }));
  const names = outerNames(text);
  if (names.length === cells.length) return { line, cells };
  const twice = names.find((name, at) => names.indexOf(name) !== at) ?? '';
  return { line, fault: `"${twice}" is given twice; leave one of them out` };
}

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

/** Of a JSON object that can be parsed: its own names, as often as they are given. */
function outerNames(text: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let last = '';
  for (let at = 0; at < text.length; at++) {
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
