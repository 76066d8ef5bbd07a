// The end of an attempt that is no end of its run, and calls about a job that a look at it has answered.
import type { Call, Run, State } from './state.ts';
import { move, type Transition } from './transition.ts';

/** The GET that follows a cancel or a release closes it, whatever it shows (DESIGN 3.6). */
export const closeJobCalls = (calls: readonly Call[]) =>
  calls.map(
    (call): Call =>
      (call.kind === 'cancel' || call.kind === 'release') && call.state === 'open' ? { ...call, state: 'done' } : call,
  );

/** As many as a run is given whose jobs fail before they train. */
const MOST_ATTEMPTS = 25;

/** Its job has not trained and never will; the next has a file of its own. */
export function giveUpAttempt(run: Run, what: string, now: string): Transition {
  const { attempt } = run.state;
  if (attempt >= MOST_ATTEMPTS) {
    const error = `None of ${attempt} attempts has come to train; of the last, the job ${what}.`;
    const state: Partial<State> = { status: 'failed', error };
    return move(run, { type: 'failed', message: error }, { state, calls: closeJobCalls(run.calls), due_at: now });
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
        job_name: null,
        job_incarnation: null,
        job_stage: null,
        provider_status: null,
        progress: null,
        gone_since: null,
      },
      calls: closeJobCalls(run.calls),
      due_at: now,
    },
  );
}
