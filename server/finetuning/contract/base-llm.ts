// What is trained, on the wire: the provider, the model, and how.
import { z } from 'zod';
import { modelName, text, withDefault } from './fields.ts';

/** A number, or one as people write it: not "0x10", not " 2 ". */
const numberOf = (value: string | number) =>
  typeof value === 'number' || /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
/** @param asNumber what it must be, be it given as a number or as text. */
const parameter = (name: string, asNumber: z.ZodNumber, rule: string) => {
  const error = `${name} must be "auto" or ${rule}`;
  return z
    .union([asNumber, text(32)], error)
    .refine((value) => value === 'auto' || asNumber.safeParse(numberOf(value)).success, error);
};

/** A number that is told in the words of its rule alone, whatever is wrong with it. */
const numberThat = (isMet: (value: number) => boolean, rule: string) => z.number(rule).refine(isMet, rule);

/** What is out of bounds is no number of the union then, and told in its words alone. */
const stop = { abort: true };
const integerWithin = (lowest: number, highest: number) => z.number().int().min(lowest, stop).max(highest, stop);

const forProvider = {
  description:
    'Who trains it, by the name that the configuration gives: `GET /api/v1/providers` lists them. The run belongs to it for ever.',
  example: 'openai',
};
const forModelName = { description: 'A model that the provider trains.', example: 'gpt-4.1-mini' };
const forEpochs = { description: 'Passes over the examples.', example: 3 };
const forBatchSize = { description: 'Examples per step.', example: 1 };
const forMultiplier = { description: "Scales the provider's own learning rate.", example: 'auto' };
const forLearningRate = {
  description: 'The learning rate itself, above 0 and at most 1; null: the provider chooses.',
  example: 0.0001,
};
const forLora = {
  description: 'Low-rank adaptation: a few matrices are trained beside the model. Null: the provider chooses.',
};
const forRank = { description: 'Rank of the matrices.', example: 16 };
const forAlpha = { description: 'What they are scaled by, divided by the rank.', example: 32 };
const forDropout = {
  description: 'How much of them is left out at random in each step, from 0 to below 1.',
  example: 0.05,
};

const epochs = parameter('n_epochs', integerWithin(1, 50), 'a whole number from 1 to 50');
const batchSize = parameter('batch_size', integerWithin(1, 256), 'a whole number from 1 to 256');
const multiplier = parameter('learning_rate_multiplier', z.number().positive(stop), 'a number above 0');

const learningRate = numberThat(
  (value) => value > 0 && value <= 1,
  'learning_rate must be a number above 0, at most 1',
).meta({ exclusiveMinimum: 0, maximum: 1 });
const dropout = numberThat((value) => value >= 0 && value < 1, 'dropout must be a number from 0 to below 1').meta({
  minimum: 0,
  exclusiveMaximum: 1,
});

const lora = z.strictObject({
  r: z.number().int().min(1).max(1024).meta(forRank),
  alpha: z.number().int().min(1).max(4096).meta(forAlpha),
  dropout: withDefault(dropout, 0).meta(forDropout),
});

const orNull = <T extends z.ZodType>(schema: T) => schema.nullish().transform((given) => given ?? null);

/** Where they are left out, and the provider takes them; where it does not, the choice is its own. */
export const usual = { n_epochs: 3, batch_size: 1 };

const whenLeftOut = <T extends { description: string }>(about: T, value: number) => ({
  ...about,
  description: `${about.description} Left out: ${value}, or "auto" at a provider that does not take it.`,
});

const modelParameters = z
  .strictObject({
    n_epochs: orNull(epochs).meta(whenLeftOut(forEpochs, usual.n_epochs)),
    batch_size: orNull(batchSize).meta(whenLeftOut(forBatchSize, usual.batch_size)),
    learning_rate_multiplier: withDefault(multiplier, 'auto').meta(forMultiplier),
    learning_rate: orNull(learningRate).meta(forLearningRate),
    lora: orNull(lora).meta(forLora),
  })
  .meta({
    description:
      'How it is trained. What a provider does not know is refused by its name, with the field that works there; nothing is converted.',
  });

export const baseLlm = z
  .strictObject({
    model_provider: text(100).min(1).nullish().meta(forProvider),
    model_name: modelName.min(1).nullish().meta(forModelName),
    model_parameters: modelParameters.nullish().transform((given) => given ?? modelParameters.parse({})),
  })
  .meta({ description: 'What to train. Left out or null, itself or a field of it: the configured default.' });

const shownParameter = z.union([z.number(), z.string()]);

export const shownBaseLlm = z
  .object({
    model_provider: z.string().meta(forProvider),
    model_name: z.string().meta(forModelName),
    model_parameters: z
      .object({
        n_epochs: shownParameter.meta(forEpochs),
        batch_size: shownParameter.meta(forBatchSize),
        learning_rate_multiplier: shownParameter.meta(forMultiplier),
        learning_rate: z.number().nullable().meta(forLearningRate),
        lora: z
          .object({
            r: z.number().meta(forRank),
            alpha: z.number().meta(forAlpha),
            dropout: z.number().meta(forDropout),
          })
          .nullable()
          .meta(forLora),
      })
      .nullable()
      .meta({ description: 'As given, with the defaults filled in; null where what is stored cannot be read.' }),
  })
  .meta({ description: 'What is trained.' });
