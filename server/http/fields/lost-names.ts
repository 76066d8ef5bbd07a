// Names that zod leaves out of a map without a word. They are refused: nothing is stored otherwise than it was sent.
import { z } from 'zod';
import type { Location } from '../../finetuning/errors.ts';
import { objectIn, unwrapped } from './object-in.ts';

const LOST = '__proto__';
export const WHY_LOST = `${LOST} cannot be a name; take another`;

/** The ways to them, in the maps of a value. */
export function lostNames(schema: unknown, value: unknown, way: Location = []): Location[] {
  if (typeof value !== 'object' || value === null) return [];
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodRecord) return Object.hasOwn(value, LOST) ? [[...way, LOST]] : [];
  if (bare instanceof z.ZodArray && objectIn(bare.element) && Array.isArray(value)) {
    return value.flatMap((item, index) => lostNames(bare.element, item, [...way, index]));
  }
  if (!(bare instanceof z.ZodObject)) return [];
  return Object.entries(bare.shape).flatMap(([name, field]) =>
    lostNames(field, Reflect.get(value, name), [...way, name]),
  );
}
