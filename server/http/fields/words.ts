// What is wrong with a field, in the words and types of FastAPI, which callers of such services know. No word of zod's.
import type { z } from 'zod';
import { cut } from '../../finetuning/cut.ts';

export type Words = { msg: string; type: string };
/** As zod raises it, or as it answers it with its input. */
export type Issue = z.core.$ZodIssue | z.core.$ZodRawIssue;

/** What is said where a schema has no words of its own. */
export function wordsOf(issue: Issue): Words {
  // Whatever was looked for: there is nothing. JSON has no `undefined`.
  if (issue.input === undefined && issue.code !== 'custom') return { msg: 'Field required', type: 'missing' };
  switch (issue.code) {
    case 'invalid_type':
      return ofType(issue.expected, issue.input);
    case 'too_small':
      return bound('least', issue.origin, issue.minimum, issue.inclusive !== false, issue.input);
    case 'too_big':
      return bound('most', issue.origin, issue.maximum, issue.inclusive !== false, issue.input);
    case 'invalid_value':
      return {
        msg: `Input should be ${oneOf(issue.values.map((value) => quoted(value)))}`,
        type: issue.values.length === 1 ? 'literal_error' : 'enum',
      };
    case 'invalid_format':
      return ofFormat(issue.format, issue.pattern);
    case 'invalid_union':
      return ofUnion(issue.errors);
    case 'not_multiple_of':
      return { msg: `Input should be a multiple of ${issue.divisor}`, type: 'multiple_of' };
    case 'invalid_key':
    case 'invalid_element':
      return { msg: issue.issues[0]?.message ?? NOT_VALID, type: VALUE };
    case 'unrecognized_keys':
      return { msg: `${issue.keys.map((name) => cut(name)).join(', ')}: not known`, type: EXTRA };
    case 'custom':
      return { msg: NOT_VALID, type: VALUE };
    default:
      return issue satisfies never;
  }
}

export const EXTRA = 'extra_forbidden';
const VALUE = 'value_error';
const NOT_VALID = 'Input is not valid';

const types: Record<string, Words> = {
  string: { msg: 'Input should be a valid string', type: 'string_type' },
  number: { msg: 'Input should be a valid number', type: 'float_type' },
  int: { msg: 'Input should be a valid integer', type: 'int_type' },
  bigint: { msg: 'Input should be a valid integer', type: 'int_type' },
  boolean: { msg: 'Input should be a valid boolean', type: 'bool_type' },
  array: { msg: 'Input should be a valid list', type: 'list_type' },
  tuple: { msg: 'Input should be a valid list', type: 'list_type' },
  set: { msg: 'Input should be a valid list', type: 'list_type' },
  object: { msg: 'Input should be a valid dictionary', type: 'dict_type' },
  record: { msg: 'Input should be a valid dictionary', type: 'dict_type' },
  map: { msg: 'Input should be a valid dictionary', type: 'dict_type' },
  date: { msg: 'Input should be a valid datetime', type: 'datetime_type' },
  null: { msg: 'Input should be null', type: 'none_required' },
};

function ofType(expected: string, input: unknown): Words {
  const unparsed = 'unable to parse string as an integer';
  // JSON has no NaN: it is what became of the text of a query, whose numbers are all whole.
  if (Number.isNaN(input)) return { msg: `Input should be a valid integer, ${unparsed}`, type: 'int_parsing' };
  if (expected === 'int' && typeof input === 'number') {
    return { msg: 'Input should be a valid integer, got a number with a fractional part', type: 'int_from_float' };
  }
  return types[expected] ?? { msg: NOT_VALID, type: VALUE };
}

type Side = 'least' | 'most';

function bound(side: Side, origin: string, limit: number | bigint, inclusive: boolean, input: unknown): Words {
  const many = (unit: string) => `at ${side} ${limit} ${unit}${Number(limit) === 1 ? '' : 's'}`;
  const suffix = side === 'least' ? 'short' : 'long';
  switch (origin) {
    case 'string':
      return { msg: `String should have ${many('character')}`, type: `string_too_${suffix}` };
    case 'array':
    case 'set': {
      const count = Array.isArray(input) ? `, not ${input.length}` : '';
      return { msg: `List should have ${many('item')} after validation${count}`, type: `too_${suffix}` };
    }
    case 'object':
    case 'map':
      return { msg: `Dictionary should have ${many('item')}`, type: `too_${suffix}` };
    default: {
      const than = side === 'least' ? 'greater' : 'less';
      return inclusive
        ? { msg: `Input should be ${than} than or equal to ${limit}`, type: `${than}_than_equal` }
        : { msg: `Input should be ${than} than ${limit}`, type: `${than}_than` };
    }
  }
}

const formats: Record<string, Words> = {
  datetime: { msg: 'Input should be a valid datetime', type: 'datetime_parsing' },
  date: { msg: 'Input should be a valid date', type: 'date_parsing' },
  time: { msg: 'Input should be a valid time', type: 'time_parsing' },
  url: { msg: 'Input should be a valid URL', type: 'url_parsing' },
  uuid: { msg: 'Input should be a valid UUID', type: 'uuid_parsing' },
};

const ofFormat = (format: string, pattern: string | undefined): Words =>
  formats[format] ?? {
    msg: pattern === undefined ? 'Input should be a valid string' : `String should match pattern '${pattern}'`,
    type: 'string_pattern_mismatch',
  };

/** What each of the alternatives asks for; a type that none of them has is one fault, not two. */
function ofUnion(alternatives: readonly (readonly z.core.$ZodIssue[])[]): Words {
  const asked = alternatives.flatMap(([first]) => (first ? [first.message.replace(/^Input should be /, '')] : []));
  return { msg: asked.length > 0 ? `Input should be ${oneOf([...new Set(asked)])}` : NOT_VALID, type: VALUE };
}

const quoted = (value: unknown) => (typeof value === 'string' ? `'${value}'` : String(value));

const oneOf = (values: readonly string[]) =>
  values.length < 2 ? values.join() : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
