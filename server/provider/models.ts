// The models OpenAI has offered for supervised fine-tuning, as data.
//
// Sources, read in November 2026 (partly in public copies of them: check a figure before a bill depends on it):
// - names, aliases: developers.openai.com/api/docs/models and its fine-tuning guide
// - longest example: the "Token limits" table of the fine-tuning guide ("examples context length")
// - price: the "Fine-tuning" part of openai.com/api/pricing; null where no public price was found
// - dates: developers.openai.com/api/docs/deprecations
import type { CatalogueModel } from '../finetuning/provider.ts';

type Snapshot = Omit<CatalogueModel, 'name'> & {
  name: string;
  /** Short names a request may use for it. */
  aliases?: readonly string[];
};

/** No organization can create a job from this day on; the models themselves answer until 2027-01-14. */
const TRAINING_CLOSES = '2027-01-06';
const OLDER_MODELS_WENT = '2026-10-23';

const snapshots: readonly Snapshot[] = [
  {
    name: 'gpt-4.1-2025-04-14',
    aliases: ['gpt-4.1'],
    max_example_tokens: 65_536,
    encoding: 'o200k_base',
    usd_per_million_trained_tokens: 25,
    shut_down_on: TRAINING_CLOSES,
  },
  {
    name: 'gpt-4.1-mini-2025-04-14',
    aliases: ['gpt-4.1-mini'],
    max_example_tokens: 65_536,
    encoding: 'o200k_base',
    usd_per_million_trained_tokens: 5,
    shut_down_on: TRAINING_CLOSES,
  },
  {
    name: 'gpt-4.1-nano-2025-04-14',
    aliases: ['gpt-4.1-nano'],
    max_example_tokens: 65_536,
    encoding: 'o200k_base',
    usd_per_million_trained_tokens: 1.5,
    shut_down_on: OLDER_MODELS_WENT,
  },
  {
    name: 'gpt-4o-2024-08-06',
    aliases: ['gpt-4o'],
    max_example_tokens: 65_536,
    encoding: 'o200k_base',
    usd_per_million_trained_tokens: 25,
    shut_down_on: TRAINING_CLOSES,
  },
  {
    name: 'gpt-4o-mini-2024-07-18',
    aliases: ['gpt-4o-mini'],
    max_example_tokens: 65_536,
    encoding: 'o200k_base',
    usd_per_million_trained_tokens: 3,
    shut_down_on: TRAINING_CLOSES,
  },
  {
    name: 'gpt-3.5-turbo-0125',
    aliases: ['gpt-3.5-turbo'],
    max_example_tokens: 16_385,
    encoding: 'cl100k_base',
    usd_per_million_trained_tokens: 8,
    shut_down_on: OLDER_MODELS_WENT,
  },
  {
    name: 'gpt-3.5-turbo-1106',
    max_example_tokens: 16_385,
    encoding: 'cl100k_base',
    usd_per_million_trained_tokens: 8,
    shut_down_on: OLDER_MODELS_WENT,
  },
  {
    name: 'gpt-3.5-turbo-0613',
    max_example_tokens: 4_096,
    encoding: 'cl100k_base',
    usd_per_million_trained_tokens: 8,
    shut_down_on: '2024-09-13',
  },
  {
    name: 'gpt-4-0613',
    aliases: ['gpt-4'],
    max_example_tokens: 8_192,
    encoding: 'cl100k_base',
    // Training it was an experimental offer on request, without a public price.
    usd_per_million_trained_tokens: null,
    shut_down_on: OLDER_MODELS_WENT,
  },
];

/** Every name a request may use has its own row; an alias follows its snapshot. */
export const models: readonly CatalogueModel[] = snapshots.flatMap(({ aliases = [], ...snapshot }) => [
  snapshot,
  ...aliases.map((name) => ({ ...snapshot, name })),
]);
