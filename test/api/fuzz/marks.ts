// Short words for what is long or cannot be written in JSON, so that a counterexample can be read; a request is sent without them.
import { z } from 'zod';

const things = ['run', 'ended', 'connection', 'spare', 'record', 'key', 'endpoint', 'delivery', 'bulk'] as const;
export type Thing = (typeof things)[number];
/** What there is to be named: `@run@` becomes its id. */
export type Things = z.infer<typeof all>;
export const all = z.record(z.enum(things), z.string());
export const UNKNOWN = 'a'.repeat(24);

export const named = (thing: Thing) => `@${thing}@`;
/** A text of so many characters. */
export const long = (length: number) => `@long:${length}@`;
/** Lists, or objects, so deep within each other. */
export const deep = (depth: number, kind: 'list' | 'object') => `@${kind}:${depth}@`;
/** A number as no `JSON.stringify` writes it. */
export const written = (number: string) => `@written:${number}@`;

/** The text as it is sent. */
export const unmarked = (text: string, present: Things): string =>
  text
    .replaceAll(/"@written:([^@]*)@"/g, '$1')
    .replaceAll(/"@list:(\d+)@"/g, (_, depth) => '['.repeat(depth) + ']'.repeat(depth))
    .replaceAll(/"@object:(\d+)@"/g, (_, depth) => `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`)
    .replaceAll(/@long:(\d+)@/g, (_, length) => 'x'.repeat(length))
    .replaceAll(/@([a-z]+)@/g, (mark, thing: string) =>
      Object.hasOwn(present, thing) ? Reflect.get(present, thing) : mark,
    );
