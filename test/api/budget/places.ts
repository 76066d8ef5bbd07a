// Every place of a request that something can be put into, found in its schema, and the most that fits there.
import { z } from 'zod';

/** A part of a JSON Schema, as far as bounds are said in it. */
export type Node = {
  $ref?: string | undefined;
  type?: string | undefined;
  format?: string | undefined;
  minLength?: number | undefined;
  minimum?: number | undefined;
  exclusiveMinimum?: number | undefined;
  anyOf?: Node[] | undefined;
  const?: unknown;
  enum?: unknown[] | undefined;
  pattern?: string | undefined;
  maxLength?: number | undefined;
  maximum?: number | undefined;
  maxItems?: number | undefined;
  maxProperties?: number | undefined;
  items?: Node | undefined;
  properties?: Record<string, Node> | undefined;
  required?: string[] | undefined;
  additionalProperties?: Node | boolean | undefined;
  propertyNames?: Node | undefined;
  deprecated?: boolean | undefined;
  example?: unknown;
};

const node: z.ZodType<Node> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    // Of one that may be null too, what it is otherwise.
    type: z.union([z.string(), z.tuple([z.string(), z.literal('null')]).transform(([type]) => type)]).optional(),
    format: z.string().optional(),
    minLength: z.number().optional(),
    minimum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    anyOf: z.array(node).optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    pattern: z.string().optional(),
    maxLength: z.number().optional(),
    maximum: z.number().optional(),
    maxItems: z.number().optional(),
    maxProperties: z.number().optional(),
    items: node.optional(),
    properties: z.record(z.string(), node).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), node]).optional(),
    propertyNames: node.optional(),
    deprecated: z.boolean().optional(),
    example: z.unknown().optional(),
  }),
);

export type Way = (string | number)[];
export type Place = {
  /** From the part of the request to it. */
  way: Way;
  largest: unknown;
  /** One more. Left out: nothing of its kind is larger. */
  beyond?: unknown;
  /** At its largest it takes long to read. */
  isLong?: boolean;
};
type Found = { places: Place[]; unbounded: Way[] };

/** A schema as JSON Schema has it, and what its references name. */
export function treeOf(schema: z.ZodType): { root: Node; resolve: Resolve } {
  const whole = z
    .looseObject({ $defs: z.record(z.string(), node).optional() })
    .parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  const defs = whole.$defs ?? {};
  const resolve = (given: Node): Node => (given.$ref ? resolve(defs[given.$ref.split('/').at(-1) ?? ''] ?? {}) : given);
  return { root: resolve(node.parse(whole)), resolve };
}

export type Resolve = (given: Node) => Node;

/** @returns a value that the schema takes, with no more in it than must be, and all the places in such values. */
export function budgetOf(schema: z.ZodType): Found & { least: unknown } {
  const { root, resolve } = treeOf(schema);
  return { ...found(root, [], resolve), least: least(root, resolve) };
}

function found(given: Node, way: Way, resolve: Resolve): Found {
  const at = resolve(given);
  const place = (largest: unknown, beyond?: unknown): Found => ({ places: [{ way, largest, beyond }], unbounded: [] });
  const none: Found = { places: [], unbounded: [] };
  if (at.anyOf) return together(at.anyOf.map((one) => found(one, way, resolve)));
  const values = at.enum ?? (at.const === undefined ? [] : [at.const]);
  if (values.length > 0) return together(values.map((value) => place(value, 'x'.repeat(1000))));
  switch (at.type) {
    case 'null':
    case 'boolean':
      return none;
    case 'string': {
      const most = at.maxLength ?? lengthIn(at.pattern);
      if (most === null) return { places: [], unbounded: [way] };
      const unit = at.pattern?.includes('\\d') ? '0' : 'a';
      return place(unit.repeat(most), unit.repeat(most + 1));
    }
    case 'integer':
      if (at.maximum === undefined) return { places: [], unbounded: [way] };
      return place(at.maximum, Number.isSafeInteger(at.maximum) ? at.maximum + 1 : at.maximum * 2);
    case 'number':
      // JSON has none that is larger.
      return place(Number.MAX_VALUE);
    case 'array': {
      const within = at.items ? found(at.items, [...way, 0], resolve) : none;
      if (at.maxItems === undefined) return together([within, { places: [], unbounded: [way] }]);
      const items = (count: number) => Array(count).fill(least(at.items ?? {}, resolve));
      const isLong = at.maxItems > 1000 && resolve(at.items ?? {}).type === 'object';
      const list = { way, largest: items(at.maxItems), beyond: items(at.maxItems + 1), isLong };
      return together([within, { places: [list], unbounded: [] }]);
    }
    case 'object': {
      const fields = Object.entries(at.properties ?? {}).map(([name, field]) => found(field, [...way, name], resolve));
      return together([...fields, ...(typeof at.additionalProperties === 'object' ? [map(at, way, resolve)] : [])]);
    }
    default:
      // Whatever is put there is ignored.
      return at.deprecated ? place('x'.repeat(1_000_000)) : { places: [], unbounded: [way] };
  }
}

/** Of a map: how many keys, how long they are, and what is in them. */
function map(at: Node, way: Way, resolve: Resolve): Found {
  const values = typeof at.additionalProperties === 'object' ? at.additionalProperties : {};
  const [one, longest] = [least(values, resolve), resolve(at.propertyNames ?? {}).maxLength];
  const within = found(values, [...way, 'k'], resolve);
  if (at.maxProperties === undefined || longest === undefined) {
    return together([within, { places: [], unbounded: [way] }]);
  }
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, one]));
  const key = (length: number) => ({ ['k'.repeat(length)]: one });
  const places = [
    { way, largest: keys(at.maxProperties), beyond: keys(at.maxProperties + 1) },
    { way, largest: key(longest), beyond: key(longest + 1) },
  ];
  return together([within, { places, unbounded: [] }]);
}

/** `^[0-9a-f]{24}$`: as long as it says. */
function lengthIn(pattern = ''): number | null {
  const most = /^\^(\[[^\]]+\]|\\d)\{(?:\d+,)?(\d+)\}\$$/.exec(pattern)?.[2];
  return most === undefined ? null : Number(most);
}

const together = (all: readonly Found[]): Found => ({
  places: all.flatMap(({ places }) => places),
  unbounded: all.flatMap(({ unbounded }) => unbounded),
});

function least(given: Node, resolve: Resolve): unknown {
  const at = resolve(given);
  if (at.example !== undefined) return at.example;
  if (at.anyOf) return least(at.anyOf[0] ?? {}, resolve);
  if (at.type === 'array') return [least(at.items ?? {}, resolve)];
  if (at.type !== 'object') return at.const ?? 'a';
  const required = Object.entries(at.properties ?? {}).filter(([name]) => at.required?.includes(name));
  return Object.fromEntries(required.map(([name, field]) => [name, least(field, resolve)]));
}

/** The same value with another in one of its places. */
export function put(value: unknown, [step, ...rest]: Way, other: unknown): unknown {
  if (step === undefined) return other;
  if (typeof step === 'number') {
    const items: unknown[] = Array.isArray(value) ? value : [];
    return [...items.slice(0, step), put(items[step], rest, other), ...items.slice(step + 1)];
  }
  return { ...Object(value), [step]: put(Object(value)[step], rest, other) };
}
