// webhookEndpoints.*: translated to the service, nothing decided here.
import { z } from 'zod';
import { objectId, pageQuery } from '../../finetuning/contract/fields.ts';
import {
  createInput,
  delivery,
  endpointWithSecret,
  rotateInput,
  updateInput,
  webhookEndpoint,
} from '../../finetuning/contract/webhook-endpoints.ts';
import { viewDelivery, viewEndpoint, viewWithSecret } from '../../finetuning/webhooks/view.ts';
import { warned } from '../fields/warnings.ts';
import { changing, reading, router, stopping } from './base.ts';

const one = z.strictObject({ id: objectId });

export const webhookEndpoints = router({
  create: changing(createInput, 'admin')
    .meta({
      description:
        'Adds an endpoint that changes of runs are told to. The secret that signs them is answered this once.',
    })
    .output(endpointWithSecret)
    .mutation(async ({ ctx, input }) => viewWithSecret(await ctx.service.webhookEndpoints.create(input))),

  get: reading(one, 'admin')
    .meta({ description: 'One endpoint. Fails with not_found.' })
    .output(webhookEndpoint)
    .query(async ({ ctx, input }) => viewEndpoint(await ctx.service.webhookEndpoints.get(input.id))),

  list: reading(pageQuery.prefault({}), 'admin')
    .meta({ description: 'Newest first, a page at a time: pass the last id as `after`, until a page is empty.' })
    .output(z.array(webhookEndpoint))
    .query(async ({ ctx, input }) => (await ctx.service.webhookEndpoints.list(input)).map(viewEndpoint)),

  update: changing(updateInput.extend(one.shape), 'admin')
    .meta({ description: 'Changes what is given. What was written for it before is sent to the new address.' })
    .output(webhookEndpoint)
    .mutation(async ({ ctx, input: { id, ...input } }) =>
      viewEndpoint(await ctx.service.webhookEndpoints.update(id, input)),
    ),

  rotateSecret: changing(rotateInput.extend(one.shape), 'admin')
    .meta({ description: 'Makes a new secret, answered this once; the one before signs too for an overlap.' })
    .output(endpointWithSecret)
    .mutation(async ({ ctx, input }) =>
      viewWithSecret(await ctx.service.webhookEndpoints.rotateSecret(input.id, input.overlap_ms)),
    ),

  delete: stopping(z.object(one.shape), 'admin')
    .meta({ description: 'Deletes an endpoint and its secrets. What waits for it is not sent.' })
    .output(warned.extend({ status: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.service.webhookEndpoints.delete(input.id);
      return { status: true as const };
    }),

  ping: changing(one, 'admin')
    .meta({ description: 'Sends a test, signed and delivered as all others are; the log says what came of it.' })
    .output(delivery)
    .mutation(async ({ ctx, input }) => viewDelivery(await ctx.service.webhookEndpoints.ping(input.id))),

  deliveries: reading(pageQuery.extend(one.shape), 'admin')
    .meta({ description: 'The log of an endpoint, newest first, each with its last answer.' })
    .output(z.array(delivery))
    .query(async ({ ctx, input: { id, ...page } }) =>
      (await ctx.service.webhookEndpoints.deliveries(id, page)).map(viewDelivery),
    ),

  redeliver: changing(one.extend({ delivery_id: objectId }), 'admin')
    .meta({ description: 'Sends a webhook again, under the same id, whatever came of it before.' })
    .output(delivery)
    .mutation(async ({ ctx, input }) =>
      viewDelivery(await ctx.service.webhookEndpoints.redeliver(input.id, input.delivery_id)),
    ),
});
