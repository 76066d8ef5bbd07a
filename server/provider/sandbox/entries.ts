// What the sandbox keeps of a file and of a job, and how a job is changed.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { momentOf } from './timeline.ts';

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

/** Says what it is wherever an id is all that somebody sees. */
export const newEntryId = (prefix: 'file' | 'ftjob') => `${prefix}-sandbox-${randomBytes(12).toString('hex')}`;

export type Changed = { job: LedgerJob; changed: boolean };

/** One that has ended stays as it is. */
export function changed(job: LedgerJob, make: (job: LedgerJob, now: number) => LedgerJob, now: number): Changed {
  const hasEnded = momentOf(job.course, now).finished_at !== null;
  return hasEnded ? { job, changed: false } : { job: make(job, now), changed: true };
}

/** A job that is still being validated needs its file, and fails. Null: this one does not need that file any more. */
export function withoutFile(job: LedgerJob, file_id: string, now: number): LedgerJob | null {
  if (job.training_file !== file_id || momentOf(job.course, now).status !== 'validating_files') return null;
  const timeline = { ...job.course.timeline, validated_at: now };
  return { ...job, course: { ...job.course, timeline, invalid: `training file not found: ${file_id}` } };
}
