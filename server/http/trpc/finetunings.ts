// finetunings.*: translated to the service, nothing decided here.
import { tracked } from '@trpc/server';
import { z } from 'zod';
import { objectId } from '../../finetuning/contract/fields.ts';
import {
  cancelInput,
  createdFinetuning,
  createInput,
  eventId,
  eventsQuery,
  type FinetuningView,
  finetuning,
  idempotencyKey,
  LONGEST_WAIT_MS,
  listQuery,
  timelineEvent,
  updateInput,
} from '../../finetuning/contract/finetunings.ts';
import { logs, logsQuery } from '../../finetuning/contract/logs.ts';
import { MOST_KEYS, merged } from '../../finetuning/lifecycle/metadata.ts';
import { allows } from '../../finetuning/principal.ts';
import type { TimelineEvent } from '../../finetuning/record.ts';
import { viewEvent, viewFinetuning, viewMade } from '../../finetuning/view.ts';
import { warned } from '../fields/warnings.ts';
import { type Context, changing, reading, router, stopping } from './base.ts';
import { bulkCancelProcedure } from './bulk-cancels.ts';
import { NOTHING_MORE, streaming } from './streaming.ts';

const one = z.strictObject({ id: objectId });
/** Not strict, as no stop is. */
const stopped = z.object({ id: objectId });
const wait_ms = z.number().int().min(0).max(LONGEST_WAIT_MS).optional().meta({
  description:
    'How long to wait for proof, in milliseconds; default CANCEL_WAIT_MS of the server. @goldtune/client asks for 5000, or half the limit of the call where that is less.',
});

const lastEventId = eventId
  .nullish()
  .meta({ description: 'Only events after this one; left out: all from the first.' });

/** How long the answer to what is stored waits for the ids of its records. */
const IDS_MS = 5000;
/** The answer to a stop comes within its wait and two seconds. */
const BEYOND_WAIT_MS = 1800;

const stopOptions = cancelInput.omit({ finetuning_id: true }).extend({ wait_ms });

type Said = Pick<z.output<typeof stopOptions>, 'reason' | 'metadata'>;

/** What of a cancel was not kept, for whoever gave it to know. */
function notKept(run: FinetuningView, said: Said) {
  const warnings = [reasonNotKept(run, said), metadataNotKept(run, said)].filter((warning) => warning !== null);
  return warnings.length > 0 ? { warnings } : {};
}

/** I8: the reason given first stays. */
function reasonNotKept({ cancellation }: FinetuningView, { reason }: Said): string | null {
  if (!reason || !cancellation || cancellation.reason === reason) return null;
  const kept =
    cancellation.reason === null ? 'it was stopped without one' : `the one given first is kept: ${cancellation.reason}`;
  return `reason was ignored: ${kept}`;
}

/** A run stops all the same. */
const metadataNotKept = (run: FinetuningView, { metadata }: Said): string | null =>
  metadata && merged(run.metadata, metadata) === null
    ? `metadata was ignored: with it the run would have more than ${MOST_KEYS} keys`
    : null;

export const finetunings = router({
  create: changing(createInput.extend({ idempotency_key: idempotencyKey.nullish() }))
    .meta({
      description:
        'Starts a run on golden records. With an idempotency key, repeating the call answers with the run it made, marked `replayed`.',
    })
    .output(createdFinetuning)
    .mutation(async ({ ctx: { service }, input: { idempotency_key, ...input } }) => {
      const made = await service.finetunings.create(input, idempotency_key ?? null);
      return viewMade(await service.finetunings.withRecordsWithin(made, IDS_MS));
    }),

  get: reading(one)
    .meta({
      description: 'The run as goldtune last recorded it; never asks the provider. Fails with not_found.',
      yields: finetuning,
    })
    // Of our own making: to look at all of it again takes as long as to read it.
    .query(
      async ({ ctx, input }): Promise<FinetuningView> => viewFinetuning(await ctx.service.finetunings.get(input.id)),
    ),

  list: reading(listQuery.prefault({}))
    .meta({
      description:
        'Newest first, a page at a time, without the ids of their records: pass the last id as `after`, until a page is empty.',
      yields: z.array(finetuning),
    })
    .query(async ({ ctx, input: { limit, after, model, ...filter } }): Promise<FinetuningView[]> => {
      const found = await ctx.service.finetunings.list({ ...filter, model_name: model }, { limit, after });
      return found.map(viewFinetuning);
    }),

  update: changing(updateInput.extend(one.shape))
    .meta({ description: 'Changes alias or metadata; touches nothing else.' })
    .output(finetuning)
    .mutation(async ({ ctx: { service }, input: { id, ...input } }) => {
      const updated = await service.finetunings.update(id, input);
      return viewFinetuning(await service.finetunings.withRecordsWithin(updated, IDS_MS));
    }),

  cancel: stopping(stopOptions.extend(stopped.shape), 'cancel')
    .meta({
      description:
        'Stops a run. The wish is stored before anything else and never lost; the answer says `cancelled` only once that is proven, else `cancellation.state` is `requested` and it goes on being pursued. Idempotent. Fails with already_succeeded or already_failed where it is too late.',
    })
    .output(finetuning.and(warned))
    .mutation(async ({ ctx, input: { id, ...request } }) => {
      const { finetunings } = ctx.service;
      const wait = request.wait_ms ?? ctx.cancel_wait_ms;
      const asked = performance.now();
      const run = await finetunings.cancel(id, { ...request, wait_ms: wait });
      const left_ms = asked + wait + BEYOND_WAIT_MS - performance.now();
      const cancelled = viewFinetuning(await finetunings.withRecordsWithin(run, left_ms));
      return { ...cancelled, ...notKept(cancelled, request) };
    }),

  cancelMany: stopping(stopOptions.extend({ ids: z.array(objectId).min(1).max(100) }), 'cancel')
    .meta({
      description:
        'Cancels up to 100 runs: one answer an id, in order; one that cannot be cancelled does not keep the others from it.',
    })
    .output(
      z.array(
        warned.extend({
          id: objectId,
          finetuning: finetuning.nullable(),
          error: z.object({ reason: z.string(), message: z.string() }).nullable(),
        }),
      ),
    )
    .mutation(async ({ ctx, input: { ids, ...request } }) => {
      const wait_ms = request.wait_ms ?? ctx.cancel_wait_ms;
      const answers = await ctx.service.finetunings.cancelMany(ids, { ...request, wait_ms });
      return answers.map(({ id, finetuning, error }) => {
        const shown = finetuning && viewFinetuning(finetuning);
        if (error) return { id, finetuning: shown, error: { reason: error.code, message: error.message } };
        return { id, finetuning: shown, error: null, ...(shown && notKept(shown, request)) };
      });
    }),

  bulkCancel: bulkCancelProcedure,

  delete: stopping(stopped.extend({ wait_ms }), 'run', 'cancel')
    .meta({
      description:
        'Cancels, removes the training file at the provider, then forgets the run. `forgotten: false`: that is under way and will be finished.',
    })
    .output(warned.extend({ status: z.literal(true), forgotten: z.boolean() }))
    .mutation(async ({ ctx, input }) => {
      const { forgotten } = await ctx.service.finetunings.delete(input.id, input.wait_ms ?? ctx.cancel_wait_ms);
      return { status: true as const, forgotten };
    }),

  events: reading(eventsQuery.extend(one.shape))
    .meta({
      description:
        'What happened to a run, oldest first, a page at a time: pass the last id as `after`, until a page is empty.',
    })
    .output(z.array(timelineEvent))
    .query(async ({ ctx, input: { id, ...page } }) =>
      (await ctx.service.finetunings.events(id, page)).map((event) => viewEvent(event, told(ctx))),
    ),

  logs: reading(logsQuery.extend(one.shape))
    .meta({
      description:
        "The end of what a run's trainer has printed, from its provider, as plain text. Fails with no_logs where there are none, in words that say why.",
    })
    .output(logs)
    .query(({ ctx, input: { id, tail_bytes } }) => ctx.service.finetunings.logs(id, tail_bytes)),

  watch: streaming(one.extend({ lastEventId }))
    .meta({
      description:
        'The events of a run, each once and in order, until it has ended. Goes on after `lastEventId` when a connection was cut.',
      yields: timelineEvent,
    })
    .subscription(async ({ ctx, input }) => {
      const events = await ctx.service.finetunings.watch(input.id, input.lastEventId ?? 0, ctx.signal);
      return events ? shown(events, told(ctx)) : NOTHING_MORE;
    }),
});

const told = ({ principal }: Context) => ({ tellsFrom: allows(principal, 'admin') });

async function* shown(events: AsyncIterable<TimelineEvent>, whom: ReturnType<typeof told>) {
  for await (const event of events) yield tracked(String(event.version), viewEvent(event, whom));
}
