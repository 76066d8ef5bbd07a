// A part of a request, read by its schema: what was given, or each field that was not met, as FastAPI names it.
import { z } from 'zod';
import type { FieldError, Location } from '../../finetuning/errors.ts';
import { notKnown } from './unknown.ts';
import { EXTRA, wordsOf } from './words.ts';

/** Fields beyond these are counted: a list of fifty thousand records can have as many faults. */
const MOST_NAMED = 100;

export type Read<T> = { ok: true; value: T } | { ok: false; errors: FieldError[] };

/** @param within what the part is called: ["body"], ["query"]. */
export function readFields<S extends z.ZodType>(schema: S, value: unknown, within: Location): Read<z.output<S>> {
  /** The objects that did not know a name, by the way to them; zod tells of them only while it reads. */
  const unknowing = new Map<string, z.ZodObject>();
  const error = (issue: z.core.$ZodRawIssue) => {
    if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject) {
      unknowing.set(wayTo(issue.path), issue.inst);
    }
    return wordsOf(issue).msg;
  };
  const read = schema.safeParse(value, { error, reportInput: true });
  if (read.success) return { ok: true, value: read.data };
  const faults = read.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((name) => ({ issue, name })) : [{ issue, name: null }],
  );
  const errors = faults.slice(0, MOST_NAMED).map(({ issue, name }): FieldError => {
    const loc = [...within, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
    const object = unknowing.get(wayTo(issue.path));
    return name !== null && object
      ? { loc: [...loc, name], msg: notKnown(name, object), type: EXTRA }
      : { loc, msg: issue.message, type: typeOf(issue) };
  });
  const beyond = faults.length - errors.length;
  const more = { loc: within, msg: `${beyond.toLocaleString('en-US')} more are not met either`, type: 'value_error' };
  return { ok: false, errors: beyond > 0 ? [...errors, more] : errors };
}

const wayTo = (path: readonly PropertyKey[] = []) => JSON.stringify(path.map(String));

/** Of a key itself, what is wrong with it. */
const typeOf = (issue: z.core.$ZodIssue): string => {
  const [inner] = issue.code === 'invalid_key' ? issue.issues : [];
  return inner ? typeOf(inner) : wordsOf(issue).type;
};
