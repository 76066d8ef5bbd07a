// A part of a request, read by its schema: what was given, or each field that was not met, as FastAPI names it.
import { z } from 'zod';
import { cut } from '../../finetuning/cut.ts';
import { type DomainError, type FieldError, invalidFields, type Location } from '../../finetuning/errors.ts';
import { thinned } from './thinned.ts';
import { notKnown } from './unknown.ts';
import { EXTRA, wordsOf } from './words.ts';

/** Fields beyond these are counted: a list of fifty thousand records can have as many faults. */
const MOST_NAMED = 100;

/** One name that is not known, or all of an issue. */
type Fault = { issue: z.core.$ZodIssue; name: string | null };

type Read<T> = { ok: true; value: T } | { ok: false; errors: FieldError[] };

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
  const read = schema.safeParse(thinned(schema, value, MOST_NAMED + 1), { error, reportInput: true });
  if (read.success) return { ok: true, value: read.data };
  const faults = read.error.issues.flatMap((issue): Fault[] =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((name) => ({ issue, name })) : [{ issue, name: null }],
  );
  const errors = faults.slice(0, MOST_NAMED).map(({ issue, name }): FieldError => {
    const loc = [...within, ...issue.path.map((part) => (typeof part === 'number' ? part : cut(String(part))))];
    const object = unknowing.get(wayTo(issue.path));
    return name !== null && object
      ? { loc: [...loc, cut(name)], msg: notKnown(name, object), type: EXTRA }
      : { loc, msg: issue.message, type: typeOf(issue) };
  });
  const beyond = faults.length - errors.length;
  // Of what was left out nobody knows how many there are.
  const isCounted = read.error.issues.every((issue) => !('keys' in issue) || issue.keys.length <= MOST_NAMED);
  const many = isCounted ? `${beyond.toLocaleString('en-US')} more` : 'more';
  const more = { loc: within, msg: `${many} are not met either`, type: 'value_error' };
  return { ok: false, errors: beyond > 0 ? [...errors, more] : errors };
}

const wayTo = (path: readonly PropertyKey[] = []) => JSON.stringify(path.map(String));

/** Of a key itself, what is wrong with it. */
const typeOf = (issue: z.core.$ZodIssue): string => {
  const [inner] = issue.code === 'invalid_key' ? issue.issues : [];
  return inner ? typeOf(inner) : wordsOf(issue).type;
};

/** In the one line for people: the first few of them. */
const MOST_IN_A_LINE = 10;

/** What a request is refused with whose fields were not met. */
export function unmet(errors: readonly FieldError[]): DomainError {
  const named = errors.slice(0, MOST_IN_A_LINE).map(inALine);
  const beyond = errors.length - named.length;
  return invalidFields(errors, [...named, ...(beyond > 0 ? [`and ${beyond} more`] : [])].join('; '));
}

/** "Field required" does not say which; what begins with the name of its field does. */
function inALine({ loc, msg }: FieldError): string {
  const way = loc.slice(1).map(String);
  return way.length === 0 || msg.startsWith(way.at(-1) ?? '') ? msg : `${way.join('.')}: ${msg}`;
}
