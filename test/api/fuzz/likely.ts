// Values that look as a schema asks for them, made from the schema itself: most of them are taken.
import fc from 'fast-check';
import type { z } from 'zod';
import { type Node, type Resolve, treeOf } from '../budget/places.ts';
import { named, UNKNOWN } from './marks.ts';

/** Names that objects of JavaScript have, or make something of. Here they are texts as all others. */
export const PROTOTYPE_NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

/** Which thing a field names, by its own name; `id` and `ids` are told by whom asks. */
const namedBy: Record<string, string> = {
  finetuning_id: named('run'),
  db_connection_id: named('connection'),
  delivery_id: named('delivery'),
};

/** Fields whose schema does not tell what is taken. */
const byName: Record<string, fc.Arbitrary<unknown>> = {
  // Who waits for a stop carries it out meanwhile, and whatever was begun goes on behind the answer.
  wait_ms: fc.constant(0),
  Prefer: fc.constantFrom('wait=0', 'respond-async', 'wait="0", x', 'wait=', 'wait'),
  golden_records: fc.constantFrom(null, [named('record')], [named('record'), named('record')], []),
  golden_sqls: fc.constant(null),
  model_provider: fc.constantFrom('openai', 'openai', 'openai', 'none'),
  model_name: fc.constantFrom('gpt-4.1-mini', 'gpt-4.1-mini', 'gpt-4.1-mini', 'none'),
};

/** @param itself what `id` and `ids` name */
export function likely(schema: z.ZodType, itself: string): fc.Arbitrary<unknown> {
  const { root, resolve } = treeOf(schema);
  return shaped(root, resolve, { ...namedBy, id: itself, ids: itself }, '');
}

function shaped(given: Node, resolve: Resolve, ids: Record<string, string>, name: string): fc.Arbitrary<unknown> {
  const at = resolve(given);
  const within = (inner: Node, innerName = name) => shaped(inner, resolve, ids, innerName);
  if (byName[name]) return byName[name];
  if (at.pattern?.includes('{24}')) return mostly(fc.constant(ids[name] ?? UNKNOWN), fc.constant(UNKNOWN));
  if (at.anyOf) return fc.oneof(...at.anyOf.map((one) => within(one)));
  if (at.enum) return fc.constantFrom(...at.enum);
  if (at.const !== undefined) return fc.constant(at.const);
  switch (at.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'string':
      return ids[name] ? fc.constant(ids[name]) : textOf(at);
    case 'integer':
      return fc.integer({ min: at.minimum ?? 0, max: Math.min(at.maximum ?? 1000, 2 ** 31 - 1) });
    case 'number':
      return fc.constantFrom(at.example ?? 1, 0.5, 1, 1e-7, Number.MAX_VALUE);
    case 'array':
      return fc.array(within(at.items ?? {}), { minLength: 1, maxLength: Math.min(at.maxItems ?? 3, 3) });
    case 'object':
      return objectOf(at, within);
    default:
      // Ignored, whatever it is.
      return fc.constantFrom<unknown>('x', 1, { a: 'b' });
  }
}

function objectOf(at: Node, within: (inner: Node, name?: string) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (typeof at.additionalProperties === 'object' && !at.properties) {
    const key = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.constantFrom(...PROTOTYPE_NAMES));
    return fc
      .array(fc.tuple(key, within(at.additionalProperties)), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries));
  }
  const fields = Object.entries(at.properties ?? {});
  return fc
    .tuple(
      ...fields.map(([name, field]) => {
        const value = within(field, name);
        return at.required?.includes(name) ? value : fc.option(value, { nil: undefined });
      }),
    )
    .map((values) =>
      Object.fromEntries(
        fields.map(([name], index) => [name, values[index]]).filter(([, value]) => value !== undefined),
      ),
    );
}

function textOf({ example, maxLength = 100, minLength = 0, format }: Node): fc.Arbitrary<unknown> {
  if (format === 'date-time') return fc.constantFrom(example, '2999-12-31T23:59:59.999999999Z', '2030-02-28T00:00Z');
  const any = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 30) });
  return example === undefined ? any : fc.oneof(fc.constant(example), any);
}

const mostly = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: other });
