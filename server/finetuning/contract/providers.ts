// Providers on the wire: what is configured, whether it answers, what it guarantees, and what it trains. No secrets.
import { z } from 'zod';
import { parameters } from '../catalogue.ts';
import { utcTime } from './fields.ts';

const day = (description: string) => z.string().meta({ description, example: '2026-11-25' });
const read_on = day('The day on which that was read.');

const announced = z
  .object({
    on: z.string().meta({ description: 'The day announced.', example: '2027-01-06' }),
    read_on,
    at_the_earliest: z.literal(true).optional().meta({
      description: 'There where no more was said than that it will not be before; then it may be trained after it too.',
      example: true,
    }),
  })
  .nullable();

const model = z
  .object({
    name: z.string().meta({ description: 'As `model_name` takes it.', example: 'gpt-4.1-mini' }),
    max_example_tokens: z
      .number()
      .nullable()
      .meta({ description: 'Tokens that one example may have; null where nobody says.', example: 65_536 }),
    tokens_exact: z.boolean().meta({
      description: 'Whether its tokens are counted by its own tokenizer; else by another, which is an estimate.',
      example: true,
    }),
    tokens_margin: z.number().meta({
      description: 'By how much they may be more or fewer, as a part of them: 0.3 is ±30 %. 0 where they are exact.',
      example: 0,
    }),
    usd_per_million_trained_tokens: z
      .number()
      .nullable()
      .meta({ description: 'The public price in US dollars; null where none is known.', example: 5 }),
    training_ends: announced.meta({
      description: 'From which day on nobody can train it; null where none is announced.',
    }),
    serving_ends: announced.meta({
      description: 'From which day on what was trained on it is not served any more; null where none is announced.',
    }),
    existing_customers_only: z
      .object({ read_on })
      .nullable()
      .meta({ description: 'That only who has trained it before may still do so; null where everybody may.' }),
  })
  .meta({ id: 'Model', description: 'A model that a provider trains.' });

const nobodySays = (description: string, example: boolean) => z.boolean().nullable().meta({ description, example });

const guarantees = z
  .object({
    start: z.enum(['at_create', 'held']).meta({
      description:
        'When a job begins: with its create, or held until it is released; one that was never released has never trained.',
      example: 'at_create',
    }),
    stop: z.enum(['cancel', 'fence_then_cancel']).meta({
      description:
        'How a run is stopped: by a cancel, or with its training file removed first, where the engine can forget what it has acknowledged.',
      example: 'cancel',
    }),
    fence: z.enum(['file', 'none']).meta({
      description:
        'What makes a create harmless that is executed late: without its training file it never trains. Or nothing, so that a stop of a run whose create was not answered rests on the settle window alone.',
      example: 'file',
    }),
    identity: z.enum(['assigned', 'named']).meta({
      description: 'Who names a job: the provider, or goldtune, by a name that is given once.',
      example: 'assigned',
    }),
    tag: z.enum(['metadata', 'name_and_comment', 'suffix_and_file']).meta({
      description: 'What of ours a job carries, by which it is found and told from others.',
      example: 'metadata',
    }),
    cancel: z
      .object({
        asynchronous: z.boolean().meta({ description: 'It is answered before it has taken effect.', example: false }),
        may_finish_anyway: nobodySays('A job may finish in spite of it. Null: nobody says.', false),
        keeps_record: nobodySays('The provider goes on to show the job afterwards. Null: nobody says.', true),
        billed: z.string().meta({
          description: 'What is paid for a run that is cancelled.',
          example: 'The tokens trained before it stopped.',
        }),
      })
      .meta({ description: "The provider's own cancel." }),
    verified: z
      .object({
        against: z
          .enum(['real engine', 'live account', 'emulator', 'document'])
          .meta({ description: 'What all of this was held against.', example: 'document' }),
        on: day('When.'),
        note: z.string().meta({ description: 'How, for people.', example: 'The published API.' }),
      })
      .meta({ description: 'How far this can be trusted.' }),
  })
  .meta({ id: 'Guarantees', description: 'What a stop at this provider rests on.' });

export const provider = z
  .object({
    name: z.string().meta({ description: 'As `model_provider` takes it.', example: 'openai' }),
    standard: z.boolean().meta({ description: 'Whether it trains where a request names none.', example: true }),
    sandbox: z.boolean().meta({ description: 'The built-in emulator, which trains nothing.', example: false }),
    reachable: z.boolean().nullable().meta({
      description: 'Whether it answers us; false too where it refuses our key. Null: it cannot be asked for nothing.',
      example: true,
    }),
    reason: z.string().nullable().meta({ description: 'Why it is not, for people.', example: 'no answer within 3 s' }),
    asked_at: utcTime.nullable().meta({ description: 'It is asked anew after some seconds. Null: it was not asked.' }),
    default_model: z.string().nullable().meta({
      description: 'What is trained where a request names no model; null: it has to.',
      example: 'gpt-4.1-mini',
    }),
    parameters: z
      .array(z.enum(parameters).meta({ example: 'n_epochs' }))
      .meta({ description: 'The `model_parameters` it knows; others are refused.' }),
    shows_logs: z.boolean().meta({ description: 'Whether the logs of a run can be read.', example: false }),
    open_catalogue: z
      .boolean()
      .meta({ description: 'Whether it trains any model that is named, beyond those listed.', example: false }),
    models: z.array(model).meta({ description: 'What it trains.' }),
    guarantees,
  })
  .meta({ id: 'Provider', description: 'Who trains, as it is configured.' });
export type ProviderView = z.infer<typeof provider>;
