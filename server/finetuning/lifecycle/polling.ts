// What looks at the known job make of a run: it goes on, it has ended, or it is missing, and in the end gone.
import { isJobOf, type JobProgress, type Listing, type Outcome, type ProviderJob } from '../provider.ts';
import { foremost, searchOfAll } from './job-search.ts';
import { cancelled, closeCancels, isStray, observe } from './observe.ts';
import { type Call, isTerminal, later, type Run, type State, type Timing, wantsStop } from './state.ts';
import { askAgain, type Event, listAgain, move, noNews, reschedule, type Transition } from './transition.ts';
import { waitingFor } from './waiting.ts';

/** `progress` undefined: it could not be had; null: there is none. */
export type Polled = { job_id: string; outcome: Outcome<ProviderJob>; progress?: JobProgress | null };
export type GoneSearched = { outcome: Outcome<Listing<ProviderJob>>; progress?: JobProgress | null };

/** The look at the known job. */
export function applyPoll(run: Run, { job_id, outcome, progress }: Polled, now: string, timing: Timing): Transition {
  if (outcome.kind === 'done') {
    const { value } = outcome;
    // Under another id than asked for it counts where it shows that it is this run's.
    if (value.id === job_id || isJobOf(searchOfAll(run), value)) {
      return observe(run, { ...value, id: job_id }, now, timing, progress);
    }
    return askAgain(
      run,
      now,
      { kind: 'unknown', reason: `asked for ${job_id}, it shows another job` },
      timing.poll_interval_ms,
    );
  }
  if (outcome.kind === 'unknown' || outcome.refusal.code !== 'missing') {
    // 401 and 403 are never "gone" (DESIGN 3.6): stay, and say so.
    return cancelAgain(run, now) ?? askAgain(run, now, outcome, timing.poll_interval_ms);
  }
  if (isStray(run, job_id)) {
    const event: Event = { type: 'stray_job_stopped', message: 'The stray job no longer exists at the provider.' };
    return move(run, event, { calls: closeCancels(run.calls), due_at: now });
  }
  const due_at = later(now, Math.min(timing.poll_interval_ms, timing.settle_window_ms));
  const event: Event = {
    type: 'job_missing',
    message: 'The provider does not know the job; looking again for a while.',
  };
  if (run.state.gone_since !== null) return noNews(run, due_at, { event, now });
  return move(run, event, {
    state: { gone_since: now, waiting: waitingFor(run, event, now) },
    calls: closeCancels(run.calls),
    due_at,
  });
}

/** Gone is what shows under no id: an id may have been of the gateway's own making, and the job be there under another. */
export function applyGoneSearch(
  run: Run,
  { outcome, progress }: GoneSearched,
  now: string,
  timing: Timing,
): Transition {
  if (isTerminal(run.state.status)) return reschedule(run, run.due_at);
  if (outcome.kind !== 'done') return askAgain(run, now, outcome, timing.poll_interval_ms);
  const { found, incomplete } = outcome.value;
  const job = foremost(
    found.filter((one) => counts(one, run)),
    run.state.job_id,
  );
  if (job) return observe({ ...run, state: { ...run.state, job_id: job.id } }, job, now, timing, progress);
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

/** Those of earlier attempts had failed, and were given up. Whatever runs or succeeded is the run's all the same. */
const counts = ({ phase, tag: { goldtune_attempt } }: ProviderJob, { state }: Run) =>
  phase === 'active' ||
  phase === 'succeeded' ||
  goldtune_attempt === undefined ||
  goldtune_attempt === String(state.attempt);

/** A cancel that nothing has been heard of: sent again after 4, 8, 16 … looks in vain. Null: not now. */
function cancelAgain(run: Run, now: string): Transition | null {
  const failures = run.failures + 1;
  const isOpen = run.calls.some((call) => call.kind === 'cancel' && call.state === 'open');
  if (!isOpen || failures < 4 || !Number.isInteger(Math.log2(failures))) return null;
  const event: Event = {
    type: 'cancel_pending',
    message: 'No look at the job has shown what became of the cancel; it is sent again.',
  };
  return move(run, event, {
    state: { waiting: run.state.waiting },
    calls: closeCancels(run.calls),
    due_at: now,
    failures,
  });
}
