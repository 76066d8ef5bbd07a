// That there is no such job, in the form in which Slurm itself says it.
import type { Outcome } from '../../finetuning/provider.ts';
import { failure } from './classify.ts';

/** Slurm's own number. */
const NO_SUCH_JOB = 2017;

export const missing = (message: string): Outcome<never> => failure({ number: NO_SUCH_JOB, message }, 404);

export const isMissing = (outcome: Outcome<unknown>) =>
  outcome.kind === 'refused' && outcome.refusal.code === 'missing';
