// What is sent to webhook endpoints, as the OpenAPI document tells those who receive it.
import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { webhookMessage } from '../../../finetuning/contract/webhook-message.ts';
import { messageExample } from '../examples/webhooks.ts';

const headers = z.object({
  'webhook-id': z.string().meta({
    description: 'Of the delivery: the same at every attempt. What was taken under it before is to be taken for taken.',
    example: '0006447c1b2f8a3d5e7f9012',
  }),
  'webhook-timestamp': z.string().meta({
    description: 'When it was sent, in seconds since 1970; the signature is of it too.',
    example: '1795800953',
  }),
  'webhook-signature': z.string().meta({
    description: 'One for each secret that is valid, parted by a space.',
    example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  }),
});

export const webhooks: ZodOpenApiPathsObject = {
  finetuning: {
    post: {
      operationId: 'receiveWebhook',
      tags: ['Webhooks'],
      summary: 'A change of a run is told',
      description:
        'Sent to each endpoint that asks for its type, in the order of the run, until it is taken or a day has passed. Verify it with a library of Standard Webhooks.',
      security: [],
      requestParams: { header: headers },
      requestBody: {
        required: true,
        content: { 'application/json': { schema: webhookMessage, examples: { cancelled: messageExample } } },
      },
      responses: {
        '2XX': { description: 'It is taken; what the body says is kept in the log of deliveries.' },
        '4XX': { description: 'It is not, and is sent again later; 410: nothing more is to be sent.' },
      },
    },
  },
};
