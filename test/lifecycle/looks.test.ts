// What is asked of a provider at a look: a stop waits for nothing that is for show.
import { expect, test } from 'vitest';
import { lookAtJob } from '../../server/finetuning/looks.ts';
import type { ProviderJob } from '../../server/finetuning/provider.ts';

const PROGRESS = { step: 3, total_steps: 10, train_loss: 1.5, valid_loss: null };
const REF = { id: 'job-1', name: null, incarnation: null };

const job = (shown: Partial<ProviderJob>): ProviderJob => ({
  ...REF,
  phase: 'active',
  provider_status: 'as it is',
  shown_status: null,
  model_id: null,
  trained_tokens: null,
  error: null,
  estimated_finish: null,
  training_file_id: 'file-1',
  held: false,
  tag: {},
  ...shown,
});

/** Whether it is asked how far the job is. */
async function isAsked(shown: Partial<ProviderJob>, intent: 'run' | 'cancel' | 'delete'): Promise<boolean> {
  let isAsked = false;
  const provider = {
    getJob: async () => ({ kind: 'done' as const, value: job(shown) }),
    getProgress: async () => {
      isAsked = true;
      return { kind: 'done' as const, value: PROGRESS };
    },
  };
  const seen = await lookAtJob({ provider }, REF, intent);
  expect('progress' in seen).toBe(isAsked);
  return isAsked;
}

test.each(['cancel', 'delete'] as const)(
  'a %s once waited for the files of a trainer to be read: how far a job is that goes on, or is cancelled, is not asked',
  async (intent) => {
    for (const shown_status of ['validating_files', 'queued', 'running', null] as const)
      expect(await isAsked({ phase: 'active', shown_status }, intent)).toBe(false);
    expect(await isAsked({ phase: 'cancelled', shown_status: null }, intent)).toBe(false);
  },
);

test('how far a job is decides what its failure means, and belongs to what has succeeded: that is asked always', async () => {
  for (const intent of ['run', 'cancel', 'delete'] as const)
    for (const phase of ['failed', 'succeeded'] as const)
      expect(await isAsked({ phase, shown_status: null }, intent)).toBe(true);
});

test('how far a job is that is wanted is asked once it may have begun', async () => {
  expect(await isAsked({ phase: 'active', shown_status: 'running' }, 'run')).toBe(true);
  expect(await isAsked({ phase: 'active', shown_status: 'queued' }, 'run')).toBe(false);
});
