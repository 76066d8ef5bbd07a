// A finetuning as the domain holds it: what was pinned at its creation, its lifecycle, and its schedule.

import type { Lora } from './catalogue.ts';
import type { Actor } from './lifecycle/actor.ts';
import type { Call, State, Tried } from './lifecycle/state.ts';

/** "auto", a number, or a number written as a string; kept as it was given. */
export type Parameter = number | string;
export type ModelParameters = {
  n_epochs: Parameter;
  batch_size: Parameter;
  learning_rate_multiplier: Parameter;
  /** Absolute; null, as what follows: the provider's own. */
  learning_rate: number | null;
  lora: Lora | null;
};

/** What the run is trained on. */
export type Dataset = {
  examples: number;
  tokens: number;
  /** By how much the tokens may be more or fewer, as a part of them; 0: they are exact. */
  tokens_margin: number;
  bytes: number;
  /** SHA-256 of the training file. */
  content_hash: string;
};

export type Finetuning = {
  id: string;
  organization_id: string;
  db_connection_id: string;
  model_provider: string;
  model_name: string;
  /** Null: what is stored cannot be read. */
  model_parameters: ModelParameters | null;
  /** Null: what is stored cannot be read. */
  dataset: Dataset | null;
  /** The provider's ledger that the run lives in; no other provider may judge it. */
  provider_ledger: string;
  created_at: string;
  updated_at: string;
  state: State;
  version: number;
  due_at: string | null;
  failures: number;
  /** Nothing was asked of the provider yet: null. */
  last_tried: Tried | null;
};

/** The ids of what a run is trained on, fifty thousand at most: read only where they are shown, or the file is built. */
export type RecordIds = { golden_records: string[] };

/** With its provider calls, and so a `Run` that can be decided on; with the ids of its records where they came with it. */
export type TrackedFinetuning = Finetuning & Partial<RecordIds> & { calls: readonly Call[] };

export type DbConnection = {
  id: string;
  organization_id: string;
  alias: string;
  dialect: string;
  schema_sql: string;
  metadata: Record<string, string> | null;
  created_at: string;
  updated_at: string;
};

export type GoldenRecord = {
  id: string;
  organization_id: string;
  db_connection_id: string;
  prompt_text: string;
  sql: string;
  metadata: Record<string, string> | null;
  warnings: string[];
  content_hash: string;
  created_at: string;
  deleted_at: string | null;
};

export type TimelineEvent = {
  finetuning_id: string;
  version: number;
  type: string;
  message: string;
  changes: Partial<State>;
  /** Whose request it comes of; null: nobody's, or it was before that was kept. */
  by: Actor | null;
  created_at: string;
};

/** Until keys of their own come, everybody works in this one. */
export const DEFAULT_ORGANIZATION = '000000000000000000000000';
