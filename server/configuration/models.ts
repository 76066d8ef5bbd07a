// The models of a configured provider: those that goldtune knows of its kind, and what its entry says of them and others.
import { z } from 'zod';
import { type Announced, type CatalogueModel, unlistedModel } from '../finetuning/catalogue.ts';
import { azureModels } from '../provider/azure-models.ts';
import { modelsElsewhere, models as openAiModels } from '../provider/models.ts';
import { nebiusModels } from '../provider/nebius-models.ts';
import { profiles } from '../provider/openai/compatible.ts';
import { isOpenAi, ledgerOf } from '../provider/openai/ledger.ts';
import type { Profile } from '../provider/openai/profile.ts';
import type { Kind } from './provider-config.ts';

/** As a request names it: `meta-llama/Meta-Llama-3.1-8B-Instruct`, `gpt-4.1-mini`. */
export const modelName = z.string().trim().min(1).max(200);

const LONGEST_EXAMPLE = 100_000_000;

const day = z.iso.date('must be a day, such as 2027-01-06');
const announced = z
  .strictObject({ on: day, read_on: day, at_the_earliest: z.literal(true).optional() })
  .transform(({ at_the_earliest, ...said }): Announced => (at_the_earliest ? { ...said, at_the_earliest } : said))
  .nullable();

/** What is left out of a model that is known stays as it is known; of another, nothing is known of it. */
export const modelEntry = z.strictObject({
  name: modelName,
  max_example_tokens: z.int().min(1).max(LONGEST_EXAMPLE).nullable().optional(),
  /** Its own tokenizer, so that tokens are exact; where it has another, they are an estimate. */
  encoding: z.enum(['o200k_base', 'cl100k_base']).optional(),
  usd_per_million_trained_tokens: z.number().min(0).max(1_000_000).nullable().optional(),
  training_ends: announced.optional(),
  serving_ends: announced.optional(),
  existing_customers_only: z.strictObject({ read_on: day }).nullable().optional(),
});
export type ModelEntry = z.infer<typeof modelEntry>;

/** What decides which are known. */
type ModelSource =
  | { kind: 'openai'; address?: string | undefined }
  | { kind: 'openai_compatible'; profile: Profile }
  | { kind: 'azure_openai' | 'slurm' | 'sandbox' };

/** OpenAI's are trained at its own address and through others; the dates are its own alone. */
export function knownModels(entry: ModelSource): readonly CatalogueModel[] {
  switch (entry.kind) {
    case 'sandbox':
      return openAiModels;
    case 'openai':
      return isOpenAi(ledgerOf({ baseUrl: entry.address })) ? openAiModels : modelsElsewhere;
    case 'azure_openai':
      return azureModels;
    case 'openai_compatible':
      return entry.profile === profiles['nebius'] ? nebiusModels : [];
    case 'slurm':
      return [];
    default:
      return entry satisfies never;
  }
}

/** Those of the entries come first. */
export function modelsWith(known: readonly CatalogueModel[], entries: readonly ModelEntry[]): CatalogueModel[] {
  const named = new Set(entries.map(({ name }) => name));
  const changed = entries.map((entry) =>
    changedBy(
      entry,
      known.find(({ name }) => name === entry.name),
    ),
  );
  return [...changed, ...known.filter(({ name }) => !named.has(name))];
}

function changedBy({ encoding, ...entry }: ModelEntry, known: CatalogueModel | undefined): CatalogueModel {
  const before = known ?? unlistedModel(entry.name);
  const or = <T>(told: T | undefined, otherwise: T): T => (told === undefined ? otherwise : told);
  return {
    name: entry.name,
    max_example_tokens: or(entry.max_example_tokens, before.max_example_tokens),
    encoding: or(encoding, before.encoding),
    tokens: encoding === undefined ? before.tokens : { exact: true },
    usd_per_million_trained_tokens: or(entry.usd_per_million_trained_tokens, before.usd_per_million_trained_tokens),
    training_ends: or(entry.training_ends, before.training_ends),
    serving_ends: or(entry.serving_ends, before.serving_ends),
    existing_customers_only: or(entry.existing_customers_only, before.existing_customers_only),
  };
}

/** Whether a request may name it there. */
export const isTrained = (name: string, kind: Kind, models: readonly CatalogueModel[]): boolean =>
  kind === 'slurm' || models.some((model) => model.name === name);

const STANDARD_MODEL = 'gpt-4.1-mini';

/** What is trained where nobody has said it: the usual one of OpenAI's, or else the first; null where none is known. */
export const standardModel = (models: readonly CatalogueModel[]): string | null =>
  models.find(({ name }) => name === STANDARD_MODEL)?.name ?? models[0]?.name ?? null;
