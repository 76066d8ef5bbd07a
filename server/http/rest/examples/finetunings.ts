// Example runs of the OpenAPI document. A test parses each by the schema it stands for.
import type { RestFinetuning } from '../finetuning-schemas.ts';

const golden_records = [
  '656777c9eb4e22533dc43fce',
  '656777ceeb4e22533dc43fcf',
  '656777ceeb4e22533dc43fd0',
  '656777ceeb4e22533dc43fd1',
  '656777ceeb4e22533dc43fd2',
  '656777ceeb4e22533dc43fd3',
  '656777ceeb4e22533dc43fd4',
  '656777ceeb4e22533dc43fd5',
  '656777ceeb4e22533dc43fd6',
  '656777ceeb4e22533dc43fd7',
  '656777ceeb4e22533dc43fd8',
  '656777ceeb4e22533dc43fd9',
  '656777ceeb4e22533dc43fda',
  '656777ceeb4e22533dc43fdb',
  '656777ceeb4e22533dc43fdc',
  '656777ceeb4e22533dc43fdd',
  '656777ceeb4e22533dc43fde',
];

export const justCreated: RestFinetuning = {
  id: '6579eb79eb4e22533dc43fe0',
  db_connection_id: '65676b2feb4e22533dc43fb1',
  alias: 'my_model',
  status: 'queued',
  error: null,
  base_llm: {
    model_provider: 'openai',
    model_name: 'gpt-4.1-mini',
    model_parameters: { n_epochs: 3, batch_size: 1, learning_rate_multiplier: 'auto', learning_rate: null, lora: null },
  },
  finetuning_file_id: null,
  finetuning_job_id: null,
  model_id: null,
  created_at: '2026-11-20T17:35:53.263Z',
  updated_at: '2026-11-20T17:35:53.263Z',
  golden_records,
  golden_sqls: golden_records,
  dataset: {
    examples: 17,
    tokens: 1248,
    tokens_exact: true,
    tokens_margin: 0,
    bytes: 5921,
    content_hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  },
  metadata: { team: 'analytics' },
  cancellation: null,
  progress: null,
  waiting: null,
};

export const atProvider: RestFinetuning = {
  ...justCreated,
  status: 'running',
  finetuning_file_id: 'file-8bHqLwXr3vJd',
  finetuning_job_id: 'ftjob-Zk2qP0sVbN7c',
  updated_at: '2026-11-20T17:41:20.118Z',
  progress: {
    step: 17,
    total_steps: 51,
    train_loss: 0.42,
    valid_loss: null,
    estimated_finish: '2026-11-20T17:58:00.000Z',
    percent: 33.3,
  },
};

export const created = { summary: 'A run that was just stored', value: justCreated };
export const running = { summary: 'A run in training', value: atProvider };
export const updated = { summary: 'With a new alias', value: { ...atProvider, alias: 'loans, second try' } };

const { db_connection_id, alias } = justCreated;

export const examplesOfCreate = {
  least: { summary: 'All records of a connection, on the default model', value: { db_connection_id } },
  chosen: {
    summary: 'A model, its parameters and the records named',
    value: {
      db_connection_id,
      alias,
      base_llm: {
        model_provider: 'openai',
        model_name: 'gpt-4.1-mini',
        model_parameters: { n_epochs: 3, batch_size: 1, learning_rate_multiplier: 'auto' },
      },
      golden_records,
      metadata: { team: 'analytics' },
    },
  },
  elsewhere: {
    summary: 'At another provider that is configured, with LoRA',
    value: {
      db_connection_id,
      base_llm: {
        model_provider: 'nebius',
        model_name: 'meta-llama/Meta-Llama-3.1-8B-Instruct',
        model_parameters: { learning_rate: 0.0001, lora: { r: 16, alpha: 32, dropout: 0.05 } },
      },
    },
  },
};

export const examplesOfUpdate = { alias: { summary: 'A new alias', value: { alias: 'loans, second try' } } };
