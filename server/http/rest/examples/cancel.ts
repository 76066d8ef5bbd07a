// Example cancels, the one of the first contract among them. A test parses each by the schema it stands for.
import type { RestFinetuning } from '../finetuning-schemas.ts';
import { atProvider, justCreated } from './finetunings.ts';

const reason = "trained on last week's schema";

/**
 * The response example of the cancel endpoint as it was published: its values, with ids where it has placeholders, the
 * time in UTC, and what was added to the shape since.
 */
const published: RestFinetuning = {
  ...justCreated,
  alias: 'my_model',
  status: 'cancelled',
  error: 'Fine tuning cancelled by the user',
  base_llm: {
    model_provider: 'openai',
    model_name: 'gpt-3.5-turbo-1106',
    model_parameters: {
      n_epochs: '1',
      batch_size: 1,
      learning_rate_multiplier: 'auto',
      learning_rate: null,
      lora: null,
    },
  },
  finetuning_file_id: null,
  finetuning_job_id: null,
  model_id: null,
  created_at: '2023-12-13T17:35:53.263485Z',
  updated_at: '2023-12-13T17:36:10.482Z',
  metadata: null,
  cancellation: {
    state: 'confirmed',
    requested_at: '2023-12-13T17:36:10.482Z',
    requested_by: 'local',
    requester: { who: 'local', id: 'local' },
    reason: null,
    confirmed_at: '2023-12-13T17:36:10.482Z',
    evidence: 'never_submitted',
    provider_status: null,
    trained_tokens: null,
  },
};

const requested = {
  state: 'requested' as const,
  requested_at: '2026-11-20T17:42:02.640Z',
  requested_by: 'on call',
  requester: { who: 'key' as const, id: '656a1c10eb4e22533dc44001' },
  reason,
  confirmed_at: null,
  evidence: null,
  provider_status: 'running',
  trained_tokens: null,
};

const stopped: RestFinetuning = {
  ...atProvider,
  status: 'cancelled',
  error: 'Fine tuning cancelled by the user',
  updated_at: '2026-11-20T17:42:03.105Z',
  cancellation: {
    ...requested,
    state: 'confirmed',
    confirmed_at: '2026-11-20T17:42:03.105Z',
    evidence: 'provider_cancelled',
    provider_status: 'cancelled',
    trained_tokens: 1248,
  },
};

export const examplesOfCancel = {
  documented: { summary: 'The id repeated, as the first contract has it', value: { finetuning_id: published.id } },
  reasoned: { summary: 'With a reason for the receipt', value: { reason, metadata: { stopped_for: 'schema change' } } },
};

export const documentedCancelled = { summary: 'Before anything was submitted', value: published };
export const cancelled = { summary: 'While it was in training', value: stopped };
export const cancelRequested = {
  summary: 'The provider has not shown it as stopped yet',
  value: {
    ...atProvider,
    updated_at: requested.requested_at,
    cancellation: requested,
    waiting: {
      for: 'The provider still shows running; its answer to the cancel: none that is clear, HTTP 503: upstream is down.',
      since: '2026-11-20T17:42:02.911Z',
      last_tried: { action: 'get_job', at: '2026-11-20T17:42:06.020Z', answer: 'running' },
      next_look_at: '2026-11-20T17:42:10.020Z',
    },
  } satisfies RestFinetuning,
};
