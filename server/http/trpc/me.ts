// me.*: who asks, in their own words.
import { z } from 'zod';
import { me as schema } from '../../finetuning/contract/people.ts';
import { readingAnything, router } from './base.ts';

export const me = router({
  get: readingAnything(z.strictObject({}).prefault({}))
    .meta({ description: 'Who the key or the cookie of this request stands for, where, and with which scopes.' })
    .output(schema)
    .query(async ({ ctx }) => {
      const { scopes, ...told } = await ctx.service.me();
      return { ...told, scopes: [...scopes] };
    }),
});
