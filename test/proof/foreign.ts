// What somebody else has at the same provider: jobs and files that nobody here may touch (I11).
import type { LedgerFile, LedgerJob } from '../../server/provider/sandbox/entries.ts';
import type { Ledger } from '../../server/provider/sandbox/ledger.ts';
import { ELSEWHERE, STRANGE_OWNER } from './foreign-tag.ts';

/** Long after every test has ended. */
const FOR_EVER_MS = 1e10;

/** Plants what carries no tag, and what another installation has tagged and named as we do. @returns the files' ids */
export function plantForeign(ledger: Ledger): string[] {
  const tag = { goldtune_finetuning: STRANGE_OWNER, goldtune_attempt: '1', goldtune_deployment: ELSEWHERE };
  return [
    plant(ledger, 'theirs.jsonl', null),
    plant(ledger, 'theirs-too.jsonl', { project: 'something else' }),
    plant(ledger, `${STRANGE_OWNER}.1.jsonl`, tag),
  ];
}

function plant(ledger: Ledger, filename: string, metadata: LedgerJob['metadata']): string {
  const now = ledger.now();
  const file: LedgerFile = {
    id: ledger.newId('file'),
    filename,
    bytes: 1000,
    purpose: 'fine-tune',
    created_at: now,
    examples: 10,
  };
  ledger.addFile(file, new Uint8Array());
  ledger.addJob([], () => trainingOn(ledger, file.id, metadata));
  return file.id;
}

/** A job that goes on for ever. */
export const trainingOn = (ledger: Ledger, training_file: string, metadata: LedgerJob['metadata']): LedgerJob => ({
  id: ledger.newId('ftjob'),
  model: 'gpt-4.1-mini',
  training_file,
  validation_file: null,
  suffix: null,
  seed: 1,
  metadata,
  hyperparameters: { n_epochs: 3, batch_size: 1, learning_rate_multiplier: 'auto' },
  trained_tokens: 1000,
  course: {
    timeline: {
      created_at: ledger.now(),
      validated_at: ledger.now() + FOR_EVER_MS,
      started_at: ledger.now() + FOR_EVER_MS,
      step_ms: FOR_EVER_MS,
      total_steps: 1,
    },
    invalid: null,
    ending: null,
  },
});
