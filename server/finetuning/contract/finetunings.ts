// Finetunings on the wire: what may be asked and what is answered.
import { z } from 'zod';
import { callers } from '../lifecycle/actor.ts';
import { attempts, evidences, progressSchema, statuses } from '../lifecycle/state.ts';
import { baseLlm, shownBaseLlm } from './base-llm.ts';
import {
  dbConnectionId,
  finetuningId,
  givenId,
  goldenRecordId,
  metadata,
  modelName,
  pageQuery,
  shownMetadata,
  text,
  utcTime,
} from './fields.ts';

/** The longest a caller may wait in one request. */
export const LONGEST_WAIT_MS = 120_000;

const forAlias = { description: 'A name for people.', example: 'my_model' };
export const forReason = {
  description: 'Kept on the receipt, which says it. The first that is given stays, whatever later cancels say.',
  example: "trained on last week's schema",
};

/** Ids in one request. Of a connection with more, all can be trained on. */
const MOST_NAMED_RECORDS = 50_000;

export const createInput = z
  .strictObject({
    db_connection_id: dbConnectionId,
    alias: text(200).nullish().meta(forAlias),
    base_llm: baseLlm.nullish(),
    golden_records: z
      .array(goldenRecordId)
      .max(MOST_NAMED_RECORDS)
      .nullish()
      .meta({ description: 'Ids to train on, at least 10. Left out or null: all of the connection.' }),
    metadata: metadata.nullish(),
  })
  .meta({ id: 'CreateFinetuning', description: 'What to train, and on which golden records.' });
export type CreateInput = z.infer<typeof createInput>;

export const idempotencyKey = text(255).min(1);

export const updateInput = z
  .strictObject({ alias: text(200).nullish().meta(forAlias), metadata: metadata.nullish() })
  .meta({ id: 'UpdateFinetuning', description: 'What is left out stays; metadata is replaced as a whole.' });
export type UpdateInput = z.infer<typeof updateInput>;

/** Not strict, as no stop is: a field that is not known keeps nobody from stopping a run. */
export const cancelInput = z
  .object({
    finetuning_id: givenId(finetuningId).nullish().meta({
      description: 'Repeats the id of the path; used where a client sent the path unfilled.',
      example: '6579eb79eb4e22533dc43fe0',
    }),
    metadata: metadata.nullish().meta({
      description: "Merged over the finetuning's own; ignored where that would have more than 16 keys then.",
    }),
    reason: text(1000).nullish().meta(forReason),
  })
  .meta({ id: 'CancelFinetuning', description: 'All of it may be left out, and so may the body.' });

export const listQuery = pageQuery.extend({
  db_connection_id: dbConnectionId.optional().meta({ description: 'Only runs on this database connection.' }),
  status: z.enum(statuses).optional().meta({ description: 'Only runs in this status.', example: 'running' }),
  model: modelName.optional().meta({ description: 'Name of the base model.', example: 'gpt-4.1-mini' }),
});

const forWho = {
  description:
    'key: an API key. person: somebody who has signed in. local: whoever is at the machine itself, without a key.',
  example: 'key' as const,
};
const forWhose = {
  description: 'Of the API key or the person; `admin` is the key of the configuration, `local` whoever needs none.',
  example: '656a1c10eb4e22533dc44001',
};

const requester = z
  .object({ who: z.enum(callers).meta(forWho), id: z.string().meta(forWhose) })
  .meta({ id: 'Requester', description: 'A key or a person.' });

export const actor = requester
  .extend({
    name: z.string().meta({ description: 'Its name then.', example: 'on call' }),
    from: z.string().nullable().meta({
      description:
        'The address that was connected, or that a proxy of `TRUSTED_PROXIES` names; told to who has the scope `admin`. Null to others, and where it was asked for in the process of the server.',
      example: '192.0.2.7',
    }),
  })
  .meta({ id: 'Actor', description: 'Who asked for something, with what, and from where.' });

export const cancellation = z
  .object({
    state: z.enum(['requested', 'confirmed', 'too_late']).meta({
      description:
        'requested: stored and pursued until proven. confirmed: nothing runs, and nothing will. too_late: the run had ended.',
      example: 'confirmed',
    }),
    requested_at: utcTime,
    requested_by: z.string().meta({
      description:
        'Who asked first: the name of the key or the person. `local` where no key is asked for, `provider` where it was stopped there and nobody asked here.',
      example: 'on call',
    }),
    requester: requester.nullable().meta({
      description:
        'The same, told apart from others of that name. Null: nobody asked here, or it was before this was kept.',
    }),
    reason: z.string().nullable().meta({ description: 'As the caller gave it first.', example: forReason.example }),
    confirmed_at: utcTime.nullable(),
    evidence: z
      .enum(evidences)
      .nullable()
      .meta({ description: 'Why `confirmed` is true.', example: 'provider_cancelled' }),
    provider_status: z
      .string()
      .nullable()
      .meta({ description: 'The status word the provider last showed.', example: 'cancelled' }),
    trained_tokens: z
      .number()
      .nullable()
      .meta({ description: 'Trained before it stopped, where the provider says so.', example: 1248 }),
  })
  .meta({ id: 'Cancellation', description: 'The receipt of a cancel.' });

const { step, total_steps, train_loss, valid_loss, estimated_finish } = progressSchema.shape;

const progress = z
  .object({
    step: step.meta({ description: 'The last step reported.', example: 17 }),
    total_steps: total_steps.meta({ description: 'Of the whole run.', example: 51 }),
    train_loss: train_loss.meta({ description: 'Loss on the examples, at that step.', example: 0.42 }),
    valid_loss: valid_loss.meta({ description: 'Loss on held-out examples, where there are any.', example: 0.57 }),
    estimated_finish: estimated_finish.meta({
      description: "The provider's estimate, ISO 8601.",
      example: '2026-11-20T17:58:00.000Z',
    }),
    percent: z.number().nullable().meta({ description: 'Of all steps, 0 to 100.', example: 33.3 }),
  })
  .meta({ id: 'Progress', description: 'How far the training has got, as the provider last said.' });

const tried = z
  .object({
    action: z.enum(attempts).meta({ description: 'What the provider was asked.', example: 'get_job' }),
    at: utcTime,
    answer: z.string().meta({ description: 'What came of it, for people.', example: 'running' }),
  })
  .meta({ id: 'Tried', description: 'What was tried last.' });

const waiting = z
  .object({
    for: z.string().meta({
      description: 'What it waits for, for people.',
      example: 'The provider still shows running; its answer to the cancel: none that is clear, HTTP 503.',
    }),
    since: utcTime,
    last_tried: tried.nullable().meta({ description: 'Null where nothing was tried yet.' }),
    next_look_at: utcTime.nullable().meta({ description: 'When it is tried next; null where nobody can tell.' }),
  })
  .meta({
    id: 'Waiting',
    description: 'Something outside that the run waits for: it goes on, or stops, once that is there.',
  });

/** From our own table, fifty thousand at a time: their form is told, and not looked at again. */
const shownRecordId = z.string().meta({ ...goldenRecordId.meta(), pattern: '^[0-9a-f]{24}$' });

export const finetuning = z
  .object({
    id: finetuningId,
    db_connection_id: dbConnectionId,
    alias: z.string().nullable().meta(forAlias),
    status: z
      .enum(statuses)
      .meta({ description: 'What has been observed or decided, never what is hoped.', example: 'running' }),
    error: z
      .string()
      .nullable()
      .meta({ description: 'Why it failed, or that it was cancelled.', example: 'Fine tuning cancelled by the user' }),
    base_llm: shownBaseLlm,
    finetuning_file_id: z
      .string()
      .nullable()
      .meta({ description: "The provider's id of the training file.", example: 'file-8bHqLwXr3vJd' }),
    finetuning_job_id: z
      .string()
      .nullable()
      .meta({ description: "The provider's id of the job.", example: 'ftjob-Zk2qP0sVbN7c' }),
    model_id: z.string().nullable().meta({
      description: "The provider's id of the trained model, once there is one.",
      example: 'ft:gpt-4.1-mini:acme::9xYzAbCd',
    }),
    created_at: utcTime,
    updated_at: utcTime,
    golden_records: z.array(shownRecordId).nullable().meta({
      description:
        'What it is trained on, fixed at creation. Null in a list, of runs or of cancels, and with an error: show the run itself for them. `dataset.examples` says how many.',
    }),
    dataset: z
      .object({
        examples: z.number().meta({ description: 'One a golden record.', example: 17 }),
        tokens: z.number().meta({ description: 'Of one pass over the examples.', example: 1248 }),
        tokens_exact: z.boolean().meta({
          description: "Whether they were counted by the model's own tokenizer; else they are an estimate.",
          example: true,
        }),
        tokens_margin: z.number().meta({
          description:
            'By how much they may be more or fewer, as a part of them: 0.3 is ±30 %. 0 where they are exact.',
          example: 0,
        }),
        bytes: z.number().meta({ description: 'Size of the training file.', example: 5921 }),
        content_hash: z.string().meta({
          description: 'SHA-256 of the training file.',
          example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        }),
      })
      .nullable()
      .meta({ description: 'The training file, fixed at creation; null where what is stored cannot be read.' }),
    metadata: shownMetadata.nullable(),
    cancellation: cancellation.nullable(),
    progress: progress.nullable(),
    waiting: waiting.nullable().meta({ description: 'Null while it goes on as it should.' }),
  })
  .meta({ id: 'Finetuning', description: 'A run: what it is trained on, how far it has got, whether it was stopped.' });
export type FinetuningView = z.infer<typeof finetuning>;

/** What a create answers. */
export const createdFinetuning = finetuning.and(
  z.object({
    replayed: z.literal(true).optional().meta({
      example: true,
      description: 'The idempotency key was used before: this is the run it made then, and nothing was started now.',
    }),
  }),
);

/** Of the column that holds them. */
export const LARGEST_EVENT_ID = 2_147_483_647;

/** An event that a reader has; 0: none yet. */
export const eventId = z.coerce.number().int().min(0).max(LARGEST_EVENT_ID);

export const timelineEvent = z
  .object({
    id: z
      .number()
      .int()
      .max(LARGEST_EVENT_ID)
      .meta({ description: 'Counts the events of one finetuning from 1; pass it as `after`.', example: 4 }),
    type: z.string().meta({ description: 'What happened, in one word for programs.', example: 'status_changed' }),
    message: z.string().meta({ description: 'The same for people.', example: 'The provider shows running.' }),
    status: z.enum(statuses).nullable().meta({
      description: 'The status this event led to; null where it left it as it was.',
      example: 'running',
    }),
    progress: progress.nullable().meta({ description: 'Where the event changed it.' }),
    by: actor.nullable().meta({
      description:
        "Whose request it comes of. Null: nobody's, as what workers and providers do; or it was before this was kept.",
    }),
    created_at: utcTime,
  })
  .meta({ id: 'FinetuningEvent', description: 'One entry of the timeline.' });

export const eventsQuery = z.strictObject({
  limit: pageQuery.shape.limit,
  after: eventId.default(0).meta({ description: 'Only events after this id; oldest come first.', example: 4 }),
});
