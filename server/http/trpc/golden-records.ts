// goldenRecords.*: translated to the service, nothing decided here.
import { z } from 'zod';
import { objectId } from '../../finetuning/contract/fields.ts';
import { addInput, goldenRecord, listQuery } from '../../finetuning/contract/golden-records.ts';
import { viewGoldenRecord } from '../../finetuning/view.ts';
import { procedure, router } from './base.ts';

export const goldenRecords = router({
  add: procedure
    .input(addInput)
    .output(z.array(goldenRecord))
    .mutation(async ({ ctx, input }) => (await ctx.service.goldenRecords.add(input)).map(viewGoldenRecord)),

  list: procedure
    .input(listQuery.prefault({}))
    .output(z.array(goldenRecord))
    .query(async ({ ctx, input: { limit, after, ...filter } }) =>
      (await ctx.service.goldenRecords.list(filter, { limit, after })).map(viewGoldenRecord),
    ),

  delete: procedure
    .input(z.object({ id: objectId }))
    .output(z.object({ status: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.service.goldenRecords.delete(input.id);
      return { status: true as const };
    }),
});
