// Which object a schema asks for, whatever is around it.
import { z } from 'zod';

/** An object that may be null, or left out, or is changed after it was read. */
export function objectIn(schema: unknown): z.ZodObject | null {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPipe) return objectIn(schema.in);
  const wraps =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return wraps ? objectIn(schema.unwrap()) : null;
}
