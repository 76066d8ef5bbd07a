// Fields that published clients of the original service send and goldtune has no use for: taken by name, never read.
import { z } from 'zod';

const reasons = z.registry<{ why: string }>();

/** What is sent in it is neither stored nor logged, whatever it is; the answer says that it was ignored, and why. */
export const ignoredField = (why: string) =>
  z
    .unknown()
    .optional()
    .meta({
      deprecated: true,
      description: `Taken from clients of the original service and ignored: ${why}.`,
      example: null,
    })
    .register(reasons, { why });

/** Null: it is a field like any other. */
export const whyIgnored = (schema: unknown): string | null =>
  (schema instanceof z.ZodType ? reasons.get(schema)?.why : null) ?? null;
