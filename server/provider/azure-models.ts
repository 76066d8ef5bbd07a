// The models that Azure OpenAI offers for supervised fine-tuning, as data.
//
// Sources, read in November 2026: learn.microsoft.com, "Azure OpenAI fine-tuning models" (names, longest example) and
// "Model deprecations and retirements" of 2026-09-02 (dates). Prices differ by region and training tier, so none is told.
import type { CatalogueModel } from '../finetuning/catalogue.ts';

type Dates = Pick<CatalogueModel, 'training_ends' | 'serving_ends' | 'existing_customers_only'>;

const read_on = '2026-11-25';

const common = {
  max_example_tokens: 65_536,
  encoding: 'o200k_base',
  tokens: { exact: true },
  usd_per_million_trained_tokens: null,
} as const;

/** Training ends with the base model at the earliest, and then goes on for existing customers for a while. */
const newer: Dates = {
  training_ends: { on: '2027-04-14', read_on, at_the_earliest: true },
  serving_ends: { on: '2027-10-14', read_on },
  existing_customers_only: null,
};
/** Deprecated: there are no new customers any more. */
const older: Dates = {
  training_ends: { on: '2027-04-01', read_on, at_the_earliest: true },
  serving_ends: { on: '2027-10-01', read_on },
  existing_customers_only: { read_on },
};

/** Each with the short name that a request may use for it. */
const snapshots = [
  { name: 'gpt-4.1-mini-2025-04-14', alias: 'gpt-4.1-mini', ...newer },
  { name: 'gpt-4.1-2025-04-14', alias: 'gpt-4.1', ...newer },
  { name: 'gpt-4.1-nano-2025-04-14', alias: 'gpt-4.1-nano', ...newer },
  { name: 'gpt-4o-mini-2024-07-18', alias: 'gpt-4o-mini', ...older },
  { name: 'gpt-4o-2024-08-06', alias: 'gpt-4o', ...older },
] as const;

export const azureModels: readonly CatalogueModel[] = snapshots.flatMap(({ name, alias, ...dates }) =>
  [name, alias].map((each) => ({ name: each, ...common, ...dates })),
);

/** What is sent: Azure's own requests name the model with its date. Any other name is sent as it is. */
export const azureSnapshotOf = (name: string): string => snapshots.find(({ alias }) => alias === name)?.name ?? name;
