// A part of a request, read by its schema: what was given, or each field that was not met, as FastAPI names it.
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { cut } from '../../finetuning/cut.ts';
import type { FieldError, Location } from '../../finetuning/errors.ts';
import { Faults, MOST_NAMED } from './faults.ts';
import { lostNames, WHY_LOST } from './lost-names.ts';
import { thinned } from './thinned.ts';
import { notKnown } from './unknown.ts';
import { EXTRA, wordsOf } from './words.ts';

type Read<T> = { ok: true; value: T } | { ok: false; errors: FieldError[] };

/** Items of a list that are read in one go: fifty thousand are read in turns with all else that the server does. */
const AT_ONCE = 100;

/** @param within what the part is called: ["body"], ["query"]. */
export async function readFields<S extends z.ZodType>(
  schema: S,
  value: unknown,
  within: Location,
): Promise<Read<z.output<S>>> {
  if (wasReadBy(schema, value)) return { ok: true, value };
  const faults = new Faults(within);
  const read =
    schema instanceof z.ZodArray && Array.isArray(value)
      ? await readItems(schema, value, faults)
      : readWhole(schema, value, [], faults);
  if (!read) return { ok: false, errors: faults.errors };
  if (Array.isArray(read.data)) lists.set(read.data, schema);
  return { ok: true, value: read.data };
}

/** Lists that were read, which a route hands on to its procedure as they are: to read them again would take as long. */
const lists = new WeakMap<object, z.ZodType>();
const wasReadBy = <S extends z.ZodType>(schema: S, value: unknown): value is z.output<S> =>
  Array.isArray(value) && lists.get(value) === schema;

/** How many there are is looked at first, then each of them, then what the list asks of them together. */
async function readItems<S extends z.ZodArray>(schema: S, value: readonly unknown[], faults: Faults) {
  const list = schema.clone({ ...schema.def, element: z.unknown() });
  if (!readWhole(list, value, [], faults)) return null;
  const items: unknown[] = [];
  for (const [index, item] of value.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await setImmediate();
    const read = readWhole(schema.element, item, [index], faults);
    if (read) items.push(read.data);
  }
  return faults.isEmpty ? readWhole(list, items, [], faults) : null;
}

/** Null: what is wrong is in `faults`. */
function readWhole<S extends z.core.$ZodType>(schema: S, value: unknown, way: Location, faults: Faults) {
  /** The objects that did not know a name, by the way to them; zod tells of them only while it reads. */
  const unknowing = new Map<string, z.ZodObject>();
  const error = (issue: z.core.$ZodRawIssue) => {
    if (faults.isFull) return '';
    if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject) {
      unknowing.set(wayTo(issue.path), issue.inst);
    }
    // Of a list that is too long the words say how long it was, before it was thinned.
    return wordsOf(issue.code === 'too_big' ? { ...issue, input: at(value, issue.path) } : issue).msg;
  };
  const thin = thinned(schema, value, MOST_NAMED + 1);
  const read = z.safeParse(schema, thin, { error, reportInput: true });
  const lost = lostNames(schema, thin);
  for (const name of lost) faults.add(() => ({ loc: [...way, ...name], msg: WHY_LOST, type: 'value_error' }));
  if (read.success) return lost.length > 0 ? null : read;
  for (const issue of read.error.issues) {
    const loc = () => [...way, ...issue.path.map((part) => (typeof part === 'number' ? part : cut(String(part))))];
    if (issue.code !== 'unrecognized_keys') {
      faults.add(() => ({ loc: loc(), msg: issue.message, type: typeOf(issue) }));
      continue;
    }
    if (issue.keys.length > MOST_NAMED) faults.goOn();
    const object = unknowing.get(wayTo(issue.path));
    for (const name of issue.keys) {
      faults.add(() => ({
        loc: [...loc(), cut(name)],
        msg: object ? notKnown(name, object) : issue.message,
        type: EXTRA,
      }));
    }
  }
  return null;
}

const at = (value: unknown, way: readonly PropertyKey[] = []): unknown =>
  way.reduce((inner, part) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, part) : inner), value);

const wayTo = (path: readonly PropertyKey[] = []) => JSON.stringify(path.map(String));

/** Of a key itself, what is wrong with it. */
const typeOf = (issue: z.core.$ZodIssue): string => {
  const [inner] = issue.code === 'invalid_key' ? issue.issues : [];
  return inner ? typeOf(inner) : wordsOf(issue).type;
};
