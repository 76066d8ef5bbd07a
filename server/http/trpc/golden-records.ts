// goldenRecords.*: translated to the service, nothing decided here.
import { z } from 'zod';
import { objectId } from '../../finetuning/contract/fields.ts';
import { addedGoldenRecord, addInput, goldenRecord, listQuery } from '../../finetuning/contract/golden-records.ts';
import { viewAdded, viewGoldenRecord } from '../../finetuning/view.ts';
import { warned } from '../fields/warnings.ts';
import { changing, reading, router, stopping } from './base.ts';

const one = z.strictObject({ id: objectId });

export const goldenRecords = router({
  add: changing(addInput)
    .meta({
      description:
        'Adds up to 50,000 records, all or none. An exact duplicate comes back as the record that exists, marked `duplicate`; SQL that the parser of the dialect cannot read is kept and flagged in `warnings`.',
      // Its type says it: fifty thousand records are not held against a schema once more on their way out.
      yields: z.array(addedGoldenRecord),
    })
    .mutation(
      async ({ ctx, input, signal }): Promise<z.output<typeof addedGoldenRecord>[]> =>
        (await ctx.service.goldenRecords.add(input, signal)).map(viewAdded),
    ),

  get: reading(one)
    .meta({
      description:
        'One golden record, a hidden one too, so that what a run was trained on can be read. Fails with not_found.',
    })
    .output(goldenRecord)
    .query(async ({ ctx, input }) => viewGoldenRecord(await ctx.service.goldenRecords.get(input.id))),

  list: reading(listQuery.prefault({}))
    .meta({ description: 'Newest first, a page at a time: pass the last id as `after`, until a page is empty.' })
    .output(z.array(goldenRecord))
    .query(async ({ ctx, input: { limit, after, page, ...filter } }) =>
      (await ctx.service.goldenRecords.list(filter, { limit, after, page })).map(viewGoldenRecord),
    ),

  delete: stopping(z.object({ id: objectId }), 'run')
    .meta({ description: 'Hides a record from new runs; it can still be got by its id.' })
    .output(warned.extend({ status: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.service.goldenRecords.delete(input.id);
      return { status: true as const };
    }),
});
