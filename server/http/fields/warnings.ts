// What of a request was not heeded, and how the answer tells it: the one way for both transports.
import { z } from 'zod';
import { whyIgnored } from './ignored-field.ts';
import { notKnown } from './unknown.ts';

/** What an answer has beside its usual fields, only where something was ignored. */
export const warned = z.object({
  warnings: z
    .array(z.string().meta({ example: 'resaon is not known; did you mean reason? It was ignored.' }))
    .optional()
    .meta({ description: 'What of the request was ignored, and why; left out where nothing was.' }),
});

/** That there are others beyond these is told. */
const MOST_NAMED = 20;

/**
 * The fields of a value that its schema lets pass and does not read: those it ignores by name, and, unless it refuses
 * them, those it does not know. Null in a field that is ignored by name means left out, as everywhere.
 */
export function ignoredIn(schema: z.ZodType, value: unknown): string[] {
  if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null) return [];
  const named: string[] = [];
  // In a body there can be a million, and nobody is served meanwhile: it looks no farther than it tells.
  for (const name in value) {
    const isKnown = Object.hasOwn(schema.shape, name);
    const why = isKnown ? whyIgnored(schema.shape[name]) : null;
    if (isKnown && (why === null || Reflect.get(value, name) === null)) continue;
    if (named.length === MOST_NAMED) return [...named, 'And more were ignored.'];
    named.push(
      why === null
        ? `${notKnown(name, schema).replace(/[^?]$/, '$&.')} It was ignored.`
        : `${name} was ignored: ${why}.`,
    );
  }
  return named;
}

/** A value that was read, without the fields that are ignored by name: nothing behind the transport sees them. */
export const heeded = (schema: z.ZodType, value: unknown): unknown =>
  schema instanceof z.ZodObject && typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).filter(([name]) => whyIgnored(schema.shape[name]) === null))
    : value;

/** An answer that is a list has an item for each thing asked, and each of them tells it. */
export function withWarnings(answer: unknown, warnings: readonly string[]): unknown {
  if (warnings.length === 0 || typeof answer !== 'object' || answer === null) return answer;
  if (Array.isArray(answer)) return answer.map((item) => withWarnings(item, warnings));
  const { warnings: told = [] } = warned.parse(answer);
  return { ...answer, warnings: [...told, ...warnings] };
}
