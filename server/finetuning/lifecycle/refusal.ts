// What a refused upload or create makes of a run: a stop that is proven, another attempt, or the end.
import type { Refusal } from '../provider.ts';
import { cancelled } from './observe.ts';
import { type Call, type CallOf, isTerminal, later, type Run, wantsStop, wasFenced } from './state.ts';
import { backoff, type Event, move, submitAgain, type Transition, withCall } from './transition.ts';
import { waitingFor } from './waiting.ts';

/** Refusals of the passing kind that are tolerated in a row before the run is given up (about an hour and a half). */
const MOST_REFUSALS = 25;

const MAY_PASS: ReadonlySet<Refusal['code']> = new Set(['busy', 'not_ready', 'exhausted']);

/** A refusal is proof that nothing was executed: a passing one is tried again with a new file, any other ends the run. */
export function refused(
  run: Run,
  call: CallOf<'upload'> | CallOf<'create'>,
  refusal: Refusal,
  now: string,
): Transition {
  const calls: readonly Call[] = withCall(run.calls, call);
  const type = call.kind === 'create' ? 'submission_refused' : 'upload_refused';
  const refusedThing = call.kind === 'create' ? 'the job' : 'the training file';
  // Of a key and of an account, the message itself says that they are refused.
  const isOfUs = refusal.code === 'unauthorized' || refusal.code === 'forbidden';
  const told = isOfUs ? refusal.message : `The provider refuses ${refusedThing}: ${refusal.message}`;
  if (isTerminal(run.state.status)) return move(run, { type, message: told }, { calls, due_at: now });
  if (wantsStop(run.state.intent)) {
    return move(
      run,
      { type: 'cancelled', message: `Nothing runs: the provider refused it (${refusal.message}).` },
      {
        state: cancelled(run.state, call.kind === 'create' ? 'submission_refused' : 'never_submitted', now),
        calls,
        due_at: now,
      },
    );
  }
  // Refused because we had removed the file ourselves, from a sender that was too slow: that is our doing, not the run's.
  if (call.kind === 'create' && wasFenced(calls, call.file_id)) return submitAgain(run, calls, now);
  const failures = refusedInARow(calls, call.kind);
  if (MAY_PASS.has(refusal.code) && failures <= MOST_REFUSALS) {
    const isPending = refusal.code === 'not_ready' && call.kind === 'create';
    const why = isPending
      ? 'is still importing the training file'
      : refusal.code === 'exhausted'
        ? 'says that credit or quota is used up: add to it'
        : 'is busy';
    const event: Event = { type, message: `The provider ${why}, trying again: ${refusal.message}` };
    const waiting = waitingFor(run, event, now);
    return move(run, event, {
      // Another file would have to be imported anew; this one was refused for good reason, and nothing was executed.
      state: isPending ? { waiting } : { waiting, attempt: run.state.attempt + 1, file_id: null },
      calls,
      due_at: later(now, Math.max(refusal.retry_after_ms ?? 0, backoff(failures))),
      failures,
    });
  }
  return move(
    run,
    { type: 'failed', message: told },
    {
      state: { status: 'failed', error: refusal.message },
      calls,
      due_at: now,
    },
  );
}

/** Counted from the calls: `failures` starts anew with whatever succeeds between two attempts. */
function refusedInARow(calls: readonly Call[], kind: Call['kind']): number {
  const alike = calls.filter((call) => call.kind === kind);
  return alike.length - 1 - alike.findLastIndex((call) => call.state !== 'refused');
}
