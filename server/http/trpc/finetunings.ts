// finetunings.*: translated to the service, nothing decided here.
import { tracked } from '@trpc/server';
import { z } from 'zod';
import { objectId } from '../../finetuning/contract/fields.ts';
import {
  cancelInput,
  createInput,
  eventsQuery,
  finetuning,
  listQuery,
  timelineEvent,
  updateInput,
} from '../../finetuning/contract/finetunings.ts';
import { DomainError } from '../../finetuning/errors.ts';
import { viewEvent, viewFinetuning } from '../../finetuning/view.ts';
import { procedure, router, translatedStream } from './base.ts';

const one = z.object({ id: objectId });
/** The longest a caller may wait in one request. */
const wait_ms = z
  .number()
  .int()
  .min(0)
  .max(120_000)
  .optional()
  .meta({ description: 'How long to wait for proof, in milliseconds; default CANCEL_WAIT_MS.' });

const lastEventId = z.coerce
  .number()
  .int()
  .min(0)
  .nullish()
  .meta({ description: 'Only events after this one; left out: all from the first.' });

const stopOptions = cancelInput.omit({ finetuning_id: true }).extend({ wait_ms });

export const finetunings = router({
  create: procedure
    .input(createInput.extend({ idempotency_key: z.string().min(1).max(255).nullish() }))
    .output(finetuning)
    .mutation(async ({ ctx, input: { idempotency_key, ...input } }) =>
      viewFinetuning(await ctx.service.finetunings.create(input, idempotency_key ?? null)),
    ),

  get: procedure
    .input(one)
    .output(finetuning)
    .query(async ({ ctx, input }) => viewFinetuning(await ctx.service.finetunings.get(input.id))),

  list: procedure
    .input(listQuery.prefault({}))
    .output(z.array(finetuning))
    .query(async ({ ctx, input: { limit, after, model, ...filter } }) => {
      const found = await ctx.service.finetunings.list({ ...filter, model_name: model }, { limit, after });
      return found.map(viewFinetuning);
    }),

  update: procedure
    .input(updateInput.extend(one.shape))
    .output(finetuning)
    .mutation(async ({ ctx, input: { id, ...input } }) =>
      viewFinetuning(await ctx.service.finetunings.update(id, input)),
    ),

  cancel: procedure
    .input(stopOptions.extend(one.shape))
    .output(finetuning)
    .mutation(async ({ ctx, input: { id, ...request } }) =>
      viewFinetuning(
        await ctx.service.finetunings.cancel(id, { ...request, wait_ms: request.wait_ms ?? ctx.cancel_wait_ms }),
      ),
    ),

  /** One answer an id, in order; one that cannot be cancelled does not keep the others from it. */
  cancelMany: procedure
    .input(stopOptions.extend({ ids: z.array(objectId).min(1).max(100) }))
    .output(
      z.array(
        z.object({
          id: objectId,
          finetuning: finetuning.nullable(),
          error: z.object({ reason: z.string(), message: z.string() }).nullable(),
        }),
      ),
    )
    .mutation(async ({ ctx, input: { ids, ...request } }) => {
      const wait = request.wait_ms ?? ctx.cancel_wait_ms;
      return Promise.all(
        ids.map(async (id) => {
          try {
            const cancelled = await ctx.service.finetunings.cancel(id, { ...request, wait_ms: wait });
            return { id, finetuning: viewFinetuning(cancelled), error: null };
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
            const known = error.finetuning && viewFinetuning(error.finetuning);
            return { id, finetuning: known, error: { reason: error.code, message: error.message } };
          }
        }),
      );
    }),

  delete: procedure
    .input(one.extend({ wait_ms }))
    .output(z.object({ status: z.literal(true), forgotten: z.boolean() }))
    .mutation(async ({ ctx, input }) => {
      const { forgotten } = await ctx.service.finetunings.delete(input.id, input.wait_ms ?? ctx.cancel_wait_ms);
      return { status: true as const, forgotten };
    }),

  events: procedure
    .input(eventsQuery.extend(one.shape))
    .output(z.array(timelineEvent))
    .query(async ({ ctx, input: { id, ...page } }) => (await ctx.service.finetunings.events(id, page)).map(viewEvent)),

  watch: procedure.input(one.extend({ lastEventId })).subscription(async function* ({ ctx, input, signal }) {
    for await (const event of translatedStream(
      ctx.service.finetunings.watch(input.id, input.lastEventId ?? 0, signal),
    )) {
      yield tracked(String(event.version), viewEvent(event));
    }
  }),
});
