// The models of Nebius Token Factory that can be trained and then served without an endpoint of one's own, as data.
//
// Sources, read in November 2026: its fine-tuning reference (API version 20260506) and cookbook (2026-08). It trains others
// too, which the configuration can name. Prices go by size class; none is told here.
import { type CatalogueModel, estimatedTokens } from '../finetuning/catalogue.ts';

const common = {
  // What a job is given that asks for no other context length; what is longer would lose its end, and so its SQL.
  max_example_tokens: 8192,
  encoding: 'o200k_base',
  tokens: estimatedTokens,
  usd_per_million_trained_tokens: null,
  training_ends: null,
  serving_ends: null,
  existing_customers_only: null,
} as const;

export const nebiusModels: readonly CatalogueModel[] = [
  { name: 'meta-llama/Meta-Llama-3.1-8B-Instruct', ...common },
  { name: 'meta-llama/Llama-3.3-70B-Instruct', ...common },
];
