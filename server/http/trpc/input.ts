// What a procedure takes, read as REST reads it: in the same words, and each field called by the same place.
import type { z } from 'zod';
import { readFields } from '../fields/read.ts';
import { unmet } from '../fields/unmet.ts';

/** What tRPC asks of a parser (Standard Schema), with the schema beside it for what is made from it. */
type Input<S extends z.ZodType> = {
  schema: S;
  '~standard': {
    version: 1;
    vendor: string;
    /** For the compiler alone. */
    types?: { input: z.input<S>; output: z.output<S> };
    validate: (value: unknown) => Promise<{ value: z.output<S> }>;
  };
};

/** Given to tRPC as it is, a schema would be answered for in the words of zod. */
export const inputOf = <S extends z.ZodType>(schema: S, part: 'body' | 'query'): Input<S> => ({
  schema,
  '~standard': {
    version: 1,
    vendor: 'goldtune',
    async validate(value) {
      const read = await readFields(schema, value, [part]);
      if (!read.ok) throw unmet(read.errors);
      return { value: read.value };
    },
  },
});
