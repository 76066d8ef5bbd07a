// What the provider was asked, and what came of it: kept with the run, so that whoever waits for it need not read a log.
import type { Happening } from './lifecycle/apply.ts';
import type { Tried } from './lifecycle/state.ts';
import { reasonOf } from './lifecycle/transition.ts';
import type { Listing, Outcome, ProviderFile, ProviderJob } from './provider.ts';

/** Null: the provider was not asked. */
export function triedIn(happening: Happening, at: string): Tried | null {
  switch (happening.kind) {
    case 'upload_answered':
      return { action: 'upload', at, answer: answerOf(happening.outcome, stateOf) };
    case 'create_answered':
      return { action: 'create', at, answer: answerOf(happening.outcome, statusOf) };
    case 'release_answered':
      return { action: 'release', at, answer: answerOf(happening.outcome, statusOf) };
    case 'cancel_answered':
      return { action: 'cancel', at, answer: answerOf(happening.outcome, statusOf) };
    case 'delete_file_answered':
      return { action: 'delete_file', at, answer: answerOf(happening.outcome, () => 'deleted') };
    case 'file_checked':
      return { action: 'get_file', at, answer: answerOf(happening.outcome, stateOf) };
    case 'file_searched':
      return { action: 'list_files', at, answer: answerOf(happening.outcome, sizeOf) };
    case 'job_verified':
    case 'polled':
      return { action: 'get_job', at, answer: answerOf(happening.outcome, statusOf) };
    case 'job_searched':
    case 'gone_searched':
      return { action: 'list_jobs', at, answer: answerOf(happening.outcome, sizeOf) };
    case 'call_opened':
    case 'concluded':
    case 'forgotten':
      return null;
    default:
      return happening satisfies never;
  }
}

function answerOf<T>(outcome: Outcome<T>, words: (value: T) => string): string {
  switch (outcome.kind) {
    case 'done':
      return words(outcome.value);
    case 'refused':
      return `HTTP ${outcome.refusal.status}: ${reasonOf(outcome)}`;
    case 'unknown':
      return outcome.reason;
    default:
      return outcome satisfies never;
  }
}

const statusOf = ({ provider_status }: ProviderJob) => provider_status;
const stateOf = ({ ready }: ProviderFile) => (ready ? 'ready' : 'importing');
const sizeOf = ({ found, incomplete }: Listing<unknown>) =>
  `${found.length} found${incomplete ? `; ${incomplete}` : ''}`;
