// What a webhook says: the run as it was after the change that is told, and nothing that was not known then.
import type { WebhookMessage } from '../contract/webhook-message.ts';
import { receiptOf } from '../lifecycle/receipt.ts';
import { changesSchema, replay } from '../lifecycle/replay.ts';
import { PING } from './kinds.ts';
import type { Claimed } from './store.ts';

type Told = Pick<
  Claimed,
  'type' | 'endpoint_id' | 'finetuning_id' | 'version' | 'created_at' | 'run_state' | 'told_at'
>;

/** The same text at every attempt: it is made of what never changes. @throws where the events cannot be read */
export const messageOf = (told: Told): string =>
  JSON.stringify(
    told.finetuning_id === null
      ? { type: PING, timestamp: told.created_at, data: { endpoint_id: told.endpoint_id } }
      : { type: told.type, timestamp: told.told_at, data: runTold(told.finetuning_id, told) },
  );

function runTold(id: string, { version, run_state }: Told): WebhookMessage['data'] {
  const state = replay([changesSchema.parse(run_state)]);
  return {
    id,
    version,
    alias: state.alias,
    status: state.status,
    error: state.error,
    finetuning_job_id: state.job_id,
    model_id: state.model_id,
    metadata: state.metadata,
    cancellation: receiptOf(state),
    waiting: state.waiting && { for: state.waiting.for, since: state.waiting.since },
  };
}
