// What a webhook says, for those who receive it.
import { z } from 'zod';
import { webhookTypes } from '../webhooks/kinds.ts';
import { finetuningId, shownMetadata, utcTime } from './fields.ts';
import { cancellation, finetuning } from './finetunings.ts';

const { alias, status, error, finetuning_job_id, model_id } = finetuning.shape;

const toldWait = z
  .object({
    for: z.string().meta({ description: 'What it waits for, for people.', example: 'The provider cannot be reached.' }),
    since: utcTime,
  })
  .meta({ description: 'Something outside that the run waits for.' });

export const webhookMessage = z
  .object({
    type: z.enum(webhookTypes).meta({ description: 'What happened.', example: 'finetuning.cancelled' }),
    timestamp: utcTime,
    data: z
      .object({
        id: finetuningId,
        version: z.number().int().meta({
          description: 'The event of the run that this tells, by its id: all else is as it was after that.',
          example: 12,
        }),
        alias,
        status,
        error,
        finetuning_job_id,
        model_id,
        metadata: shownMetadata.nullable(),
        cancellation: cancellation.nullable(),
        waiting: toldWait.nullable(),
      })
      .meta({ description: 'The run, as it was after that.' }),
  })
  .meta({ id: 'WebhookMessage', description: 'What is sent to a webhook endpoint.' });
export type WebhookMessage = z.infer<typeof webhookMessage>;
