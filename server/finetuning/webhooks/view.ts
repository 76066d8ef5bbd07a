// Endpoints and deliveries as the wire shows them.
import type { Delivery, WebhookEndpoint } from './store.ts';

export const viewEndpoint = (endpoint: WebhookEndpoint) => ({
  id: endpoint.id,
  url: endpoint.url,
  description: endpoint.description,
  types: endpoint.types && [...endpoint.types],
  enabled: endpoint.enabled,
  disabled_reason: endpoint.disabled_reason,
  previous_secret_until: endpoint.previous_until,
  created_at: endpoint.created_at,
  updated_at: endpoint.updated_at,
});

/** Where it was just made. */
export const viewWithSecret = (endpoint: WebhookEndpoint) => ({ ...viewEndpoint(endpoint), secret: endpoint.secret });

export const viewDelivery = (delivery: Delivery) => ({
  id: delivery.id,
  type: delivery.type,
  finetuning_id: delivery.finetuning_id,
  version: delivery.version,
  state: delivery.state === 'delivered' || delivery.state === 'given_up' ? delivery.state : ('pending' as const),
  attempts: delivery.attempts,
  next_at: delivery.state === 'pending' ? delivery.due_at : null,
  created_at: delivery.created_at,
  last_attempt:
    delivery.last_attempt_at === null
      ? null
      : {
          at: delivery.last_attempt_at,
          duration_ms: delivery.last_duration_ms ?? 0,
          status: delivery.last_status,
          answer: delivery.last_answer,
          error: delivery.last_error,
        },
});
