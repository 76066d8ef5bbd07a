// bulkCancels.* and finetunings.bulkCancel: translated to the service, nothing decided here.
import { z } from 'zod';
import { demand } from '../../finetuning/admission.ts';
import type { Choice } from '../../finetuning/bulk/bulk-cancel.ts';
import { viewBulkCancel, viewPreview } from '../../finetuning/bulk/view.ts';
import { bulkCancel, bulkCancelInput, bulkCancelPreview, bulkRun } from '../../finetuning/contract/bulk-cancels.ts';
import { objectId, pageQuery } from '../../finetuning/contract/fields.ts';
import { idempotencyKey } from '../../finetuning/contract/finetunings.ts';
import { invalid } from '../../finetuning/errors.ts';
import { reading, router, stopping } from './base.ts';

const one = z.strictObject({ id: objectId });
const begun = bulkCancel.extend({ dry_run: z.literal(false), replayed: z.boolean() });

function choiceOf({ ids, where, all }: z.infer<typeof bulkCancelInput>): Choice {
  if (ids) return { by: 'ids', ids };
  if (where) return { by: 'where', where };
  if (all) return { by: 'all' };
  throw invalid(['body'], 'give exactly one of ids, where and all: which runs are meant');
}

/** Under `finetunings`, beside the cancel of one. */
export const bulkCancelProcedure = stopping(
  bulkCancelInput.safeExtend({ idempotency_key: idempotencyKey.nullish() }),
  'cancel',
)
  .meta({
    description:
      'Stops many runs by one wish, which is kept as a record of its own before anything else: chosen by `ids`, by `where`, or `all`. With `dry_run` it only says what it would stop. With an idempotency key, repeating the call answers with the record it made, marked `replayed`.',
  })
  .output(z.discriminatedUnion('dry_run', [bulkCancelPreview, begun]))
  .mutation(async ({ ctx, input }) => {
    const { bulkCancels } = ctx.service;
    const as_of = input.as_of ?? null;
    if (input.dry_run) {
      // It shows runs, as a list does.
      demand(ctx.principal, ['read']);
      return viewPreview(await bulkCancels.preview(choiceOf(input), as_of));
    }
    const { replayed, ...made } = await bulkCancels.start({
      choice: choiceOf(input),
      as_of,
      reason: input.reason ?? null,
      idempotency_key: input.idempotency_key ?? null,
      wait_ms: ctx.cancel_wait_ms,
    });
    return { ...viewBulkCancel(made), dry_run: false as const, replayed };
  });

export const bulkCancels = router({
  get: reading(one)
    .meta({ description: 'How far a bulk cancel is. Fails with not_found.' })
    .output(bulkCancel)
    .query(async ({ ctx, input }) => viewBulkCancel(await ctx.service.bulkCancels.get(input.id))),

  list: reading(pageQuery.prefault({}))
    .meta({ description: 'Newest first, a page at a time: pass the last id as `after`, until a page is empty.' })
    .output(z.array(bulkCancel))
    .query(async ({ ctx, input }) => (await ctx.service.bulkCancels.list(input)).map(viewBulkCancel)),

  runs: reading(pageQuery.extend(one.shape))
    .meta({
      description:
        'What has become of each run that it took in, newest first, a page at a time: pass the last id as `after`, until a page is empty.',
    })
    .output(z.array(bulkRun))
    .query(({ ctx, input: { id, ...page } }) => ctx.service.bulkCancels.runs(id, page)),
});
