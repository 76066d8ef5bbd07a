// What looks at the known job make of a run: it goes on, it has ended, or it is missing, and in the end gone.
import { isJobOf, type JobProgress, type JobRef, type Listing, type Outcome, type ProviderJob } from '../provider.ts';
import { closeJobCalls, giveUpAttempt } from './attempt.ts';
import { foremost, isAnother, searchOfAll } from './job-search.ts';
import { cancelled, isStray, observe } from './observe.ts';
import { type Call, calledJob, isTerminal, later, type Run, type State, type Terms, wantsStop } from './state.ts';
import { askAgain, type Event, listAgain, move, noNews, reschedule, type Transition } from './transition.ts';
import { mayBeginAgain, overUnfenced } from './unfenced-end.ts';
import { waitingFor } from './waiting.ts';

/** `progress` undefined: it could not be had; null: there is none. */
export type Polled = { job: JobRef; outcome: Outcome<ProviderJob>; progress?: JobProgress | null };
export type GoneSearched = { outcome: Outcome<Listing<ProviderJob>>; progress?: JobProgress | null };

/** The look at the known job. */
export function applyPoll(run: Run, { job, outcome, progress }: Polled, now: string, terms: Terms): Transition {
  const isReused = outcome.kind === 'done' && isAnother(run, job, outcome.value);
  if (outcome.kind === 'done' && !isReused) {
    const { value } = outcome;
    // Under another id than asked for it counts where it shows that it is this run's.
    if (value.id === job.id || isJobOf(searchOfAll(run), value)) {
      return observe(run, { ...value, id: job.id }, now, terms, progress);
    }
    return askAgain(run, now, { kind: 'unknown', reason: `asked for ${job.id}, it shows another job` }, terms);
  }
  if (outcome.kind === 'unknown' || (outcome.kind === 'refused' && outcome.refusal.code !== 'missing')) {
    // 401 and 403 are never "gone" (DESIGN 3.6): stay, and say so.
    return cancelAgain(run, now) ?? askAgain(run, now, outcome, terms);
  }
  if (isStray(run, job)) {
    const event: Event = { type: 'stray_job_stopped', message: 'The stray job no longer exists at the provider.' };
    return move(run, event, { calls: closeJobCalls(run.calls), due_at: now });
  }
  const due_at = later(now, Math.min(terms.poll_interval_ms, terms.settle_window_ms));
  const event: Event = {
    type: 'job_missing',
    message: isReused
      ? `Under the id of the job, ${job.id}, the provider shows another one now, which is left alone; looking again for a while.`
      : 'The provider does not know the job; looking again for a while.',
  };
  if (run.state.gone_since !== null) return noNews(run, due_at, { event, now });
  return move(run, event, {
    state: { gone_since: now, waiting: waitingFor(run, event, now) },
    calls: closeJobCalls(run.calls),
    due_at,
  });
}

/** Gone is what shows under no id: an id may have been of the gateway's own making, and the job be there under another. */
export function applyGoneSearch(run: Run, { outcome, progress }: GoneSearched, now: string, terms: Terms): Transition {
  if (isTerminal(run.state.status)) return reschedule(run, run.due_at);
  if (outcome.kind !== 'done') return askAgain(run, now, outcome, terms);
  const { found, incomplete } = outcome.value;
  const job = foremost(
    found.filter((one) => counts(one, run)),
    run.state.job_id,
  );
  if (job) return observe({ ...run, state: { ...run.state, ...calledJob(job) } }, job, now, terms, progress);
  if (incomplete !== null) return listAgain(run, now, incomplete, terms);
  if (mayBeginAgain(run, terms)) return overUnfenced(run, {}, 'no job of it under any id', now);
  const calls = run.calls.map((call): Call => (call.state === 'open' ? { ...call, state: 'settled' } : call));
  if (wantsStop(run.state.intent)) {
    const state = cancelled(run.state, 'provider_gone', now);
    return move(
      run,
      { type: 'cancelled', message: 'The job no longer exists at the provider.' },
      { state, calls, due_at: now },
    );
  }
  if (terms.start === 'held' && !mayHaveBegun(run))
    return giveUpAttempt(run, 'was forgotten by the provider before it had begun', now);
  const error = 'The job no longer exists at the provider; start a new finetuning.';
  const state: Partial<State> = { status: 'failed', error };
  return move(run, { type: 'failed', message: error }, { state, calls, due_at: now });
}

/**
 * A job that nobody has released has never trained: another may be made. A refused release has let nothing begin; but a
 * job that was seen to run was let begin by somebody.
 */
const mayHaveBegun = ({ calls, state }: Run) =>
  state.status === 'running' ||
  state.progress !== null ||
  calls.some((call) => call.kind === 'release' && call.attempt === state.attempt && call.state !== 'refused');

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
    calls: closeJobCalls(run.calls),
    due_at: now,
    failures,
  });
}
