// Whatever is sent, what is wrong with it is said in the words of FastAPI, never in those of the schema library.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readFields } from '../../server/http/fields/read.ts';
import { ignoredIn } from '../../server/http/fields/warnings.ts';
import { routes } from '../../server/http/rest/routes.ts';
import { appRouter } from '../../server/http/trpc/router.ts';

const OF_THE_LIBRARY =
  /invalid (input|option|key|value|string|number|element|discriminator)|too (small|big)|unrecognized|expected|received|zod/i;

const TYPES = [
  'missing',
  'extra_forbidden',
  'value_error',
  'literal_error',
  'enum',
  'string_type',
  'string_too_short',
  'string_too_long',
  'string_pattern_mismatch',
  'int_type',
  'int_parsing',
  'int_from_float',
  'float_type',
  'bool_type',
  'list_type',
  'dict_type',
  'datetime_type',
  'none_required',
  'too_short',
  'too_long',
  'greater_than',
  'greater_than_equal',
  'less_than',
  'less_than_equal',
  'multiple_of',
  'datetime_parsing',
  'date_parsing',
  'time_parsing',
  'url_parsing',
  'uuid_parsing',
];

const errorsOf = async (schema: z.ZodType, value: unknown) => {
  const read = await readFields(schema, value, ['body']);
  return read.ok ? [] : read.errors;
};

/** One of each code; a code that is added to the library does not compile until it has words. */
const ofEachCode: Record<z.core.$ZodIssueCode, [schema: z.ZodType, value: unknown, msg: string, type: string][]> = {
  invalid_type: [
    [z.object({ a: z.string() }), {}, 'Field required', 'missing'],
    [z.string(), null, 'Input should be a valid string', 'string_type'],
    [z.number(), 'x', 'Input should be a valid number', 'float_type'],
    [z.int(), 'x', 'Input should be a valid number', 'float_type'],
    [z.int(), 1.5, 'Input should be a valid integer, got a number with a fractional part', 'int_from_float'],
    [z.coerce.number(), 'x', 'Input should be a valid integer, unable to parse string as an integer', 'int_parsing'],
    [z.boolean(), 1, 'Input should be a valid boolean', 'bool_type'],
    [z.array(z.string()), 'x', 'Input should be a valid list', 'list_type'],
    [z.object({}), [], 'Input should be a valid dictionary', 'dict_type'],
    [z.record(z.string(), z.string()), 1, 'Input should be a valid dictionary', 'dict_type'],
    [z.null(), 1, 'Input should be null', 'none_required'],
    [z.date(), 1, 'Input should be a valid datetime', 'datetime_type'],
    [z.symbol(), 1, 'Input is not valid', 'value_error'],
  ],
  too_small: [
    [z.string().min(1), '', 'String should have at least 1 character', 'string_too_short'],
    [z.string().min(2), '', 'String should have at least 2 characters', 'string_too_short'],
    [z.array(z.any()).min(1), [], 'List should have at least 1 item after validation, not 0', 'too_short'],
    [z.number().min(1), 0, 'Input should be greater than or equal to 1', 'greater_than_equal'],
    [z.number().gt(1), 1, 'Input should be greater than 1', 'greater_than'],
    [z.map(z.any(), z.any()).min(1), new Map(), 'Dictionary should have at least 1 item', 'too_short'],
  ],
  too_big: [
    [z.string().max(1), 'ab', 'String should have at most 1 character', 'string_too_long'],
    [z.array(z.any()).max(1), [1, 2], 'List should have at most 1 item after validation, not 2', 'too_long'],
    [z.number().max(1), 2, 'Input should be less than or equal to 1', 'less_than_equal'],
    [z.number().lt(1), 1, 'Input should be less than 1', 'less_than'],
  ],
  invalid_format: [
    [z.string().regex(/^a$/), 'b', "String should match pattern '/^a$/'", 'string_pattern_mismatch'],
    [z.string().regex(/^a$/, 'must be an a'), 'b', 'must be an a', 'string_pattern_mismatch'],
    [z.iso.datetime(), 'b', 'Input should be a valid datetime', 'datetime_parsing'],
    [z.url(), 'b', 'Input should be a valid URL', 'url_parsing'],
    [z.string().startsWith('a'), 'b', 'Input should be a valid string', 'string_pattern_mismatch'],
  ],
  not_multiple_of: [[z.number().multipleOf(2), 3, 'Input should be a multiple of 2', 'multiple_of']],
  unrecognized_keys: [
    [
      z.strictObject({ alias: z.string().optional() }),
      { alais: 1 },
      'alais is not known; did you mean alias?',
      'extra_forbidden',
    ],
    [z.strictObject({}), { a: 1 }, 'a is not known', 'extra_forbidden'],
  ],
  invalid_union: [
    [z.union([z.number(), z.string()]), true, 'Input should be a valid number or a valid string', 'value_error'],
    [
      z.union([z.number(), z.string()], 'must be "auto" or a number'),
      true,
      'must be "auto" or a number',
      'value_error',
    ],
    [z.union([z.number(), z.string()]), undefined, 'Field required', 'missing'],
  ],
  invalid_value: [
    [z.enum(['a', 'b', 'c']), 'd', "Input should be 'a', 'b' or 'c'", 'enum'],
    [z.literal('a'), 'd', "Input should be 'a'", 'literal_error'],
    [z.enum(['a', 'b']), undefined, 'Field required', 'missing'],
  ],
  invalid_key: [
    [z.record(z.string().max(1), z.any()), { ab: 1 }, 'String should have at most 1 character', 'string_too_long'],
  ],
  invalid_element: [
    [z.map(z.string(), z.string()), new Map([['a', 1]]), 'Input should be a valid string', 'string_type'],
    [z.map(z.object({}), z.string()), new Map([[{}, 1]]), 'Input should be a valid string', 'value_error'],
  ],
  custom: [
    [z.string().refine(() => false), 'a', 'Input is not valid', 'value_error'],
    [z.string().refine(() => false, 'must not be a'), 'a', 'must not be a', 'value_error'],
  ],
};

describe.each(Object.entries(ofEachCode))('%s', (_code, cases) => {
  test.each(cases.map(([schema, value, msg, type], index) => [msg, index, schema, value, type] as const))(
    '%s (%i)',
    async (msg, _index, schema, value, type) => {
      expect((await errorsOf(schema, value)).map((error) => ({ msg: error.msg, type: error.type }))).toEqual([
        { msg, type },
      ]);
    },
  );
});

const takes = z.object({ _def: z.object({ inputs: z.array(z.object({ schema: z.instanceof(z.ZodType) })) }) });
const procedures = z.record(
  z.string(),
  z.custom<object>((value) => typeof value === 'function'),
);

/** Everything that a request is read by, over both transports. */
const schemas = [
  ...routes.flatMap(({ schemas: { params, query, headers, body }, documented }) =>
    [params, query, headers, body, documented.upload?.query].flatMap((schema) => schema ?? []),
  ),
  ...Object.values(procedures.parse(appRouter._def.procedures)).flatMap((procedure) =>
    takes.parse({ ...procedure })._def.inputs.map(({ schema }) => schema),
  ),
];
const examples = routes.flatMap(({ documented }) => Object.values(documented.examples ?? {}).map(({ value }) => value));

const withText =
  routes.find(({ documented }) => documented.operationId === 'createDbConnection')?.schemas.body ?? z.never();

/** As JSON carries it, with lengths and numbers beyond every limit among it. */
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    undefined,
    null,
    '',
    'x'.repeat(200_001),
    -1,
    1.5,
    1e300,
    true,
    [],
    {},
    [{}],
    '\u0000',
    '\ud800',
    Number.NaN,
  ),
  fc.dictionary(fc.string(), fc.jsonValue()),
);

/** The value with something else in one of its places. */
const changed = (value: unknown, way: readonly number[], other: unknown, name: string): unknown => {
  const [step, ...rest] = way;
  if (step === undefined || typeof value !== 'object' || value === null) return other;
  const names = Object.keys(value);
  const at = names.length === 0 || step % 4 === 3 ? name : (names[step % names.length] ?? name);
  const inner = changed(Object.entries(value).find(([key]) => key === at)?.[1], rest, other, name);
  return Array.isArray(value) ? Object.values({ ...value, [at]: inner }) : { ...value, [at]: inner };
};

test('no request, however wrong, is answered in words of the schema library', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...schemas),
      fc.oneof(anything, fc.constantFrom(...examples)),
      fc.array(fc.nat(7), { maxLength: 5 }),
      anything,
      fc.string({ minLength: 1 }),
      async (schema, value, way, other, name) => {
        for (const { msg, type, loc } of await errorsOf(schema, changed(value, way, other, name))) {
          // What was sent may be part of a message by its name.
          const told = loc.reduce((text: string, part) => text.replaceAll(String(part), ''), msg);
          expect(told).not.toMatch(OF_THE_LIBRARY);
          expect(msg).not.toBe('Input is not valid');
          expect(TYPES).toContain(type);
          seen.add(type);
        }
      },
    ),
    // Few places take any text, and few of those are sent half a surrogate pair.
    { numRuns: 4000, examples: [[withText, { alias: 'library' }, [0], '\ud800', 'x']] },
  );
  expect([...seen].sort()).toEqual(
    expect.arrayContaining(['dict_type', 'extra_forbidden', 'list_type', 'missing', 'string_type', 'value_error']),
  );
});

test('a request with very many faults is told the first hundred, and how many more there are', async () => {
  const errors = await errorsOf(z.array(z.strictObject({ a: z.string() })), Array(50_000).fill({ b: 1 }));
  expect(errors).toHaveLength(101);
  expect(errors.at(-1)).toEqual({ loc: ['body'], msg: '99,900 more are not met either', type: 'value_error' });
});

test('the faults of very many records, each of them long to tell, are a small answer', async () => {
  const record = { ['\u0001'.repeat(1000)]: 1, ['\u0002'.repeat(1000)]: 1, ['\u0003'.repeat(1000)]: 1 };
  const errors = await errorsOf(z.array(z.strictObject({})), Array(50_000).fill(record));
  expect(JSON.stringify(errors).length).toBeLessThan(32_000);
  expect(errors.at(-1)?.msg).toMatch(/^149,9\d\d more are not met either$/);
});

test('fifty thousand wrong ids within a field of a body were a stack that overflowed', async () => {
  const schema = z.strictObject({ ids: z.array(z.string().regex(/^x$/)).max(50_000) });
  const errors = await errorsOf(schema, { ids: Array(50_000).fill('') });
  expect(errors.at(-1)?.msg).toBe('49,900 more are not met either');
  expect(await errorsOf(schema, { ids: Array(1_000_000).fill('') })).toMatchObject([
    { loc: ['body', 'ids'], msg: 'List should have at most 50000 items after validation, not 1000000' },
  ]);
});

test('a list is read in turns with whatever else there is to do, be it right or wrong', async () => {
  for (const item of [{ a: 'x' }, { b: 1 }]) {
    let turns = 0;
    let isOver = false;
    const others = () => {
      turns++;
      if (!isOver) setImmediate(others);
    };
    setImmediate(others);
    await errorsOf(z.array(z.strictObject({ a: z.string() })), Array(50_000).fill(item));
    isOver = true;
    expect(turns).toBeGreaterThan(100);
  }
});

const NAME = 'a'.repeat(1_000_000);

test('a name of a million characters was repeated whole in where it stands', async () => {
  const inMap = z.strictObject({ metadata: z.record(z.string(), z.string()) });
  const errors = [
    ...(await errorsOf(z.strictObject({ a: z.string().optional() }), { [NAME]: 1 })),
    ...(await errorsOf(inMap, { metadata: { [NAME]: 1 } })),
  ];
  expect(errors.map(({ loc }) => loc.at(-1))).toEqual([`${'a'.repeat(60)}…`, `${'a'.repeat(60)}…`]);
  expect(JSON.stringify(errors).length).toBeLessThan(1000);
});

/** An object of very many names, and at how many of them somebody looked. */
function crowd() {
  let looks = 0;
  const names = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 1]));
  const value = new Proxy(names, {
    getOwnPropertyDescriptor(target, name) {
      looks++;
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
  return { value, looks: () => looks };
}

test('a million names that are not known kept everybody waiting while each of them was looked at', async () => {
  const inner = z.strictObject({ a: z.string().nullish() });
  for (const [schema, within] of [
    [inner, (value: unknown) => value],
    [z.strictObject({ inner: inner.nullish() }), (value: unknown) => ({ inner: value })],
    [z.array(inner), (value: unknown) => [value]],
  ] as const) {
    const { value, looks } = crowd();
    const errors = await errorsOf(schema, within(value));
    expect(errors).toHaveLength(101);
    expect(errors.at(-1)?.msg).toBe('more are not met either');
    expect(looks()).toBeLessThan(1000);
  }
  const map = z.strictObject({ inner: z.record(z.string(), z.number()).meta({ maxProperties: 5 }).nullish() });
  const many = crowd();
  expect(await errorsOf(map, { inner: many.value })).toEqual([]);
  expect(many.looks()).toBeLessThan(1000);
  const { value, looks } = crowd();
  const told = ignoredIn(z.object({ a: z.string().nullish() }), value);
  expect(told).toHaveLength(21);
  expect(told.at(-1)).toBe('And more were ignored.');
  expect(looks()).toBeLessThan(1000);
});

test('a list that is longer than it may be was read to its end before it was refused', async () => {
  const schema = z.array(z.strictObject({ a: z.string() })).max(10);
  const errors = await errorsOf(schema, Array(1_000_000).fill({}));
  expect(errors).toEqual([
    { loc: ['body'], msg: 'List should have at most 10 items after validation, not 1000000', type: 'too_long' },
  ]);
  const nested = await errorsOf(z.strictObject({ list: z.array(z.string()).max(2).nullish() }), { list: ['', '', ''] });
  expect(nested).toEqual([
    { loc: ['body', 'list'], msg: 'List should have at most 2 items after validation, not 3', type: 'too_long' },
  ]);
});

test('what is known is read wherever it stands among very many names that are not', async () => {
  const names = Array.from({ length: 1000 }, (_, index) => [`k${index}`, 1]);
  const errors = await errorsOf(
    z.strictObject({ a: z.string(), b: z.string() }),
    Object.fromEntries([...names, ['a', 'x']]),
  );
  expect(errors.filter(({ type }) => type === 'missing').map(({ loc }) => loc)).toEqual([['body', 'b']]);
});
