// An example webhook endpoint, and a delivery to it.
import type { z } from 'zod';
import type { delivery, endpointWithSecret, webhookEndpoint } from '../../../finetuning/contract/webhook-endpoints.ts';
import type { WebhookMessage } from '../../../finetuning/contract/webhook-message.ts';

const channel: z.infer<typeof webhookEndpoint> = {
  id: '6579f0a1eb4e22533dc44001',
  url: 'https://hooks.example.com/goldtune',
  description: 'Tells the training channel',
  types: ['finetuning.cancelled', 'finetuning.stuck'],
  enabled: true,
  disabled_reason: null,
  previous_secret_until: null,
  created_at: '2026-11-20T17:20:15.730Z',
  updated_at: '2026-11-20T17:20:15.730Z',
};
const made: z.infer<typeof endpointWithSecret> = {
  ...channel,
  secret: 'whsec_bm90IGEgc2VjcmV0OiBhbiBleGFtcGxlIG9mIG9uZQ==',
};
const told: z.infer<typeof delivery> = {
  id: '0006447c1b2f8a3d5e7f9012',
  type: 'finetuning.cancelled',
  finetuning_id: '6579eb79eb4e22533dc43fe0',
  version: 12,
  state: 'delivered',
  attempts: 2,
  next_at: null,
  created_at: '2026-11-20T17:35:53.263Z',
  last_attempt: { at: '2026-11-20T17:35:59.101Z', duration_ms: 84, status: 204, answer: '', error: null },
};

const { url, types } = channel;

export const examplesOfAdd = {
  all: { summary: 'Everything is told', value: { url } },
  some: { summary: 'Some of it', value: { url, types } },
};
export const examplesOfChange = { disabled: { summary: 'Nothing more for now', value: { enabled: false } } };
export const examplesOfRotate = {
  at_once: { summary: 'The old one is known to others', value: { overlap_ms: 0 } },
};

export const endpoint = { summary: 'The endpoint', value: channel };
export const endpointPage = { summary: 'One endpoint', value: [channel] };
export const madeEndpoint = { summary: 'With its secret', value: made };
export const disabled = { summary: 'Disabled', value: { ...channel, enabled: false } };
export const rotated = {
  summary: 'With the new secret',
  value: { ...made, previous_secret_until: '2026-11-21T17:20:15.730Z' },
};

export const deliveryPage = { summary: 'One, taken at the second attempt', value: [told] };
export const waiting = {
  summary: 'To be sent',
  value: { ...told, state: 'pending', attempts: 0, next_at: '2026-11-20T18:02:00.000Z' },
};
export const ping = {
  summary: 'To be sent',
  value: {
    ...told,
    type: 'ping',
    finetuning_id: null,
    version: 0,
    state: 'pending',
    attempts: 0,
    next_at: '2026-11-20T17:35:53.263Z',
    last_attempt: null,
  },
};

const message: WebhookMessage = {
  type: 'finetuning.cancelled',
  timestamp: '2026-11-20T17:35:53.263Z',
  data: {
    id: '6579eb79eb4e22533dc43fe0',
    version: 12,
    alias: 'my_model',
    status: 'cancelled',
    error: 'Fine tuning cancelled by the user',
    finetuning_job_id: 'ftjob-Zk2qP0sVbN7c',
    model_id: null,
    metadata: { team: 'analytics' },
    cancellation: {
      state: 'confirmed',
      requested_at: '2026-11-20T17:35:51.020Z',
      requested_by: 'on call',
      requester: { who: 'key', id: '656a1c10eb4e22533dc44001' },
      reason: "trained on last week's schema",
      confirmed_at: '2026-11-20T17:35:53.263Z',
      evidence: 'provider_cancelled',
      provider_status: 'cancelled',
      trained_tokens: 1248,
    },
    waiting: null,
  },
};
export const messageExample = { summary: 'A cancel is proven', value: message };
