// What is told to webhook endpoints. Which event of a run is told as which, the trigger says that writes them with it
// (drizzle/migrations/0018_order_of_webhooks.sql).

export const webhookTypes = [
  'finetuning.status_changed',
  'finetuning.cancel_requested',
  'finetuning.cancelled',
  'finetuning.cancel_too_late',
  'finetuning.stuck',
] as const;
export type WebhookType = (typeof webhookTypes)[number];

/** Asked for by hand, of no run. */
export const PING = 'ping';
