// The models OpenAI has offered for supervised fine-tuning, as data.
//
// Sources, read in November 2026 (partly in public copies of them: check a figure before a bill depends on it):
// - names, aliases: developers.openai.com/api/docs/models and its fine-tuning guide
// - longest example: the "Token limits" table of the fine-tuning guide ("examples context length")
// - price: the "Fine-tuning" part of openai.com/api/pricing; null where no public price was found
// - dates: developers.openai.com/api/docs/deprecations
import type { CatalogueModel } from '../finetuning/catalogue.ts';

type Dates = Pick<CatalogueModel, 'training_ends' | 'serving_ends' | 'existing_customers_only'>;
type Snapshot = Omit<CatalogueModel, 'tokens' | keyof Dates> &
  Pick<Dates, 'training_ends' | 'serving_ends'> & {
    /** Short names a request may use for it. */
    aliases?: readonly string[];
  };

const read_on = '2026-11-25';
/** No organization can create a job from the first day on; the models themselves, and what is made of them, go later. */
const closing = { training_ends: { on: '2027-01-06', read_on }, serving_ends: { on: '2027-01-14', read_on } };
const gone = (on: string) => ({ training_ends: { on, read_on }, serving_ends: { on, read_on } });
const olderOnes = gone('2026-10-23');

const snapshots: readonly Snapshot[] = [
  {
    name: 'gpt-4.1-2025-04-14',
    aliases: ['gpt-4.1'],
    max_example_tokens: 65_536,
    encoding: 'o200k_base',
    usd_per_million_trained_tokens: 25,
    ...closing,
  },
  {
    name: 'gpt-4.1-mini-2025-04-14',
    aliases: ['gpt-4.1-mini'],
    max_example_tokens: 65_536,
    encoding: 'o200k_base',
    usd_per_million_trained_tokens: 5,
    ...closing,
  },
  {
    name: 'gpt-4.1-nano-2025-04-14',
    aliases: ['gpt-4.1-nano'],
    max_example_tokens: 65_536,
    encoding: 'o200k_base',
    usd_per_million_trained_tokens: 1.5,
    ...olderOnes,
  },
  {
    name: 'gpt-4o-2024-08-06',
    aliases: ['gpt-4o'],
    max_example_tokens: 65_536,
    encoding: 'o200k_base',
    usd_per_million_trained_tokens: 25,
    ...closing,
  },
  {
    name: 'gpt-4o-mini-2024-07-18',
    aliases: ['gpt-4o-mini'],
    max_example_tokens: 65_536,
    encoding: 'o200k_base',
    usd_per_million_trained_tokens: 3,
    ...closing,
  },
  {
    name: 'gpt-3.5-turbo-0125',
    aliases: ['gpt-3.5-turbo'],
    max_example_tokens: 16_385,
    encoding: 'cl100k_base',
    usd_per_million_trained_tokens: 8,
    ...olderOnes,
  },
  {
    name: 'gpt-3.5-turbo-1106',
    max_example_tokens: 16_385,
    encoding: 'cl100k_base',
    usd_per_million_trained_tokens: 8,
    ...olderOnes,
  },
  {
    name: 'gpt-3.5-turbo-0613',
    max_example_tokens: 4_096,
    encoding: 'cl100k_base',
    usd_per_million_trained_tokens: 8,
    ...gone('2024-09-13'),
  },
  {
    name: 'gpt-4-0613',
    aliases: ['gpt-4'],
    max_example_tokens: 8_192,
    encoding: 'cl100k_base',
    // Training it was an experimental offer on request, without a public price.
    usd_per_million_trained_tokens: null,
    ...olderOnes,
  },
];

/** Since 2026-07-02 only who has used a fine-tuned model in the last 60 days may train. */
const forAll = { tokens: { exact: true }, existing_customers_only: { read_on } } as const;

/** Every name a request may use has its own row; an alias follows its snapshot. */
export const models: readonly CatalogueModel[] = snapshots.flatMap(({ aliases = [], ...snapshot }) => [
  { ...snapshot, ...forAll },
  ...aliases.map((name) => ({ ...snapshot, ...forAll, name })),
]);

const nothingAnnounced: Dates = { training_ends: null, serving_ends: null, existing_customers_only: null };

/** The same at another host that offers them: the dates are OpenAI's, and what that host has announced is not known. */
export const modelsElsewhere: readonly CatalogueModel[] = models.map((model) => ({ ...model, ...nothingAnnounced }));
