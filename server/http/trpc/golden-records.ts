// goldenRecords.*: translated to the service, nothing decided here.
import { z } from 'zod';
import { objectId } from '../../finetuning/contract/fields.ts';
import { addInput, goldenRecord, listQuery } from '../../finetuning/contract/golden-records.ts';
import { viewGoldenRecord } from '../../finetuning/view.ts';
import { procedure, router } from './base.ts';

const one = z.object({ id: objectId });

export const goldenRecords = router({
  add: procedure
    .meta({
      description:
        'Adds up to 50,000 records, all or none. An exact duplicate comes back as the record that exists; SQL that the parser of the dialect cannot read is kept and flagged in `warnings`.',
    })
    .input(addInput)
    .output(z.array(goldenRecord))
    .mutation(async ({ ctx, input }) => (await ctx.service.goldenRecords.add(input)).map(viewGoldenRecord)),

  get: procedure
    .meta({
      description:
        'One golden record, a hidden one too, so that what a run was trained on can be read. Fails with not_found.',
    })
    .input(one)
    .output(goldenRecord)
    .query(async ({ ctx, input }) => viewGoldenRecord(await ctx.service.goldenRecords.get(input.id))),

  list: procedure
    .meta({ description: 'Newest first, a page at a time: pass the last id as `after`.' })
    .input(listQuery.prefault({}))
    .output(z.array(goldenRecord))
    .query(async ({ ctx, input: { limit, after, page, ...filter } }) =>
      (await ctx.service.goldenRecords.list(filter, { limit, after, page })).map(viewGoldenRecord),
    ),

  delete: procedure
    .meta({ description: 'Hides a record from new runs; it can still be got by its id.' })
    .input(one)
    .output(z.object({ status: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.service.goldenRecords.delete(input.id);
      return { status: true as const };
    }),
});
