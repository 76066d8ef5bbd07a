// A request with a million names that are not known is refused for the first of them, without a look at the others.
import { z } from 'zod';
import { objectIn } from './object-in.ts';

/**
 * The same value, but of each object that refuses what it does not know the first `most` unknown names and no others:
 * zod would collect them all, and nobody is served meanwhile.
 */
export function thinned(schema: unknown, value: unknown, most: number): unknown {
  if (schema instanceof z.ZodArray) {
    return Array.isArray(value) ? value.map((item) => thinned(schema.element, item, most)) : value;
  }
  const object = objectIn(schema);
  if (!object || !isStrict(object) || !isRecord(value)) return value;
  const { shape } = object;
  const known = Object.keys(shape).filter((name) => Object.hasOwn(value, name));
  const names = [...known, ...firstUnknown(object, value, most)];
  return Object.fromEntries(names.map((name) => [name, thinned(shape[name], value[name], most)]));
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
