// What an observation of the provider's job means for the run. The only way to `succeeded`, `failed` or a proven stop.
import { isDeepStrictEqual } from 'node:util';
import type { JobProgress, ProviderJob } from '../provider.ts';
import {
  type Call,
  type CallOf,
  isTerminal,
  later,
  type Run,
  type State,
  type Timing,
  wantsStop,
  wasFenced,
} from './state.ts';
import { backoff, type Event, move, resumed, type Transition, tryAgain } from './transition.ts';
import { waitingFor } from './waiting.ts';

export const CANCELLED_BY_USER = 'Fine tuning cancelled by the user';

/** Applies a job as a GET, a list or a create showed it. `progress` undefined: not asked for. */
export function observe(
  run: Run,
  job: ProviderJob,
  now: string,
  timing: Timing,
  progress?: JobProgress | null,
): Transition {
  if (isStray(run, job.id)) return observeStray(run, job, now);
  const answered = run.calls.some((call) => call.kind === 'cancel' && call.state === 'open');
  const calls = closeCancels(run.calls);
  const seen: Partial<State> = { provider_status: job.provider_status, gone_since: null };

  switch (job.phase) {
    case 'active': {
      const state = {
        ...seen,
        status: job.shown_status ?? run.state.status,
        progress: progressOf(run, job, progress),
      };
      const stopping = wantsStop(run.state.intent);
      const failures = stopping && answered ? run.failures + 1 : 0;
      const wait = stopping ? (answered ? backoff(failures, timing.poll_interval_ms) : 0) : timing.poll_interval_ms;
      const event = activeEvent(run, state, answered);
      const next = { state, calls, due_at: later(now, wait), failures };
      const waiting = stopping && answered ? waitingFor(run, pending(run, job.provider_status), now) : null;
      if (event) return move(run, event, { ...next, state: { ...state, waiting } });
      return { event: null, run: { ...run, due_at: next.due_at, failures } };
    }
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
      if (mayBeOurDoing(run, job, progress)) {
        // Whether it has trained cannot be said yet.
        if (progress === undefined && run.failures < MOST_LOOKS) {
          return tryAgain(run, now, progressMissing, { ceiling: timing.poll_interval_ms });
        }
        // I10: where it can never be said, a stop claims no more than that the job has failed.
        if (progress !== undefined || !wantsStop(run.state.intent)) {
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
export const isStray = (run: Run, job_id: string) =>
  isTerminal(run.state.status) || (run.state.job_id !== null && run.state.job_id !== job_id);

/** It failed without having been seen to train, and we had removed its file. */
function mayBeOurDoing({ state, calls }: Run, job: ProviderJob, progress: JobProgress | null | undefined): boolean {
  const creates = calls.filter((call) => call.kind === 'create');
  const isOf = (create: CallOf<'create'>) =>
    create.file_id === job.training_file_id || String(create.attempt) === job.tag.goldtune_attempt;
  const create = creates.findLast(isOf) ?? creates.at(-1);
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
  const calls = closeCancels(run.calls);
  if (wantsStop(run.state.intent)) {
    const state = { ...cancelled(run.state, 'submission_refused', now), provider_status: job.provider_status };
    return move(run, { type: 'cancelled', message: `The job ${what}.` }, { state, calls, due_at: now });
  }
  return move(
    run,
    { type: 'attempt_given_up', message: `The job ${what}; submitting again with a new file.` },
    {
      state: {
        status: 'queued',
        attempt: run.state.attempt + 1,
        file_id: null,
        job_id: null,
        provider_status: null,
        progress: null,
        gone_since: null,
      },
      calls,
      due_at: now,
    },
  );
}

/** A job that the run does not claim: the janitor had it cancelled, and comes by again should it still run. */
function observeStray(run: Run, job: ProviderJob, now: string): Transition {
  const gone = job.phase !== 'active';
  const event: Event = gone
    ? { type: 'stray_job_stopped', message: `The stray job ${job.id} is ${job.provider_status}.` }
    : { type: 'cancel_pending', message: `The stray job ${job.id} still shows ${job.provider_status}.` };
  return move(run, event, { calls: closeCancels(run.calls), due_at: now });
}

/** The GET that follows a cancel closes it, whatever it shows (DESIGN 3.6). */
export const closeCancels = (calls: readonly Call[]) =>
  calls.map((call): Call => (call.kind === 'cancel' && call.state === 'open' ? { ...call, state: 'done' } : call));

/** I3: a cancelled state always carries its evidence. */
export const cancelled = (state: State, evidence: NonNullable<State['evidence']>, now: string): Partial<State> => ({
  status: 'cancelled',
  evidence,
  // Not before it was asked for, whatever the clock did.
  cancel_confirmed_at: now > (state.cancel_requested_at ?? '') ? now : state.cancel_requested_at,
  error: wantsStop(state.intent) ? CANCELLED_BY_USER : 'Cancelled at the provider, not through goldtune',
});

function activeEvent(run: Run, next: Partial<State>, answered: boolean): Event | null {
  if (run.state.gone_since !== null) return { type: 'job_found_again', message: 'The provider shows the job again.' };
  if (run.state.waiting !== null && !answered) return resumed;
  if (answered) return pending(run, next.provider_status ?? 'nothing');
  if (next.status !== run.state.status || next.provider_status !== run.state.provider_status) {
    return { type: 'status_changed', message: `The provider shows ${next.provider_status}.` };
  }
  return !isDeepStrictEqual(next.progress, run.state.progress)
    ? { type: 'progressed', message: progressMessage(next.progress) }
    : null;
}

/** After a cancel: what the job still shows, and what the provider made of the cancel. */
function pending({ calls }: Run, provider_status: string): Event {
  const answer = calls.findLast((call) => call.kind === 'cancel' && call.detail !== null)?.detail;
  const message = `The provider still shows ${provider_status}${answer == null ? '' : `; its answer to the cancel: ${answer}`}.`;
  return { type: 'cancel_pending', message };
}

const progressMessage = (progress: State['progress'] | undefined) =>
  progress?.step != null ? `Step ${progress.step} of ${progress.total_steps ?? '?'}.` : 'Progress changed.';

function progressOf(run: Run, job: ProviderJob, progress: JobProgress | null | undefined): State['progress'] {
  const steps = progress ?? run.state.progress;
  if (!steps) return job.estimated_finish ? { ...noProgress, estimated_finish: job.estimated_finish } : null;
  const { step, total_steps, train_loss, valid_loss } = steps;
  return { step, total_steps, train_loss, valid_loss, estimated_finish: job.estimated_finish };
}

const noProgress = { step: null, total_steps: null, train_loss: null, valid_loss: null };
