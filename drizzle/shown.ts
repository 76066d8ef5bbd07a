// What is stored as JSON or as a time, read so that one odd value breaks nothing: what cannot be read is null.
// Decisions that rest on such a value refuse null where they are made; a stop rests on none of them.
import { z } from 'zod';
import { actorSchema } from '../server/finetuning/lifecycle/actor.ts';
import { changesSchema } from '../server/finetuning/lifecycle/replay.ts';
import {
  progressSchema,
  requesterSchema,
  statuses,
  triedSchema,
  waitingSchema,
} from '../server/finetuning/lifecycle/state.ts';

/** Postgres knows `infinity` and years that ISO 8601 does not. */
const FIRST = '0001-01-01T00:00:00.000Z';
const LAST = '9999-12-31T23:59:59.999Z';

/** Beyond what can be written, the nearest time that can. */
export function time(value: string): string {
  const at = new Date(value).getTime();
  if (Number.isNaN(at)) return value.startsWith('-') || value.endsWith('BC') ? FIRST : LAST;
  return new Date(Math.min(Math.max(at, Date.parse(FIRST)), Date.parse(LAST))).toISOString();
}

const parameter = z.union([z.number(), z.string()]);

export const metadata = z.record(z.string(), z.string()).nullable().catch(null);
export const warnings = z.array(z.string()).catch([]);
export const waiting = waitingSchema.nullable().catch(null);
export const actor = actorSchema.nullable().catch(null);
/** Of a bulk cancel: who cannot be read keeps nobody from going on with it. */
export const asker = actorSchema.catch({ who: 'key', id: '', name: 'unknown', from: null });
export const requester = requesterSchema.nullable().catch(null);
export const tried = triedSchema.nullable().catch(null);

/** Null: no create may be sent. Rows of earlier versions have only the first three. */
export const modelParameters = z
  .object({
    n_epochs: parameter,
    batch_size: parameter,
    learning_rate_multiplier: parameter,
    learning_rate: z.number().nullable().default(null),
    lora: z.object({ r: z.number(), alpha: z.number(), dropout: z.number() }).nullable().default(null),
  })
  .nullable()
  .catch(null);

/** What a run is trained on, fixed when it is created. Null: no file can be held against it. */
export const dataset = z
  .object({
    examples: z.number(),
    tokens: z.number(),
    // Earlier versions counted by the model's own tokenizer alone.
    tokens_margin: z.number().default(0),
    bytes: z.number(),
    content_hash: z.string(),
  })
  .nullable()
  .catch(null);

const { step, total_steps, train_loss, valid_loss, estimated_finish } = progressSchema.shape;

/** A figure that is none leaves the others as they are. */
export const progress = z
  .object({
    step: step.catch(null),
    total_steps: total_steps.catch(null),
    train_loss: train_loss.catch(null),
    valid_loss: valid_loss.catch(null),
    estimated_finish: estimated_finish.catch(null),
  })
  .nullable()
  .catch(null);

const status = z.object({ status: z.enum(statuses).optional().catch(undefined) }).catch({});

/** Of an event; where something of them cannot be read, the status alone. */
export const changes = changesSchema
  .extend({ progress: progress.optional() })
  .catch(({ value }) => status.parse(value));

/** By what the runs of a bulk cancel were chosen; a list of ids is neither. */
export const chosen = z
  .object({
    all: z.boolean(),
    where: z.record(z.string(), z.string()).nullable(),
  })
  .catch({ all: false, where: null });
