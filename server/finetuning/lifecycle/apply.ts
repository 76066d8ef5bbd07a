// What an outcome makes of a run. Pure. Outcomes of calls are facts and apply to whatever the row has become meanwhile.
import type { Listing, Outcome, ProviderFile, ProviderJob } from '../provider.ts';
import { cancelled } from './observe.ts';
import { applyGoneSearch, applyPoll, type GoneSearched, type Polled } from './polling.ts';
import { applyRemoval, applyRemovalSearch } from './removal.ts';
import { type Call, evidenceOfNone, isTerminal, openCall, type Run, type Terms, wantsStop } from './state.ts';
import { applyCreate, applyJobSearch, applyVerification } from './submission.ts';
import { type Event, move, reasonOf, type Transition, withCall } from './transition.ts';
import { applyFileCheck, applyFileSearch, applyUpload } from './upload.ts';

export type Happening =
  | { kind: 'call_opened'; call: Call }
  | { kind: 'upload_answered'; call_id: string; outcome: Outcome<ProviderFile> }
  | { kind: 'create_answered'; call_id: string; outcome: Outcome<ProviderJob> }
  | { kind: 'release_answered'; call_id: string; outcome: Outcome<ProviderJob> }
  | { kind: 'cancel_answered'; call_id: string; outcome: Outcome<ProviderJob> }
  | { kind: 'delete_file_answered'; call_id: string; outcome: Outcome<{ id: string }> }
  | { kind: 'file_searched'; call_id: string; outcome: Outcome<Listing<ProviderFile>> }
  | { kind: 'file_checked'; call_id: string; outcome: Outcome<ProviderFile>; last: boolean }
  | { kind: 'job_verified'; call_id: string; outcome: Outcome<ProviderJob> }
  | {
      kind: 'job_searched';
      call_id: string;
      outcome: Outcome<Listing<ProviderJob>>;
      conclusive: boolean;
    }
  | ({ kind: 'polled' } & Polled)
  | ({ kind: 'gone_searched' } & GoneSearched)
  | { kind: 'concluded' }
  | { kind: 'forgotten' };

/** Null: what happened no longer concerns the run, because its call was resolved by other means. */
export function apply(run: Run, happening: Happening, now: string, terms: Terms): Transition | null {
  switch (happening.kind) {
    case 'call_opened':
      return open(run, happening.call);
    case 'upload_answered': {
      const call = find(run, happening.call_id, 'upload');
      return call && applyUpload(run, call, happening.outcome, now, terms);
    }
    case 'file_searched': {
      const upload = find(run, happening.call_id, 'upload');
      if (upload) return applyFileSearch(run, upload, happening.outcome, now, terms);
      const removal = find(run, happening.call_id, 'delete_file');
      return removal && applyRemovalSearch(run, removal, happening.outcome, now, terms);
    }
    case 'file_checked': {
      const call = find(run, happening.call_id, 'upload');
      return call && applyFileCheck(run, call, happening, now, terms);
    }
    case 'create_answered': {
      const call = find(run, happening.call_id, 'create');
      return call && applyCreate(run, call, happening.outcome, now);
    }
    case 'job_verified': {
      const call = find(run, happening.call_id, 'create');
      return call && applyVerification(run, call, happening.outcome, now, terms);
    }
    case 'job_searched': {
      const call = find(run, happening.call_id, 'create');
      return call && applyJobSearch(run, call, happening, now, terms);
    }
    case 'release_answered':
    case 'cancel_answered':
      return jobCallAnswered(run, happening, now);
    case 'delete_file_answered': {
      const call = find(run, happening.call_id, 'delete_file');
      return call && applyRemoval(run, call, happening.outcome, now);
    }
    case 'polled':
      return applyPoll(run, happening, now, terms);
    case 'gone_searched':
      return applyGoneSearch(run, happening, now, terms);
    case 'concluded':
      return conclude(run, now);
    case 'forgotten':
      return move(
        run,
        { type: 'forgotten', message: 'The provider is clean; the finetuning is forgotten.' },
        {
          state: { deleted_at: now, alias: null, metadata: null },
          due_at: null,
        },
      );
    default:
      return happening satisfies never;
  }
}

function find<K extends Call['kind']>(run: Run, id: string, kind: K): Extract<Call, { kind: K }> | null {
  const isIt = (call: Call): call is Extract<Call, { kind: K }> =>
    call.id === id && call.kind === kind && call.state === 'open';
  return run.calls.find(isIt) ?? null;
}

const opened: Record<Call['kind'], Event> = {
  upload: { type: 'upload_started', message: 'Uploading the training file.' },
  create: { type: 'submission_started', message: 'Submitting the job to the provider.' },
  release: { type: 'release_sent', message: 'Letting the job begin.' },
  cancel: { type: 'cancel_sent', message: 'Asking the provider to cancel.' },
  delete_file: { type: 'file_delete_started', message: 'Removing a training file from the provider.' },
};

/** I2: this is written before the request leaves. I7: what may begin a training is opened only where the intent is run. */
function open(run: Run, call: Call): Transition | null {
  if (call.kind === 'create' && (wantsStop(run.state.intent) || run.state.job_id !== null || openCall(run.calls))) {
    return null;
  }
  if (call.kind === 'release' && (wantsStop(run.state.intent) || isTerminal(run.state.status))) return null;
  const superseded = run.calls.map(
    (other): Call => (other.state === 'open' && other.kind === call.kind ? { ...other, state: 'settled' } : other),
  );
  return move(run, opened[call.kind], {
    calls: [...superseded, call],
    due_at: call.lease_until,
    failures: run.failures,
  });
}

function jobCallAnswered(
  run: Run,
  { kind, call_id, outcome }: Extract<Happening, { kind: 'release_answered' | 'cancel_answered' }>,
  now: string,
): Transition | null {
  const what = kind === 'cancel_answered' ? 'cancel' : 'release';
  const call = find(run, call_id, what);
  if (!call) return null;
  const detail = answerOf(outcome);
  // Not a conclusion, whatever it says: the GET that follows decides (DESIGN 3.6).
  const event: Event = { type: kind, message: `The provider's answer to the ${what}: ${detail}.` };
  // But a refusal is proof: this release has not let the job begin.
  const isRefused = call.kind === 'release' && outcome.kind === 'refused';
  const answered: Call = { ...call, replied_at: now, detail, state: isRefused ? 'refused' : call.state };
  return move(run, event, {
    // Whether the job is held still, or is there at all, is seen next.
    state: isRefused ? { job_stage: null } : {},
    calls: withCall(run.calls, answered),
    due_at: now,
    failures: run.failures,
  });
}

function answerOf(outcome: Outcome<ProviderJob>): string {
  switch (outcome.kind) {
    case 'done':
      return outcome.value.provider_status;
    case 'refused':
      return `refused, ${reasonOf(outcome)}`;
    case 'unknown':
      return `none that is clear, ${reasonOf(outcome)}`;
    default:
      return outcome satisfies never;
  }
}

/** A stop is wanted and no job exists or can come to exist. */
function conclude(run: Run, now: string): Transition | null {
  if (isTerminal(run.state.status) || run.state.job_id !== null || openCall(run.calls)?.kind === 'create') return null;
  return move(
    run,
    { type: 'cancelled', message: 'Nothing runs at the provider, and nothing will.' },
    {
      state: cancelled(run.state, evidenceOfNone(run.calls), now),
      due_at: now,
    },
  );
}
