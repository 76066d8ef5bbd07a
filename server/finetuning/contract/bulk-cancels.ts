// Bulk cancels on the wire: many runs stopped by one wish, and what has become of each.
import { z } from 'zod';
import { outcomes } from '../bulk/bulk-cancel.ts';
import { isTerminal, statuses } from '../lifecycle/state.ts';
import { dbConnectionId, finetuningId, idOf, modelName, text, utcTime } from './fields.ts';
import { forReason } from './finetunings.ts';

/** As many as a body holds without being a large one. */
const MOST_NAMED = 10_000;

export const bulkCancelId = idOf('Id of the bulk cancel', '6b0d1d1114bbfd7ccf191971');

const active = statuses.filter((status) => !isTerminal(status));

/** Strict, unlike a cancel of one: a condition that is not heeded would stop what nobody meant. */
const conditions = z
  .strictObject({
    status: z.enum(active).optional().meta({ description: 'Only runs in this status.', example: 'running' }),
    db_connection_id: dbConnectionId.optional().meta({ description: 'Only runs on this database connection.' }),
    model: modelName.optional().meta({ description: 'Only runs of this base model.', example: 'gpt-4.1-mini' }),
    provider: text(100).optional().meta({ description: 'Only runs at this provider.', example: 'openai' }),
  })
  .refine((where) => Object.values(where).some((value) => value !== undefined), {
    error: 'names no condition; to stop all runs of the organization send `"all": true` instead',
  })
  .meta({ description: 'All runs that match each of these.' });

const exactlyOne = ({ ids, where, all }: { ids?: unknown; where?: unknown; all?: unknown }) =>
  [ids, where, all].filter((given) => given !== undefined && given !== null).length === 1;

const forAsOf = {
  description:
    'Runs that were made after this moment are not taken in: `as_of` of the preview that was looked at. Left out: until now. Not heeded with `ids`.',
};

export const bulkCancelInput = z
  .strictObject({
    ids: z
      .array(finetuningId)
      .min(1)
      .max(MOST_NAMED)
      .nullish()
      .meta({ description: 'These runs, and no others.', example: ['6579eb79eb4e22533dc43fe0'] }),
    where: conditions.nullish(),
    all: z.literal(true).nullish().meta({ description: 'All runs of the organization.', example: true }),
    as_of: utcTime
      .max(40)
      .nullish()
      .meta({ ...forAsOf, example: '2026-11-20T17:35:53.263Z' }),
    reason: text(1000).nullish().meta(forReason),
    dry_run: z
      .boolean()
      .nullish()
      .meta({ description: 'Only say what would be stopped; nothing is changed.', example: true }),
  })
  .refine(exactlyOne, { error: 'give exactly one of ids, where and all: which runs are meant' })
  .meta({
    id: 'BulkCancelRequest',
    description:
      'Which runs to stop, by exactly one of `ids`, `where` and `all`. A field that is not known is refused.',
  });

const chosenRun = z
  .object({
    id: finetuningId,
    alias: z.string().nullable().meta({ example: 'my_model' }),
    status: z.string().meta({ example: 'running' }),
    model_name: z.string().meta({ example: 'gpt-4.1-mini' }),
    db_connection_id: dbConnectionId,
  })
  .meta({ id: 'ChosenRun', description: 'A run that a bulk cancel is about.' });

const group = z.object({
  count: z.number().meta({ example: 12 }),
  is_more: z
    .boolean()
    .meta({ description: 'Whether they are more than `count`, and were not counted further.', example: false }),
  runs: z.array(chosenRun).meta({ description: 'Newest first, a hundred at most.' }),
});

export const bulkCancelPreview = z
  .object({
    dry_run: z.literal(true).meta({ example: true }),
    as_of: utcTime.meta({ description: 'Send it back, and no run that was made later is stopped.' }),
    to_cancel: group.meta({ description: 'Would be stopped.' }),
    already_stopping: group.meta({ description: 'Are asked to stop already; another wish changes nothing.' }),
    past_stopping: group.meta({ description: 'Have ended: there is nothing to stop.' }),
  })
  .meta({ id: 'BulkCancelPreview', description: 'What a bulk cancel would stop, and what is past stopping.' });

const forOutcome = {
  description:
    'storing: its wish is still to be stored. stopping: stored, and pursued until proven. cancelled: proven. too_late: it had ended. deleted: it was forgotten since. unknown: there was no such run. unreadable: its row holds what nobody understands; the log says what.',
  example: 'cancelled' as const,
};
const count = z.number().meta({ example: 4 });
const countsOf = (names: typeof outcomes) => z.object(Object.fromEntries(names.map((name) => [name, count])));

export const bulkCancel = z
  .object({
    id: bulkCancelId,
    state: z.enum(['storing', 'stopping', 'done']).meta({
      description:
        'storing: some runs are still to get the wish, which is certain by now all the same. stopping: each has it. done: nothing is left to stop.',
      example: 'stopping',
    }),
    all: z.boolean().meta({ description: 'Whether it was for all runs.', example: false }),
    where: z
      .record(z.string(), z.string())
      .nullable()
      .meta({
        description: 'The conditions it was for; null: it was for named runs, or all.',
        example: { status: 'running' },
      }),
    as_of: utcTime,
    reason: z.string().nullable().meta(forReason),
    requested_by: z.string().meta({ description: 'Who asked.', example: 'on call' }),
    created_at: utcTime,
    stored_at: utcTime.nullable().meta({ description: 'Since then each run has the wish; null: not yet.' }),
    runs: z.number().meta({ description: 'How many it took in.', example: 12 }),
    counts: countsOf(outcomes).meta({ description: `How many have come to what. ${forOutcome.description}` }),
  })
  .meta({ id: 'BulkCancel', description: 'Many runs stopped by one wish, and how far that is.' });

export const bulkRun = z
  .object({
    id: finetuningId,
    outcome: z.enum(outcomes).meta(forOutcome),
    alias: chosenRun.shape.alias,
    status: chosenRun.shape.status.nullable(),
    model_name: chosenRun.shape.model_name.nullable(),
    db_connection_id: dbConnectionId.nullable(),
  })
  .meta({
    id: 'BulkCancelRun',
    description: 'What has become of one run; where there is none, the id and that alone.',
  });
