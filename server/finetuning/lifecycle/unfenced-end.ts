// The end of a job at an engine that can forget it: none, while there is a file that the job could begin with again.
import { closeJobCalls } from './attempt.ts';
import { type Run, remainingFiles, type State, type Terms } from './state.ts';
import { type Event, LONGEST_FENCING_MS, move, type Transition, tryAgain } from './transition.ts';
import { waitingFor } from './waiting.ts';

export const mayBeginAgain = ({ calls }: Run, { stop }: Terms) =>
  stop === 'fence_then_cancel' && remainingFiles(calls).length > 0;

/** Its end is shown, and counts once its file is gone. */
export function overUnfenced(run: Run, seen: Partial<State>, shown: string, now: string): Transition {
  const event: Event = {
    type: 'end_unfenced',
    message: `The provider shows ${shown}. It can forget that, so it counts once the training file is gone: then nothing can begin again.`,
  };
  const calls = closeJobCalls(run.calls);
  if (run.state.job_stage === 'over') {
    return tryAgain({ ...run, calls }, now, event, LONGEST_FENCING_MS);
  }
  const state: Partial<State> = { ...seen, job_stage: 'over', waiting: waitingFor(run, event, now) };
  return move(run, event, { state, calls, due_at: now, failures: run.failures });
}
