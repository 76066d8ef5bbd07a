// What can be trained, and how: the models of a provider and the hyperparameters it takes.

/**
 * A date that a provider has announced, and the day on which that was read. ISO dates. `at_the_earliest`: it has said no
 * more than that it will not be before.
 */
export type Announced = { on: string; read_on: string; at_the_earliest?: true };

/**
 * Whether tokens are counted by the model's own tokenizer. Where they are not, they are between the count less the
 * margin and the count plus the margin, of which it is a part: 0.3 is ±30 %.
 */
export type TokenCount = { exact: true } | { exact: false; margin: number };

export type CatalogueModel = {
  name: string;
  /** Tokens one training example may have at most; null where nobody says. */
  max_example_tokens: number | null;
  /** What tokens are counted by. */
  encoding: 'o200k_base' | 'cl100k_base';
  tokens: TokenCount;
  /** US dollars for a million trained tokens; null where no public price is known. */
  usd_per_million_trained_tokens: number | null;
  /** From which day on the provider trains it for nobody; null where none is announced. */
  training_ends: Announced | null;
  /** From which day on what was trained on it is not served any more; null where none is announced. */
  serving_ends: Announced | null;
  /** Only who has trained it before may still do so; null where everybody may. */
  existing_customers_only: { read_on: string } | null;
};

/**
 * Of a model whose tokenizer is not here; nothing is downloaded for it. Measured in November 2026 against o200k_base, on
 * 330 examples of two schemas: tokenizers of more than 100,000 tokens (Llama 3, Qwen 3, DeepSeek V3, Gemma 3) count from
 * 16 % less to 29 % more.
 */
export const estimatedTokens: TokenCount = { exact: false, margin: 0.3 };

/** Of a model of which nothing is known: tokenizers of 32,000 tokens (Llama 2, Mistral 7B) counted up to 62 % more there. */
const roughTokens: TokenCount = { exact: false, margin: 0.65 };

/** A model of an open catalogue, of which only the name is known. */
export const unlistedModel = (name: string): CatalogueModel => ({
  name,
  max_example_tokens: null,
  encoding: 'o200k_base',
  tokens: roughTokens,
  usd_per_million_trained_tokens: null,
  training_ends: null,
  serving_ends: null,
  existing_customers_only: null,
});

export const parameters = ['n_epochs', 'batch_size', 'learning_rate_multiplier', 'learning_rate', 'lora'] as const;
export type Parameter = (typeof parameters)[number];

/** Low-rank adaptation: the rank of the matrices, what their product is scaled by (alpha / r), and dropout from 0 to 1. */
export type Lora = { r: number; alpha: number; dropout: number };

/** Numbers or "auto"; numeric strings are converted before they get here. Null: the provider's own. */
export type Hyperparameters = {
  n_epochs: number | 'auto';
  batch_size: number | 'auto';
  learning_rate_multiplier: number | 'auto';
  /** Absolute. */
  learning_rate: number | null;
  lora: Lora | null;
};
