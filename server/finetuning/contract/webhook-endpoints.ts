// Webhook endpoints and their deliveries on the wire. A secret is answered where it is made, and never again.
import { z } from 'zod';
import { webhookTypes } from '../webhooks/kinds.ts';
import { finetuningId, idOf, text, utcTime, withDefault } from './fields.ts';

export const webhookEndpointId = idOf('Id of the webhook endpoint', '6579f0a1eb4e22533dc44001');
export const deliveryId = idOf('Id of the delivery, which is its `webhook-id`', '0006447c1b2f8a3d5e7f9012');

const forUrl = {
  description:
    'Where it is sent to, by POST. https, at a public address: one of this network needs `WEBHOOK_PRIVATE_ADDRESSES=allow`.',
  example: 'https://hooks.example.com/goldtune',
};
const forDescription = { description: 'For people.', example: 'Tells the training channel' };
const forTypes = {
  description: 'What is told. Null: everything, also what a later version tells.',
  example: ['finetuning.cancelled', 'finetuning.stuck'],
};
const forEnabled = {
  description: 'While it is false nothing is written for it, and what was written before waits.',
  example: true,
};

const url = text(2000).trim().min(1).meta(forUrl);
const description = text(200).nullish().meta(forDescription);
const types = z.array(z.enum(webhookTypes)).min(1).max(webhookTypes.length).nullish().meta(forTypes);

export const createInput = z
  .strictObject({ url, description, types })
  .meta({ id: 'CreateWebhookEndpoint', description: 'Where to tell of runs, and what of them.' });
export type CreateInput = z.infer<typeof createInput>;

export const updateInput = z
  .strictObject({ url: url.optional(), description, types, enabled: z.boolean().optional().meta(forEnabled) })
  .meta({ id: 'UpdateWebhookEndpoint', description: 'What is left out stays.' });
export type UpdateInput = z.infer<typeof updateInput>;

const DAY_MS = 24 * 60 * 60 * 1000;
const forOverlap = {
  description: 'For how long the secret before signs too, in milliseconds; a webhook has a signature of each then.',
  example: DAY_MS,
};

export const rotateInput = z
  .strictObject({
    overlap_ms: withDefault(
      z
        .number()
        .int()
        .min(0)
        .max(30 * DAY_MS),
      DAY_MS,
    ).meta(forOverlap),
  })
  .meta({ id: 'RotateWebhookSecret', description: 'All of it may be left out, and so may the body.' });

export const webhookEndpoint = z
  .object({
    id: webhookEndpointId,
    url: z.string().meta(forUrl),
    description: z.string().nullable().meta(forDescription),
    types: z.array(z.string()).nullable().meta(forTypes),
    enabled: z.boolean().meta(forEnabled),
    disabled_reason: z.string().nullable().meta({
      description: 'Why it was disabled by itself; null where it was not.',
      example: 'The receiver answered 410: there is nobody any more.',
    }),
    previous_secret_until: utcTime.nullable().meta({
      description: 'Until when the secret before signs too; null where it does not.',
      example: '2026-11-21T17:35:53.263Z',
    }),
    created_at: utcTime,
    updated_at: utcTime,
  })
  .meta({ id: 'WebhookEndpoint', description: 'Where changes of runs are told.' });

export const endpointWithSecret = webhookEndpoint
  .extend({
    secret: z.string().meta({
      description: 'Signs what is sent, as Standard Webhooks has it. It is shown this once.',
      example: 'whsec_bm90IGEgc2VjcmV0OiBhbiBleGFtcGxlIG9mIG9uZQ==',
    }),
  })
  .meta({ id: 'WebhookEndpointWithSecret', description: 'An endpoint, with a secret that was just made.' });

const lastAttempt = z
  .object({
    at: utcTime,
    duration_ms: z.number().meta({ description: 'How long it took.', example: 84 }),
    status: z
      .number()
      .nullable()
      .meta({ description: 'The HTTP status of the answer; null where none came.', example: 503 }),
    answer: z.string().nullable().meta({ description: 'How the answer begins.', example: 'upstream is down' }),
    error: z.string().nullable().meta({ description: 'What was wrong; null where it was taken.', example: 'HTTP 503' }),
  })
  .meta({ id: 'DeliveryAttempt', description: 'The last attempt to deliver.' });

export const delivery = z
  .object({
    id: deliveryId,
    type: z.string().meta({ description: 'What it tells.', example: 'finetuning.cancelled' }),
    finetuning_id: finetuningId.nullable().meta({ description: 'Of which run; null: it is a ping.' }),
    version: z
      .number()
      .meta({ description: 'The event of the run that it tells, by its id; 0 of a ping.', example: 4 }),
    state: z.enum(['pending', 'delivered', 'given_up']).meta({
      description: 'pending: it is sent until it is taken, for a day. given_up: it was not; send it again by hand.',
      example: 'pending',
    }),
    attempts: z
      .number()
      .meta({ description: 'How often it was tried, since it was last asked for by hand.', example: 2 }),
    next_at: utcTime.nullable().meta({
      description: 'When it is tried next, at the earliest: after those before it of its run. Null: not any more.',
    }),
    created_at: utcTime,
    last_attempt: lastAttempt.nullable().meta({ description: 'Null where there was none yet.' }),
  })
  .meta({ id: 'Delivery', description: 'A webhook: what it tells, and what came of it.' });
