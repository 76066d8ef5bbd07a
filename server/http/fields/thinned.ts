// A request with a million names or items is refused for being so, or for the first of them, without a look at the others.
import { z } from 'zod';
import { objectIn, unwrapped } from './object-in.ts';

/**
 * The same value, with no more in it than its refusal needs, since zod would look at all of it, and nobody is served
 * meanwhile: of each list and map that is longer than its schema allows one too many, of each object that refuses what
 * it does not know the first `most` unknown names.
 */
export function thinned(schema: unknown, value: unknown, most: number): unknown {
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodArray) {
    if (!Array.isArray(value)) return value;
    const { element } = bare;
    const items = value.slice(0, mostItems(bare) + 1);
    return objectIn(element) ? items.map((item) => thinned(element, item, most)) : items;
  }
  if (bare instanceof z.ZodRecord) return isRecord(value) ? firstEntries(value, mostKeys(bare) + 1) : value;
  if (!(bare instanceof z.ZodObject) || !isRecord(value)) return value;
  const { shape } = bare;
  const known = Object.keys(shape).filter((name) => Object.hasOwn(value, name));
  const names = isStrict(bare) ? [...known, ...firstUnknown(bare, value, most)] : known;
  return Object.fromEntries(names.map((name) => [name, thinned(shape[name], value[name], most)]));
}

/** As many as the schema allows. */
function mostItems({ def }: z.ZodArray): number {
  const bounds = (def.checks ?? []).flatMap((check) =>
    check instanceof z.core.$ZodCheckMaxLength ? [check._zod.def.maximum] : [],
  );
  return Math.min(...bounds, Number.POSITIVE_INFINITY);
}

/** As many as its documentation says. */
function mostKeys(schema: z.ZodRecord): number {
  const most = schema.meta()?.['maxProperties'];
  return typeof most === 'number' ? most : Number.POSITIVE_INFINITY;
}

function firstEntries(value: Record<string, unknown>, most: number): unknown {
  const first: [string, unknown][] = [];
  for (const name in value) {
    if (first.push([name, value[name]]) >= most) break;
  }
  return Object.fromEntries(first);
}

function firstUnknown({ shape }: z.ZodObject, value: object, most: number): string[] {
  const found: string[] = [];
  for (const name in value) {
    if (!Object.hasOwn(shape, name) && found.push(name) === most) break;
  }
  return found;
}

const isStrict = ({ def }: z.ZodObject): boolean => def.catchall instanceof z.ZodNever;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
