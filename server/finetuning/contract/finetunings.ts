// Finetunings on the wire: what may be asked and what is answered.
import { z } from 'zod';
import { evidences, progressSchema, statuses } from '../lifecycle/state.ts';
import { metadata, objectId, pageQuery, text, utcTime } from './fields.ts';

const isAuto = (value: string | number) => value === 'auto';
const parameter = (name: string, isValid: (value: number) => boolean, rule: string) =>
  z
    .union([z.number(), text])
    .refine(
      (value) => isAuto(value) || (String(value).trim() !== '' && isValid(Number(value))),
      `${name} must be "auto" or ${rule}`,
    );

const integerWithin = (lowest: number, highest: number) => (value: number) =>
  Number.isInteger(value) && value >= lowest && value <= highest;

export const modelParameters = z.object({
  n_epochs: parameter('n_epochs', integerWithin(1, 50), 'a whole number from 1 to 50')
    .default(3)
    .meta({ description: 'Passes over the examples.' }),
  batch_size: parameter('batch_size', integerWithin(1, 256), 'a whole number from 1 to 256')
    .default(1)
    .meta({ description: 'Examples per step.' }),
  learning_rate_multiplier: parameter(
    'learning_rate_multiplier',
    (value) => value > 0 && Number.isFinite(value),
    'a number above 0',
  )
    .default('auto')
    .meta({ description: 'Scales the learning rate.' }),
});

export const baseLlm = z
  .object({
    model_provider: z.literal('openai').default('openai').meta({ description: 'The only provider so far.' }),
    model_name: text.min(1).optional().meta({ description: 'A model of the catalogue.', example: 'gpt-4.1-mini' }),
    model_parameters: modelParameters.nullish(),
  })
  .meta({ description: 'What to train; left out: the configured default model.' });

export const createInput = z
  .object({
    db_connection_id: objectId,
    alias: text.max(200).nullish().meta({ description: 'A name for people.', example: 'my_model' }),
    base_llm: baseLlm.nullish(),
    golden_records: z
      .array(objectId)
      .nullish()
      .meta({ description: 'Ids to train on, at least 10. Left out or null: all of the connection.' }),
    metadata: metadata.nullish(),
  })
  .meta({ id: 'CreateFinetuning' });
export type CreateInput = z.infer<typeof createInput>;

export const updateInput = z
  .object({ alias: text.max(200).nullish(), metadata: metadata.nullish() })
  .meta({ id: 'UpdateFinetuning', description: 'What is left out stays; metadata is replaced as a whole.' });
export type UpdateInput = z.infer<typeof updateInput>;

export const cancelInput = z
  .object({
    finetuning_id: text
      .nullish()
      .meta({ description: 'Repeats the id of the path; used where a client sent the path unfilled.' }),
    metadata: metadata.nullish().meta({ description: "Merged over the finetuning's own." }),
    reason: text.max(1000).nullish().meta({ description: 'Kept on the receipt.' }),
  })
  .meta({ id: 'CancelFinetuning' });

export const listQuery = pageQuery.extend({
  db_connection_id: objectId.optional(),
  status: z.enum(statuses).optional(),
  model: text.optional().meta({ description: 'Name of the base model.' }),
});

export const cancellation = z
  .object({
    state: z.enum(['requested', 'confirmed', 'too_late']).meta({
      description:
        'requested: stored and pursued until proven. confirmed: nothing runs, and nothing will. too_late: the run had ended.',
    }),
    requested_at: utcTime,
    requested_by: z.string(),
    reason: z.string().nullable(),
    confirmed_at: utcTime.nullable(),
    evidence: z.enum(evidences).nullable().meta({ description: 'Why `confirmed` is true.' }),
    provider_status: z.string().nullable().meta({ description: 'The status word the provider last showed.' }),
    trained_tokens: z.number().nullable(),
  })
  .meta({ id: 'Cancellation', description: 'The receipt of a cancel.' });

const progress = progressSchema
  .extend({ percent: z.number().nullable().meta({ description: 'Of all steps, 0 to 100.' }) })
  .meta({ id: 'Progress' });

export const finetuning = z
  .object({
    id: objectId,
    db_connection_id: objectId,
    alias: z.string().nullable(),
    status: z.enum(statuses).meta({ description: 'What has been observed or decided, never what is hoped.' }),
    error: z.string().nullable(),
    base_llm: z.object({
      model_provider: z.string(),
      model_name: z.string(),
      model_parameters: z.object({
        n_epochs: z.union([z.number(), z.string()]),
        batch_size: z.union([z.number(), z.string()]),
        learning_rate_multiplier: z.union([z.number(), z.string()]),
      }),
    }),
    finetuning_file_id: z.string().nullable(),
    finetuning_job_id: z.string().nullable(),
    model_id: z.string().nullable(),
    created_at: utcTime,
    updated_at: utcTime,
    golden_records: z.array(objectId).meta({ description: 'What it is trained on, fixed at creation.' }),
    dataset: z.object({
      examples: z.number(),
      tokens: z.number().meta({ description: 'Of one pass over the examples.' }),
      bytes: z.number(),
      content_hash: z.string().meta({ description: 'SHA-256 of the training file.' }),
    }),
    metadata: metadata.nullable(),
    cancellation: cancellation.nullable(),
    progress: progress.nullable(),
  })
  .meta({ id: 'Finetuning' });
export type FinetuningView = z.infer<typeof finetuning>;

export const timelineEvent = z
  .object({
    id: z.number().int().meta({ description: 'Counts the events of one finetuning from 1; pass it as `after`.' }),
    type: z.string(),
    message: z.string(),
    status: z
      .enum(statuses)
      .nullable()
      .meta({ description: 'The status this event led to; null where it left it as it was.' }),
    progress: progress.nullable().meta({ description: 'Where the event changed it.' }),
    created_at: utcTime,
  })
  .meta({ id: 'FinetuningEvent' });

export const eventsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'Only events after this id; oldest come first.' }),
});
