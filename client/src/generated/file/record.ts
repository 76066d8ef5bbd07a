// Generated from the server by `npm run generate`; not edited by hand.
// What a row means: a golden record, something that is none, or what is wrong with it. Pure.
import { cut } from '../cut.ts';
import { chatNames, pairOf } from './chat.ts';
import { type Names, plain, rivals } from './names.ts';
import type { Field } from './problem.ts';
import type { Cell } from './row.ts';

export type FileRecord = { prompt_text: string; sql: string; metadata?: Record<string, string> };
type Taken = Partial<Record<Field, string>>;
type Fault = { field: Field | null; message: string };
export type Meaning =
  /** `taken`: the column that each field was read from, as the file spells it; `beside`: what else such a column holds. */
  | { kind: 'record'; record: FileRecord; taken: Taken; beside: string[] }
  | { kind: 'skipped'; why: string }
  | { kind: 'faulty'; faults: Fault[] };

type Column = { name: string; value: unknown };
type Columns = ReadonlyMap<string, Column>;

export function meaningOf(cells: readonly Cell[], names: Names): Meaning {
  const columns = new Map<string, Column>();
  for (const { name, key, value } of cells) {
    if (key === '') continue;
    const before = columns.get(key);
    if (before) return faulty(null, `"${before.name}" and "${cut(name)}" are one name; leave one of them out`);
    columns.set(key, { name: cut(name), value });
  }
  const type = columns.get('trainingdatatype')?.value;
  if (typeof type === 'string' && plain(type) !== 'sql') {
    return {
      kind: 'skipped',
      why: `training data of the type ${type.slice(0, 40)}, which is no question with its SQL`,
    };
  }
  const chat = chatNames.map((name) => columns.get(name)).find((column) => Array.isArray(column?.value));
  const beside: string[] = [];
  if (chat) {
    const pair = pairOf(chat.value);
    if (!pair)
      return faulty(null, `"${chat.name}" must hold one message of the user and one of the assistant, as texts`);
    columns.set('prompttext', { name: chat.name, value: pair.prompt_text });
    columns.set('sql', { name: chat.name, value: pair.sql });
    beside.push(...pair.beside.map((role) => `${chat.name} (${role})`));
  }
  const prompt = textOf(columns, 'prompt_text', names);
  const sql = textOf(columns, 'sql', names);
  const metadata = metadataOf(columns, names);
  const faults = [prompt, sql, metadata].flatMap((found) => ('message' in found ? [found] : []));
  if ('message' in prompt || 'message' in sql || 'message' in metadata) return { kind: 'faulty', faults };
  return {
    kind: 'record',
    record: { prompt_text: prompt.value, sql: sql.value, ...(metadata.value ? { metadata: metadata.value } : {}) },
    taken: {
      prompt_text: prompt.name,
      sql: sql.name,
      ...(metadata.name === undefined ? {} : { metadata: metadata.name }),
    },
    beside,
  };
}

const faulty = (field: Field | null, message: string): Meaning => ({ kind: 'faulty', faults: [{ field, message }] });

const MOST_CHARACTERS = 200_000;

/** The first name that holds a text: what is null, blank or a parsed tree does not hide the text under another name. */
function textOf(columns: Columns, field: 'prompt_text' | 'sql', names: Names): Fault | { name: string; value: string } {
  const present = names[field].flatMap((key) => columns.get(key) ?? []);
  const [taken] = present.flatMap(({ name, value }) => (isText(value) ? [{ name, value }] : []));
  if (!taken) return { field, message: nothing(field, present, columns, names) };
  const both = rivals.flatMap((name) => columns.get(name) ?? []).filter(({ value }) => isText(value));
  if (both.length > 1 && names[field].length > 1 && both.some(({ name }) => name === taken.name)) {
    const [one, other] = both.map(({ name }) => name);
    return {
      field,
      message: `"${one}" and "${other}" both hold a text, and either may be the question; ${CHOOSE(field)}`,
    };
  }
  const message = textFault(taken.value);
  return message === null ? taken : { field, message: `${field} ${message}` };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

const CHOOSE = (field: 'prompt_text' | 'sql') =>
  `say which column it is (${field === 'sql' ? 'sql_column' : 'prompt_column'})`;

function nothing(field: 'prompt_text' | 'sql', present: Column[], columns: Columns, names: Names): string {
  const called = names.called[field];
  const given = present.find(({ value }) => value !== null && value !== undefined && typeof value !== 'string');
  if (given) {
    const tree = Array.isArray(given.value) ? 'a list' : typeof given.value === 'object' ? 'a parsed tree' : 'none';
    return `${called} must be a text: "${given.name}" holds ${tree}, and no other column holds the text; write it out as text, or ${CHOOSE(field)}`;
  }
  if (present.length > 0) return `${called} must not be empty`;
  return `${called} is missing; the columns are ${listed([...new Set([...columns.values()].map(({ name }) => name))])}: rename one, or ${CHOOSE(field)}`;
}

/** Of names, short enough for a message. */
export const listed = (names: readonly string[]): string => names.join(', ').slice(0, 200) || 'none';

function textFault(value: string): string | null {
  if (value.includes('\0')) return 'must not contain the NUL character (U+0000); leave it out';
  if (/\p{Surrogate}/u.test(value))
    return 'must not contain half of a surrogate pair (U+D800 to U+DFFF); send both halves';
  return value.length > MOST_CHARACTERS ? 'must have at most 200,000 characters' : null;
}

const METADATA_NEEDED = 'metadata must be an object of texts, such as {"team":"analytics"}, or be left out';

function metadataOf(columns: Columns, names: Names): Fault | { name?: string; value: Record<string, string> | null } {
  const column = names.metadata.map((key) => columns.get(key)).find((found) => found !== undefined);
  if (!column || column.value === null || (typeof column.value === 'string' && column.value.trim() === '')) {
    return { value: null };
  }
  const value = typeof column.value === 'string' ? parsed(column.value) : column.value;
  return isTexts(value) ? { name: column.name, value } : { field: 'metadata', message: METADATA_NEEDED };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every((entry) => entry.every((part) => typeof part === 'string' && textFault(part) === null));
