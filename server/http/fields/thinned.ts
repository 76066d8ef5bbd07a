// A request with a million names or items is refused for being so, or for the first of them, without a look at the others.
import { z } from 'zod';
import { objectIn, unwrapped } from './object-in.ts';

/**
 * The same value, with no more in it than its refusal needs, since zod would look at all of it, and nobody is served
 * meanwhile: of each list and map that is longer than its schema allows one too many, of each object the first `most`
 * names that it does not know. What is small enough is given back as it is.
 */
export function thinned(schema: unknown, value: unknown, most: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodArray) return Array.isArray(value) ? thinnedList(bare, value, most) : value;
  if (Array.isArray(value)) return value;
  if (bare instanceof z.ZodRecord) {
    const names = firstOfMany(value, mostKeys(bare) + 1, () => false);
    return names ? withNames(value, names) : value;
  }
  return bare instanceof z.ZodObject ? thinnedObject(bare, value, most) : value;
}

function thinnedObject({ shape }: z.ZodObject, value: object, most: number): object {
  const known = Object.keys(shape).filter((name) => Object.hasOwn(value, name));
  const unknown = firstOfMany(value, most, (name) => Object.hasOwn(shape, name));
  let thin = unknown ? withNames(value, [...known, ...unknown]) : value;
  for (const name of known) {
    const given: unknown = Reflect.get(value, name);
    const field = thinned(shape[name], given, most);
    if (field !== given) thin = { ...thin, [name]: field };
  }
  return thin;
}

function thinnedList(schema: z.ZodArray, value: readonly unknown[], most: number): readonly unknown[] {
  const longest = mostItems(schema) + 1;
  const items = value.length > longest ? value.slice(0, longest) : value;
  return objectIn(schema.element) ? items.map((item) => thinned(schema.element, item, most)) : items;
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

/** The first `most` names that are not known, and no look at the others. Null: there are no more than that. */
function firstOfMany(value: object, most: number, isKnown: (name: string) => boolean): string[] | null {
  const names: string[] = [];
  for (const name in value) {
    if (!isKnown(name) && names.push(name) > most) return names.slice(0, most);
  }
  return null;
}

const withNames = (value: object, names: readonly string[]): object =>
  Object.fromEntries(names.map((name) => [name, Reflect.get(value, name)]));
