// Generated from the server by `npm run generate`; not edited by hand.
// What kind of file of records a text is: by its content, and by its name only where that does not tell.
import { type Delimiter, delimited } from './delimited.ts';
import { type Names, plain } from './names.ts';
import { unreadable } from './problem.ts';

export type Shape =
  | { kind: 'json'; delimiter: null }
  | { kind: 'jsonl'; delimiter: null }
  | { kind: 'csv'; delimiter: Delimiter };

/** What the name of the file or its content type says. */
export const formats = ['jsonl', 'json', 'csv', 'tsv'] as const;
export type Format = (typeof formats)[number];

const delimiters: readonly Delimiter[] = [',', ';', '\t', '|'];

/** @param head the beginning of the text, its first row whole. @throws UnreadableFile where it can be no such file. */
export async function shapeOf(head: string, format: Format | null, names: Names): Promise<Shape> {
  const text = head.trimStart();
  if (text === '') throw unreadable('it holds no records');
  if (text.startsWith('[')) return { kind: 'json', delimiter: null };
  if (text.startsWith('{')) {
    const [first = ''] = text.split(/[\r\n]/, 1);
    if (first.trim() !== '{') return { kind: 'jsonl', delimiter: null };
    throw unreadable(
      'it is a JSON object over several lines; write one JSON object a line, or a list of them in [ ]',
      1,
    );
  }
  if (text.startsWith('<'))
    throw unreadable('it is a page of HTML or XML; save the records themselves as CSV or JSONL', 1);
  const headers = await Promise.all(
    delimiters.map(async (delimiter) => ({ delimiter, header: await headerOf(head, delimiter) })),
  );
  const fitting = headers.find(({ header }) => namesBoth(header, names));
  if (fitting) return { kind: 'csv', delimiter: fitting.delimiter };
  if (format === 'jsonl' || format === 'json') return { kind: 'jsonl', delimiter: null };
  const [widest] = headers.toSorted((one, other) => other.header.length - one.header.length);
  return { kind: 'csv', delimiter: widest?.delimiter ?? ',' };
}

/** Empty where there is none. @throws UnreadableFile */
async function headerOf(head: string, delimiter: Delimiter): Promise<string[]> {
  for await (const { values } of delimited(once(head), delimiter)) if (!namesDelimiter(values)) return values;
  return [];
}

async function* once(text: string) {
  yield text;
}

/** Excel writes a first line such as `sep=;`, and leaves it out of the table. */
export const namesDelimiter = ([first = '']: readonly string[]): boolean => /^sep=.?$/i.test(first);

export function namesBoth(header: readonly string[], names: Names): boolean {
  const known = new Set(header.map(plain));
  const has = (some: readonly string[]) => some.some((key) => known.has(key));
  return has(names.prompt_text) && has(names.sql);
}
