// What a schema says of a request, as FastAPI names it.
import type { z } from 'zod';
import type { FieldError, Location } from '../finetuning/errors.ts';

/** Where in the request a schema was not met. */
export const fieldErrors = (error: z.ZodError, within: Location): FieldError[] =>
  error.issues.map((issue) => ({
    loc: [...within, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))],
    // Of a key itself, zod says only that it is invalid.
    msg: (issue.code === 'invalid_key' ? issue.issues[0] : null)?.message ?? issue.message,
    type: issue.code,
  }));
