// What an observation of the provider's job means for the run. The only way to `succeeded`, `failed` or a proven stop.

import { isSameJob, type JobProgress, type JobRef, type ProviderJob } from '../provider.ts';
import { goesOn } from './active.ts';
import { closeJobCalls, giveUpAttempt } from './attempt.ts';
import { type CallOf, isTerminal, jobOf, type Run, type State, type Terms, wantsStop, wasFenced } from './state.ts';
import { type Event, move, type Transition, tryAgain } from './transition.ts';
import { mayBeginAgain, overUnfenced } from './unfenced-end.ts';

export const CANCELLED_BY_USER = 'Fine tuning cancelled by the user';

/** Applies a job as a GET, a list or a create showed it. `progress` undefined: not asked for. */
export function observe(
  run: Run,
  job: ProviderJob,
  now: string,
  terms: Terms,
  progress?: JobProgress | null,
): Transition {
  if (isStray(run, job)) return observeStray(run, job, now);
  const calls = closeJobCalls(run.calls);
  const seen: Partial<State> = { provider_status: job.provider_status, gone_since: null };
  if ((job.phase === 'cancelled' || job.phase === 'failed') && mayBeginAgain(run, terms)) {
    return overUnfenced(run, seen, job.provider_status, now);
  }

  switch (job.phase) {
    case 'active':
      return goesOn(run, job, now, terms, { calls, seen, progress: progressOf(run, job, progress) });
    case 'succeeded':
      return move(
        run,
        { type: 'succeeded', message: `The provider finished training; the model is ${job.model_id ?? 'not named'}.` },
        {
          state: {
            ...seen,
            status: 'succeeded',
            model_id: job.model_id,
            trained_tokens: job.trained_tokens,
            progress: progressOf(run, job, progress),
          },
          calls,
          due_at: now,
        },
      );
    case 'failed': {
      const error = job.error ?? 'The provider gave no reason.';
      if (mayBeOurDoing(run, job, terms, progress)) {
        // Whether it has trained cannot be said yet.
        const isKnown = job.never_trained === true || progress !== undefined;
        if (!isKnown && run.failures < MOST_LOOKS) {
          return tryAgain(run, now, progressMissing, terms.poll_interval_ms);
        }
        // I10: where it can never be said, a stop claims no more than that the job has failed.
        if (isKnown || !wantsStop(run.state.intent)) {
          return failedForUs(
            run,
            job,
            `${job.id} failed before it trained, its file having been removed (${error})`,
            now,
          );
        }
      }
      return move(
        run,
        { type: 'failed', message: `The provider's job failed: ${error}` },
        {
          state: { ...seen, status: 'failed', error, trained_tokens: job.trained_tokens },
          calls,
          due_at: now,
        },
      );
    }
    case 'cancelled':
      return move(
        run,
        { type: 'cancelled', message: 'The provider shows the job as cancelled.' },
        {
          state: {
            ...seen,
            ...cancelled(run.state, 'provider_cancelled', now),
            trained_tokens: job.trained_tokens,
            progress: progressOf(run, job, progress),
          },
          calls,
          due_at: now,
        },
      );
    default:
      return job.phase satisfies never;
  }
}

/** Whether the job is not, or no longer, what the run is about. */
export function isStray({ state }: Run, job: JobRef): boolean {
  const known = jobOf(state);
  return isTerminal(state.status) || (known !== null && (known.id !== job.id || !isSameJob(known, job)));
}

/**
 * It failed without having been seen to train, and we had removed its file. Where an end counts only without the file,
 * that was removed after the end too: there the job itself has to say that it has not begun.
 */
function mayBeOurDoing(
  { state, calls }: Run,
  job: ProviderJob,
  { stop }: Terms,
  progress: JobProgress | null | undefined,
): boolean {
  if (job.never_trained === false) return false;
  const creates = calls.filter((call) => call.kind === 'create');
  const isOf = (create: CallOf<'create'>) =>
    create.file_id === job.training_file_id || String(create.attempt) === job.tag.goldtune_attempt;
  const create = creates.findLast(isOf) ?? creates.at(-1);
  if (job.never_trained === true || stop === 'fence_then_cancel') {
    return job.never_trained === true && create !== undefined && wasFenced(calls, create.file_id);
  }
  const hasTrained = state.status === 'running' || job.trained_tokens || (progress ?? state.progress)?.step;
  return create !== undefined && !hasTrained && wasFenced(calls, create.file_id);
}

/** How often a provider is asked for the progress of such a job, before it is taken to have none. */
const MOST_LOOKS = 10;
const progressMissing: Event = {
  type: 'provider_unavailable',
  message: 'The provider shows the job as failed, and not how far it had got; asking again before another attempt.',
};

/** That stops a run that is to be stopped, and is no end of one that its user wants. */
function failedForUs(run: Run, job: ProviderJob, what: string, now: string): Transition {
  if (wantsStop(run.state.intent)) {
    const calls = closeJobCalls(run.calls);
    const state = { ...cancelled(run.state, 'submission_refused', now), provider_status: job.provider_status };
    return move(run, { type: 'cancelled', message: `The job ${what}.` }, { state, calls, due_at: now });
  }
  return giveUpAttempt(run, what, now);
}

/** A job that the run does not claim: the janitor had it cancelled, and comes by again should it still run. */
function observeStray(run: Run, job: ProviderJob, now: string): Transition {
  const gone = job.phase !== 'active';
  const event: Event = gone
    ? { type: 'stray_job_stopped', message: `The stray job ${job.id} is ${job.provider_status}.` }
    : { type: 'cancel_pending', message: `The stray job ${job.id} still shows ${job.provider_status}.` };
  return move(run, event, { calls: closeJobCalls(run.calls), due_at: now });
}

/** I3: a cancelled state always carries its evidence. */
export const cancelled = (state: State, evidence: NonNullable<State['evidence']>, now: string): Partial<State> => ({
  status: 'cancelled',
  evidence,
  // Not before it was asked for, whatever the clock did.
  cancel_confirmed_at: now > (state.cancel_requested_at ?? '') ? now : state.cancel_requested_at,
  error: wantsStop(state.intent) ? CANCELLED_BY_USER : 'Cancelled at the provider, not through goldtune',
});

function progressOf(run: Run, job: ProviderJob, progress: JobProgress | null | undefined): State['progress'] {
  const steps = progress ?? run.state.progress;
  if (!steps) return job.estimated_finish ? { ...noProgress, estimated_finish: job.estimated_finish } : null;
  const { step, total_steps, train_loss, valid_loss } = steps;
  return { step, total_steps, train_loss, valid_loss, estimated_finish: job.estimated_finish };
}

const noProgress = { step: null, total_steps: null, train_loss: null, valid_loss: null };
