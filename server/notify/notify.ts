// Webhooks out: the delivery, with the way things are sent.
import type { Clock, Log } from '../finetuning/dependencies.ts';
import { PAUSES_MS } from '../finetuning/webhooks/attempt.ts';
import type { OutboxStore } from '../finetuning/webhooks/store.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { createSend } from './send.ts';

const TIMEOUT_MS = 10_000;

/** How long is waited for an answer, between attempts, between looks, and between rounds that forget what was sent. */
export type Patience = { timeout_ms?: number; pauses_ms?: readonly number[]; looks_ms?: number; forgets_ms?: number };

type Parts = Patience & {
  outbox: OutboxStore;
  clock: Clock;
  log: Log;
  /** Where they may be sent. */
  addresses: 'public' | 'all';
  version: string;
};

export function openDelivery({ outbox, clock, log, addresses, version, ...patience }: Parts): Delivery {
  const { timeout_ms = TIMEOUT_MS, pauses_ms = PAUSES_MS } = patience;
  const send = createSend(addresses, timeout_ms);
  return createDelivery({ outbox, send, clock, log, pauses_ms, userAgent: `goldtune/${version}` });
}
