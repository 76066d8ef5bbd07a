// What a schema asks for, whatever is around it.
import { z } from 'zod';

/** The schema of what may be null, or left out, or is changed after it was read. */
export function unwrapped(schema: unknown): unknown {
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in);
  const wraps =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return wraps ? unwrapped(schema.unwrap()) : schema;
}

/** Which object it asks for. */
export function objectIn(schema: unknown): z.ZodObject | null {
  const bare = unwrapped(schema);
  return bare instanceof z.ZodObject ? bare : null;
}
