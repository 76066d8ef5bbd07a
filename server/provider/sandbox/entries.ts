// What the sandbox keeps of a file and of a job.
import { z } from 'zod';

export const fileSchema = z.object({
  id: z.string(),
  filename: z.string(),
  bytes: z.number(),
  purpose: z.string(),
  created_at: z.number(),
  examples: z.number(),
});
export type LedgerFile = z.infer<typeof fileSchema>;

const hyperparameter = z.union([z.literal('auto'), z.number()]);
export const jobSchema = z.object({
  id: z.string(),
  model: z.string(),
  training_file: z.string(),
  validation_file: z.string().nullable(),
  suffix: z.string().nullable(),
  seed: z.number(),
  metadata: z.record(z.string(), z.string()).nullable(),
  hyperparameters: z.object({
    n_epochs: hyperparameter,
    batch_size: hyperparameter,
    learning_rate_multiplier: hyperparameter,
  }),
  trained_tokens: z.number(),
  course: z.object({
    timeline: z.object({
      created_at: z.number(),
      validated_at: z.number(),
      started_at: z.number(),
      step_ms: z.number(),
      total_steps: z.number(),
    }),
    invalid: z.string().nullable(),
    ending: z
      .object({ status: z.enum(['succeeded', 'failed', 'cancelled']), at: z.number(), error: z.string().nullable() })
      .nullable(),
  }),
});
export type LedgerJob = z.infer<typeof jobSchema>;
