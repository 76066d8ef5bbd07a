// Example providers of the OpenAPI document. A test parses each by the schema it stands for.
import type { ProviderView } from '../../../finetuning/contract/providers.ts';

const read_on = '2026-11-25';

const openai: ProviderView = {
  name: 'openai',
  standard: true,
  sandbox: false,
  reachable: true,
  reason: null,
  asked_at: '2026-11-25T17:35:53.263Z',
  default_model: 'gpt-4.1-mini',
  parameters: ['n_epochs', 'batch_size', 'learning_rate_multiplier'],
  shows_logs: false,
  open_catalogue: false,
  models: [
    {
      name: 'gpt-4.1-mini',
      max_example_tokens: 65_536,
      tokens_exact: true,
      tokens_margin: 0,
      usd_per_million_trained_tokens: 5,
      training_ends: { on: '2027-01-06', read_on },
      serving_ends: { on: '2027-01-14', read_on },
      existing_customers_only: { read_on },
    },
  ],
  guarantees: {
    start: 'at_create',
    stop: 'cancel',
    fence: 'file',
    identity: 'assigned',
    tag: 'metadata',
    cancel: {
      asynchronous: false,
      may_finish_anyway: null,
      keeps_record: true,
      billed: 'The tokens trained before it stopped.',
    },
    verified: { against: 'document', on: read_on, note: 'The published API.' },
  },
};

const gpus: ProviderView = {
  name: 'gpus',
  standard: false,
  sandbox: false,
  reachable: false,
  reason: 'no answer within 3 s',
  asked_at: '2026-11-25T17:35:53.263Z',
  default_model: null,
  parameters: ['n_epochs', 'batch_size', 'learning_rate', 'lora'],
  shows_logs: true,
  open_catalogue: true,
  models: [],
  guarantees: {
    ...openai.guarantees,
    start: 'held',
    stop: 'fence_then_cancel',
    tag: 'name_and_comment',
    cancel: { asynchronous: true, may_finish_anyway: false, keeps_record: false, billed: 'Your own machines.' },
    verified: { against: 'real engine', on: read_on, note: 'Tests run on it.' },
  },
};

export const configured = { summary: 'OpenAI, and GPUs of your own', value: [openai, gpus] };
