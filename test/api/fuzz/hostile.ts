// What nobody means to send, and how it gets into a value: one place of it or several are spoiled.
import fc from 'fast-check';
import { put, type Way } from '../budget/places.ts';
import { PROTOTYPE_NAMES } from './likely.ts';
import { deep, long, named, UNKNOWN, written } from './marks.ts';

/** What Postgres cannot store, or would store as something else. */
const unstorable = fc.constantFrom('\u0000', 'a\u0000b', '\ud800', 'x\udc00');

/** And what programs take for something else. */
export const oddTexts = fc.oneof(
  unstorable,
  fc.constantFrom(
    ...['', ' ', '\u0000', 'a\u0000b', '\ud800', '\udc00x', '\ufeff', '\uffff', '\u202e', '\u2028', 'İ', 'ﬃ', '\u007f'],
    ...[
      'e\u0301'.repeat(50),
      '👨‍👩‍👧‍👦',
      "'; DROP TABLE finetunings; --",
      '%00',
      '../../etc/passwd',
      '$(id)',
      '\\u0000',
    ],
    ...['null', 'undefined', 'NaN', 'true', '[object Object]', '0x10', '1e3', '-0', '٣', '<script>'],
    ...[
      '0000-00-00T00:00:00Z',
      '2027-02-30T00:00:00Z',
      '9999-12-31T23:59:60Z',
      '+275760-09-13T00:00:00.001Z',
      '2027-01-01',
    ],
    ...['0001-01-01T00:00:00Z', '2027-01-01T00:00:00+99:99', `2027-01-01T00:00:00.${'0'.repeat(40)}Z`],
    ...[UNKNOWN.toUpperCase(), `${UNKNOWN}\n`, ` ${UNKNOWN}`, named('ended'), named('connection'), UNKNOWN],
    ...PROTOTYPE_NAMES,
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

const numbers = fc.constantFrom<unknown>(
  ...[0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324],
  ...['-0', '1e400', '-1e400', '9007199254740993', '1E9', `1${'0'.repeat(400)}`, `0.${'0'.repeat(400)}1`].map(written),
);

const large = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(long(1001), long(100_000)) },
  { weight: 8, arbitrary: fc.constantFrom(deep(900, 'list'), deep(10_000, 'list'), deep(10_000, 'object')) },
  { weight: 4, arbitrary: fc.constantFrom(101, 10_000).map((length) => Array(length).fill(0)) },
  { weight: 1, arbitrary: fc.constant(long(4_000_000)) },
);

export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: oddTexts },
  { weight: 2, arbitrary: numbers },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], [{}]) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: large },
);

const oddNames = fc.oneof(fc.constantFrom(...PROTOTYPE_NAMES, 'id', 'organization_id', 'a\u0000'), oddTexts);

type Spoiling = { at: number } & (
  | { kind: 'other'; value: unknown }
  | { kind: 'more'; name: string; value: unknown }
  | { kind: 'tainted'; text: string }
  | { kind: 'none' }
  | { kind: 'twice' }
  | { kind: 'wrapped' }
);
const at = fc.nat({ max: 1000 });
const spoiling: fc.Arbitrary<Spoiling> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('other' as const), at, value: hostile }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('tainted' as const), at, text: oddTexts }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('more' as const), at, name: oddNames, value: hostile }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('none' as const, 'twice' as const, 'wrapped' as const), at }),
  },
);

/** The value as it is in half of all cases, and else with one place spoiled, or several. */
export const perhapsSpoilt = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    value,
    fc
      .tuple(value, fc.array(spoiling, { minLength: 1, maxLength: 3 }))
      .map(([whole, all]) => all.reduce(spoilt, whole)),
  );

function spoilt(whole: unknown, spoiling: Spoiling): unknown {
  const all = waysIn(whole);
  const isText = (way: Way) => typeof there(whole, way) === 'string';
  const ways = spoiling.kind === 'tainted' ? all.filter(isText) : all;
  const way = ways[spoiling.at % ways.length] ?? [];
  const given = there(whole, way);
  switch (spoiling.kind) {
    case 'other':
      return put(whole, way, spoiling.value);
    case 'more':
      return put(whole, way, { ...(typeof given === 'object' ? given : {}), [spoiling.name]: spoiling.value });
    // Right but for a piece of it.
    case 'tainted':
      return typeof given === 'string' ? put(whole, way, `${given}${spoiling.text}`) : whole;
    case 'none':
      return put(whole, way, undefined);
    case 'twice':
      return put(whole, way, Array.isArray(given) ? [...given, ...given] : [given, given]);
    case 'wrapped':
      return put(whole, way, [given]);
    default:
      return spoiling satisfies never;
  }
}

const there = (whole: unknown, way: Way): unknown => way.reduce<unknown>((value, step) => Object(value)[step], whole);

/** To the whole, and to all that is in it. */
function waysIn(value: unknown, way: Way = []): Way[] {
  if (typeof value !== 'object' || value === null) return [way];
  const steps = Array.isArray(value) ? [...value.keys()].slice(0, 10) : Object.keys(value);
  return [way, ...steps.flatMap((step) => waysIn(Reflect.get(value, step), [...way, step]))];
}
