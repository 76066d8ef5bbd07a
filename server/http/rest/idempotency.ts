// `Idempotency-Key`: a request that makes a record may be sent again, and makes no second one.
import { z } from 'zod';
import { idempotencyKey } from '../../finetuning/contract/finetunings.ts';

export const idempotencyHeader = z.object({
  'Idempotency-Key': idempotencyKey.optional().meta({
    description:
      'Repeating the request with the same key answers with the same record. The order of its fields, or null for one that was left out, does not make it another request.',
    example: '6f1d0d2e-6c4e-4a53-9d0f-3f8a3e8f5a51',
  }),
});

export const replayedHeader = z.object({
  'Idempotent-Replayed': z.literal('true').optional().meta({
    description:
      'The `Idempotency-Key` was used before: the answer is the record made then, and nothing was started now.',
    example: 'true',
  }),
});

export const isReplayed = (replayed = false): Record<string, string> =>
  replayed ? { 'idempotent-replayed': 'true' } : {};
