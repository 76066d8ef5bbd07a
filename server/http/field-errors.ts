// What a schema says of a request, as FastAPI names it.
import type { z } from 'zod';
import type { FieldError, Location } from '../finetuning/errors.ts';

/** Where in the request a schema was not met. */
export const fieldErrors = (error: z.ZodError, within: Location): FieldError[] =>
  error.issues.map((issue) => ({
    loc: [...within, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))],
    msg: issue.message,
    type: issue.code,
  }));
