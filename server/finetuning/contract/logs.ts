// The logs of a run on the wire.
import { z } from 'zod';
import { finetuningId } from './fields.ts';

const USUAL_TAIL = 64 * 1024;
const LARGEST_TAIL = 1024 * 1024;

export const logsQuery = z.strictObject({
  tail_bytes: z.coerce.number().int().min(1).max(LARGEST_TAIL).default(USUAL_TAIL).meta({
    description: 'How much at most, counted from the end; it begins with a whole line.',
    example: USUAL_TAIL,
  }),
});

export const logs = z
  .object({
    finetuning_id: finetuningId,
    model_provider: z.string().meta({ description: 'Where they come from.', example: 'gpus' }),
    job_id: z.string().meta({ description: "The provider's id of the job.", example: '4711' }),
    text: z.string().meta({
      description: 'The end of what the trainer has printed, as plain text: without what steers a terminal.',
      example: 'step 17 loss 0.42\n',
    }),
    cut_off: z.boolean().meta({ description: 'There is more before it.', example: false }),
  })
  .meta({ id: 'Logs', description: "What a run's trainer has printed." });
export type LogsView = z.infer<typeof logs>;
