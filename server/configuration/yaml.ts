// Reads YAML, and JSON, which is YAML too, and knows where each value stands in it.
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

export type Path = readonly PropertyKey[];

export type Read = {
  value: unknown;
  /** The line of a value, or of what it would stand in where it is missing. */
  lineOf: (path: Path) => number;
  problems: { line: number; message: string }[];
};

/** What the library says repeats what it could not read, which may be a secret: these are our words. */
const words: Record<string, string> = {
  TAB_AS_INDENT: 'is indented by a tab; use spaces',
  DUPLICATE_KEY: 'names a key that stands there already; keep one of them',
  MULTIPLE_DOCS: 'begins a second document; keep one',
  TAG_RESOLVE_FAILED: 'holds a tag (!…), which is not known here; write plain values',
  BLOCK_AS_IMPLICIT_KEY: 'holds a second ": "; put the value in quotes, or on lines of its own',
  MISSING_CHAR: 'lacks a quote or another character before here',
};
const UNREADABLE = 'cannot be read as YAML here; look at indentation, quotes and brackets';

export function readYaml(text: string): Read {
  const counter = new LineCounter();
  const lineAt = (offset: number) => Math.max(1, counter.linePos(offset).line);
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, version: '1.2' });
  const problems = [...document.errors, ...document.warnings].map(({ code, pos: [offset] }) => ({
    line: lineAt(offset),
    message: words[code] ?? UNREADABLE,
  }));
  const lineOf = (path: Path) => lineAt(offsetOf(document, path));
  if (problems.length > 0) return { value: null, lineOf, problems };
  try {
    return { value: document.toJS(), lineOf, problems };
  } catch {
    return { value: null, lineOf, problems: [{ line: 1, message: 'uses an alias (*…) without its anchor (&…)' }] };
  }
}

/** Of the key where there is one: a value may begin on a later line. */
function offsetOf({ contents }: Document, path: Path): number {
  let node: unknown = contents;
  let offset = startOf(contents) ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
      offset = startOf(pair?.key) ?? offset;
      node = pair?.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => rangeOf(node)?.[0];

const rangeOf = (node: unknown): Node['range'] => (isMap(node) || isSeq(node) || isScalar(node) ? node.range : null);
