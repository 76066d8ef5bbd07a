// What tells one host of OpenAI's API from another, as data: the built-in ones, and those an operator writes down.
import { z } from 'zod';
import { parameters } from '../../finetuning/catalogue.ts';
import type { Guarantees } from '../../finetuning/guarantees.ts';
import { SHORTEST_MARK } from './suffix.ts';

/** What a status word means. `active`: it goes on, and shows as what it was shown as before. */
const meanings = ['validating_files', 'queued', 'running', 'active', 'succeeded', 'failed', 'cancelled'] as const;
export type Meaning = (typeof meanings)[number];

/** The six of OpenAI's published API, and the one that old versions of Azure spell in another way. */
export const documentedStatuses: Readonly<Record<string, Meaning>> = {
  validating_files: 'validating_files',
  queued: 'queued',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  canceled: 'cancelled',
};

const word = z.string().min(1).max(100);
const sentence = z.string().min(1).max(500);
const date = z.iso.date('write the day as 2026-11-25');

/**
 * After these a request was not carried out. Any other may come from a gateway that has given up (499, 424, 425), or after
 * the request took effect (408, 409).
 */
export const PROVING: ReadonlySet<number> = new Set([400, 401, 402, 403, 404, 405, 410, 413, 415, 422, 429]);

const refusal = z
  .strictObject({
    status: z
      .int()
      .min(400)
      .max(499)
      .refine(
        (status) => PROVING.has(status),
        `after another status than ${[...PROVING].join(', ')} nobody knows whether it was carried out: take one of these`,
      )
      .optional(),
    /** Of the body: its code, its type, or the code of its inner error. Upper and lower case are one. */
    code: word.optional(),
    /** A part of its message, or several that are all in it. Upper and lower case are one. */
    says: z.union([word, z.array(word).min(1).max(10)]).optional(),
    means: z.enum(['invalid', 'unauthorized', 'forbidden', 'missing', 'busy', 'not_ready', 'exhausted', 'closed']),
  })
  .refine(
    ({ status, code, says }) => status !== undefined || code !== undefined || says !== undefined,
    'say by what it is known: status, code or says',
  );

const headerName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/i, 'not the name of a header')
  .refine(
    (name) => !/auth|key|token|secret|cookie|^host$|^content-|^transfer-/i.test(name),
    'not for what authenticates or describes a request: the API key is configured beside the profile',
  );

/** What an operator writes down of a host. What is left out is as at OpenAI, but for what nobody has said. */
export const profileSchema = z
  .strictObject({
    /** `method`: in `method.supervised.hyperparameters`. `top_level`: in `hyperparameters`. */
    hyperparameters: z.enum(['method', 'top_level']).default('method'),
    parameters: z.array(z.enum(parameters)).max(parameters.length).default(['n_epochs', 'batch_size']),
    /** What is sent of a parameter that is to be chosen there: the word "auto", or nothing. */
    auto: z.enum(['sent', 'left_out']).default('left_out'),
    /** Under which names LoRA is asked for; `enabled` is set to true where there is such a field. */
    lora: z
      .strictObject({ enabled: word.nullable().default(null), r: word, alpha: word, dropout: word })
      .nullable()
      .default(null),
    /** `metadata`: kept, and shown in the list. `suffix_and_file`: in the suffix, beside the file of the job. */
    tag: z.enum(['metadata', 'suffix_and_file']),
    longest_suffix: z.int().min(SHORTEST_MARK).max(64).default(64),
    /** A word that is not here goes on, and is shown as it was said. */
    statuses: z.record(word, z.enum(meanings)).default({ ...documentedStatuses }),
    /** `events`: metrics among the events. `job`: `trained_steps` and `total_steps` of the job, without losses. */
    progress: z.enum(['events', 'job']).default('events'),
    /** How many jobs of an account run at once, and how many more may be queued; null where that is told to nobody. */
    queue: z
      .strictObject({ running: z.int().min(1).max(1000), queued: z.int().min(0).max(100_000) })
      .nullable()
      .default(null),
    /** Sent with every request. */
    headers: z
      .record(
        headerName,
        z
          .string()
          .max(1000)
          .regex(/^[\x20-\x7e]*$/, 'not text for a header'),
      )
      .default({}),
    /** In whose form it refuses. What comes in another form proves nothing: a proxy may have sent it. */
    errors: z.enum(['openai', 'openai_or_fastapi', 'openai_or_gateway']).default('openai'),
    /** Read before those that all hosts share; the first that fits decides. */
    refusals: z.array(refusal).max(50).default([]),
    cancel: z
      .strictObject({
        asynchronous: z.boolean().default(true),
        may_finish_anyway: z.boolean().nullable().default(null),
        keeps_record: z.boolean().nullable().default(null),
        billed: sentence.default('Not known: nobody has said.'),
      })
      .prefault({}),
    verified: z.strictObject({ against: z.enum(['live account', 'emulator', 'document']), on: date, note: sentence }),
  })
  .refine(({ parameters, lora }) => parameters.includes('lora') === (lora !== null), {
    path: ['lora'],
    message: 'name its fields in `lora` exactly where `parameters` lists it',
  });

export type Profile = z.infer<typeof profileSchema>;
/** As it is written down. */
export type ProfileInput = z.input<typeof profileSchema>;

export const guaranteesOf = ({ tag, cancel, verified }: Profile): Guarantees => ({
  start: 'at_create',
  // An engine that forgets must hold its jobs, and nothing of OpenAI's API does.
  stop: 'cancel',
  fence: 'file',
  identity: 'assigned',
  tag,
  cancel,
  verified,
});
