// What an outcome makes of a run. Pure. Outcomes of calls are facts and apply to whatever the row has become meanwhile.
import type { JobProgress, Listing, Outcome, ProviderFile, ProviderJob } from '../provider.ts';
import { foremost } from './job-search.ts';
import { cancelled, closeCancels, isStray, observe } from './observe.ts';
import { applyRemoval, applyRemovalSearch } from './removal.ts';
import {
  type Call,
  evidenceOfNone,
  isTerminal,
  later,
  openCall,
  type Run,
  type State,
  type Timing,
  wantsStop,
} from './state.ts';
import { applyCreate, applyJobSearch, applyVerification } from './submission.ts';
import {
  askAgain,
  type Event,
  listAgain,
  move,
  reasonOf,
  reschedule,
  type Transition,
  withCall,
} from './transition.ts';
import { applyFileCheck, applyFileSearch, applyUpload } from './upload.ts';

export type Happening =
  | { kind: 'call_opened'; call: Call }
  | { kind: 'upload_answered'; call_id: string; outcome: Outcome<ProviderFile> }
  | { kind: 'create_answered'; call_id: string; outcome: Outcome<ProviderJob> }
  | { kind: 'cancel_answered'; call_id: string; outcome: Outcome<ProviderJob> }
  | { kind: 'delete_file_answered'; call_id: string; outcome: Outcome<{ id: string }> }
  | { kind: 'file_searched'; call_id: string; outcome: Outcome<Listing<ProviderFile>> }
  | { kind: 'file_checked'; call_id: string; outcome: Outcome<ProviderFile>; last: boolean }
  | { kind: 'job_verified'; call_id: string; outcome: Outcome<ProviderJob> }
  | {
      kind: 'job_searched';
      call_id: string;
      outcome: Outcome<Listing<ProviderJob>>;
      started_at: string;
      conclusive: boolean;
    }
  | { kind: 'polled'; job_id: string; outcome: Outcome<ProviderJob>; progress?: JobProgress | null }
  | { kind: 'gone_searched'; outcome: Outcome<Listing<ProviderJob>> }
  | { kind: 'concluded' }
  | { kind: 'forgotten' };

/** Null: what happened no longer concerns the run, because its call was resolved by other means. */
export function apply(run: Run, happening: Happening, now: string, timing: Timing): Transition | null {
  switch (happening.kind) {
    case 'call_opened':
      return open(run, happening.call);
    case 'upload_answered': {
      const call = find(run, happening.call_id, 'upload');
      return call && applyUpload(run, call, happening.outcome, now, timing);
    }
    case 'file_searched': {
      const upload = find(run, happening.call_id, 'upload');
      if (upload) return applyFileSearch(run, upload, happening.outcome, now, timing);
      const removal = find(run, happening.call_id, 'delete_file');
      return removal && applyRemovalSearch(run, removal, happening.outcome, now);
    }
    case 'file_checked': {
      const call = find(run, happening.call_id, 'upload');
      return call && applyFileCheck(run, call, happening, now, timing);
    }
    case 'create_answered': {
      const call = find(run, happening.call_id, 'create');
      return call && applyCreate(run, call, happening.outcome, now);
    }
    case 'job_verified': {
      const call = find(run, happening.call_id, 'create');
      return call && applyVerification(run, call, happening.outcome, now, timing);
    }
    case 'job_searched': {
      const call = find(run, happening.call_id, 'create');
      return call && applyJobSearch(run, call, happening, now, timing);
    }
    case 'cancel_answered':
      return cancelAnswered(run, happening.call_id, happening.outcome, now);
    case 'delete_file_answered': {
      const call = find(run, happening.call_id, 'delete_file');
      return call && applyRemoval(run, call, happening.outcome, now);
    }
    case 'polled':
      return polled(run, happening, now, timing);
    case 'gone_searched':
      return goneSearched(run, happening.outcome, now, timing);
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
  cancel: { type: 'cancel_sent', message: 'Asking the provider to cancel.' },
  delete_file: { type: 'file_delete_started', message: 'Removing a training file from the provider.' },
};

/** I2: this is written before the request leaves. I7: a create is opened only where the intent is still run. */
function open(run: Run, call: Call): Transition | null {
  if (call.kind === 'create' && (wantsStop(run.state.intent) || run.state.job_id !== null || openCall(run.calls))) {
    return null;
  }
  const superseded = run.calls.map(
    (other): Call => (other.state === 'open' && other.kind === call.kind ? { ...other, state: 'settled' } : other),
  );
  return move(run, opened[call.kind], {
    calls: [...superseded, call],
    due_at: call.lease_until,
    failures: run.failures,
  });
}

function cancelAnswered(run: Run, call_id: string, outcome: Outcome<ProviderJob>, now: string): Transition | null {
  const call = find(run, call_id, 'cancel');
  if (!call) return null;
  const detail = outcome.kind === 'done' ? outcome.value.provider_status : reasonOf(outcome);
  // Not a conclusion, whatever it says: the GET that follows decides (DESIGN 3.6).
  const event: Event = { type: 'cancel_answered', message: `The provider answered the cancel: ${detail}.` };
  return move(run, event, {
    calls: withCall(run.calls, { ...call, replied_at: now, detail }),
    due_at: now,
    failures: run.failures,
  });
}

function polled(
  run: Run,
  { job_id, outcome, progress }: Extract<Happening, { kind: 'polled' }>,
  now: string,
  timing: Timing,
): Transition {
  if (outcome.kind === 'done') return observe(run, outcome.value, now, timing, progress);
  if (outcome.kind === 'unknown' || outcome.refusal.code !== 'missing') {
    // 401 and 403 are never "gone" (DESIGN 3.6): stay, and say so.
    return askAgain(run, now, outcome, timing.poll_interval_ms);
  }
  if (isStray(run, job_id)) {
    const event: Event = { type: 'stray_job_stopped', message: 'The stray job no longer exists at the provider.' };
    return move(run, event, { calls: closeCancels(run.calls), due_at: now });
  }
  const due_at = later(now, Math.min(timing.poll_interval_ms, timing.settle_window_ms));
  if (run.state.gone_since !== null) return reschedule(run, due_at);
  return move(
    run,
    { type: 'job_missing', message: 'The provider does not know the job; looking again for a while.' },
    {
      state: { gone_since: now },
      calls: closeCancels(run.calls),
      due_at,
    },
  );
}

/** Gone is what shows under no id: an id may have been of the gateway's own making, and the job be there under another. */
function goneSearched(run: Run, outcome: Outcome<Listing<ProviderJob>>, now: string, timing: Timing): Transition {
  if (isTerminal(run.state.status)) return reschedule(run, run.due_at);
  if (outcome.kind !== 'done') return askAgain(run, now, outcome, timing.poll_interval_ms);
  const { found, incomplete } = outcome.value;
  // Those of earlier attempts have failed and were given up.
  const job = foremost(
    found.filter((one) => isOfAttempt(one, run) || one.phase === 'active'),
    run.state.job_id,
  );
  if (job) return observe({ ...run, state: { ...run.state, job_id: job.id } }, job, now, timing);
  if (incomplete !== null) return listAgain(run, now, incomplete, timing.poll_interval_ms);
  const calls = run.calls.map((call): Call => (call.state === 'open' ? { ...call, state: 'settled' } : call));
  if (wantsStop(run.state.intent)) {
    const state = cancelled(run.state, 'provider_gone', now);
    return move(
      run,
      { type: 'cancelled', message: 'The job no longer exists at the provider.' },
      { state, calls, due_at: now },
    );
  }
  const error = 'The job no longer exists at the provider; start a new finetuning.';
  const state: Partial<State> = { status: 'failed', error };
  return move(run, { type: 'failed', message: error }, { state, calls, due_at: now });
}

const isOfAttempt = ({ tag: { goldtune_attempt } }: ProviderJob, { state }: Run) =>
  goldtune_attempt === undefined || goldtune_attempt === String(state.attempt);

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
