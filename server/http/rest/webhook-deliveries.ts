// What was told to a webhook endpoint, and what came of it; and telling it something by hand.
import { z } from 'zod';
import { givenId, pageQuery } from '../../finetuning/contract/fields.ts';
import { delivery, deliveryId } from '../../finetuning/contract/webhook-endpoints.ts';
import { deliveryPage, ping, waiting } from './examples/webhooks.ts';
import { knownForm } from './known-form.ts';
import { linkHeader, nextLink } from './paging.ts';
import { type Route, route } from './route.ts';
import { BASE, byId, known } from './webhook-endpoints.ts';

const tag = 'Webhooks' as const;
const byBoth = byId.extend({ delivery_id: givenId(deliveryId) });

export const deliveryRoutes: Route[] = [
  route(
    'post',
    `${BASE}/{id}/ping`,
    { params: byId },
    {
      operationId: 'pingWebhookEndpoint',
      summary: 'Send a test to a webhook endpoint',
      description:
        'Of type `ping`, signed and delivered as all others are: what came of it, the log of deliveries says in a moment.',
      tag,
      answers: { 202: { description: 'It will be sent.', schema: delivery, examples: { ping } } },
      errors: ['not_found'],
    },
    async ({ caller, params }) => ({ status: 202, body: await caller.webhookEndpoints.ping({ id: known(params) }) }),
  ),

  route(
    'get',
    `${BASE}/{id}/deliveries`,
    { params: byId, query: pageQuery },
    {
      operationId: 'listWebhookDeliveries',
      summary: 'List what was told to a webhook endpoint, newest first',
      description: 'Each with how often it was tried, the last answer, and when it is tried next.',
      tag,
      answers: {
        200: {
          description: 'A page.',
          schema: z.array(delivery),
          examples: { page: deliveryPage },
          headers: linkHeader,
        },
      },
      errors: ['not_found'],
    },
    async ({ caller, params, query }) => {
      const id = known(params);
      const list = (page: typeof query) => caller.webhookEndpoints.deliveries({ ...page, id });
      const found = await list(query);
      return { body: found, headers: await nextLink(query, found, list) };
    },
  ),

  route(
    'post',
    `${BASE}/{id}/deliveries/{delivery_id}/redeliver`,
    { params: byBoth },
    {
      operationId: 'redeliverWebhook',
      summary: 'Send a webhook again',
      description:
        'Whatever came of it before, and under the same `webhook-id`: before what of the same run is still to be sent.',
      tag,
      answers: { 202: { description: 'It will be sent.', schema: delivery, examples: { waiting } } },
      errors: ['not_found'],
    },
    async ({ caller, params }) => {
      const delivery_id = knownForm('Delivery', params.delivery_id);
      return { status: 202, body: await caller.webhookEndpoints.redeliver({ id: known(params), delivery_id }) };
    },
  ),
];
