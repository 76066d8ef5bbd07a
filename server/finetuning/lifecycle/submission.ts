// From file to job: what the outcomes of an upload, a create and the searches after an unknown one make of a run.
import type { JobTag, Outcome, ProviderFile, ProviderJob, Refusal } from '../provider.ts';
import { cancelled, observe } from './observe.ts';
import { type Call, type CallOf, isTerminal, later, type Run, type Timing, wantsStop } from './state.ts';
import { askAgain, backoff, move, type Transition, withCall } from './transition.ts';

/** Refusals of the passing kind that are tolerated in a row before the run is given up (about an hour and a half). */
const MOST_REFUSALS = 25;
/** How long a job whose creation got no answer is given to show up before the provider is searched. */
const FIRST_SEARCH_MS = 1000;

export const fileName = (id: string, attempt: number) => `${id}.${attempt}.jsonl`;

export const tagOf = (run: Run, attempt: number, deployment: string): JobTag => ({
  goldtune_finetuning: run.id,
  goldtune_attempt: String(attempt),
  goldtune_deployment: deployment,
});

export function applyUpload(run: Run, call: CallOf<'upload'>, outcome: Outcome<ProviderFile>, now: string): Transition {
  const replied = { ...call, replied_at: now };
  switch (outcome.kind) {
    case 'done':
      return keepFile(run, replied, outcome.value.id, now);
    case 'refused':
      return refused(run, { ...replied, state: 'refused', detail: outcome.refusal.message }, outcome.refusal, now);
    case 'unknown':
      return move(
        run,
        { type: 'upload_unknown', message: `The upload got no clear answer: ${outcome.reason}` },
        {
          calls: withCall(run.calls, { ...replied, detail: outcome.reason }),
          due_at: later(now, backoff(run.failures + 1)),
          failures: run.failures + 1,
        },
      );
    default:
      return outcome satisfies never;
  }
}

/** An upload without an answer: the file is found by its name, or the attempt is abandoned and its name never reused. */
export function applyFileSearch(
  run: Run,
  call: CallOf<'upload'>,
  outcome: Outcome<ProviderFile[]>,
  now: string,
): Transition {
  if (outcome.kind !== 'done') return askAgain(run, now, outcome);
  const name = fileName(run.id, call.attempt);
  const found = outcome.value.find((file) => file.name === name);
  if (found) return keepFile(run, call, found.id, now);
  return move(
    run,
    { type: 'upload_refused', message: 'The upload never arrived.' },
    {
      state: isTerminal(run.state.status) ? {} : { attempt: run.state.attempt + 1 },
      calls: withCall(run.calls, { ...call, state: 'settled' }),
      due_at: now,
      failures: run.failures,
    },
  );
}

function keepFile(run: Run, call: CallOf<'upload'>, file_id: string, now: string): Transition {
  return move(
    run,
    { type: 'uploaded', message: `The training file is ${file_id}.` },
    {
      // A run that ended meanwhile keeps the id too, so that deleting it removes the file.
      state: call.attempt === run.state.attempt ? { file_id } : {},
      calls: withCall(run.calls, { ...call, state: 'done', file_id }),
      due_at: now,
    },
  );
}

export function applyCreate(
  run: Run,
  call: CallOf<'create'>,
  outcome: Outcome<ProviderJob>,
  now: string,
  timing: Timing,
): Transition {
  const replied = { ...call, replied_at: now };
  switch (outcome.kind) {
    case 'done':
      return adopt(run, replied, outcome.value, now, timing);
    case 'refused':
      return refused(run, { ...replied, state: 'refused', detail: outcome.refusal.message }, outcome.refusal, now);
    case 'unknown':
      return move(
        run,
        { type: 'submission_unknown', message: `The provider gave no clear answer: ${outcome.reason}` },
        {
          calls: withCall(run.calls, { ...replied, detail: outcome.reason }),
          due_at: later(now, wantsStop(run.state.intent) ? 0 : FIRST_SEARCH_MS),
        },
      );
    default:
      return outcome satisfies never;
  }
}

/** A search for the job of an unknown create. Finding it is always final; not finding it only when `conclusive`. */
export function applyJobSearch(
  run: Run,
  call: CallOf<'create'>,
  search: { outcome: Outcome<ProviderJob[]>; started_at: string; conclusive: boolean },
  now: string,
  timing: Timing,
): Transition {
  const { outcome } = search;
  if (outcome.kind !== 'done') return askAgain(run, now, outcome, timing.poll_interval_ms);
  const found = outcome.value.find((job) => job.phase === 'active') ?? outcome.value[0];
  if (found) return adopt(run, call, found, now, timing);

  if (search.conclusive) {
    const calls = withCall(run.calls, { ...call, state: 'settled', looked_up_at: search.started_at });
    if (wantsStop(run.state.intent)) {
      return move(
        run,
        { type: 'cancelled', message: 'No job was ever created, and none can be any more.' },
        {
          state: cancelled(run.state, 'absent_at_provider', now),
          calls,
          due_at: now,
        },
      );
    }
    return submitAgain(run, calls, now);
  }
  const looked: CallOf<'create'> = { ...call, looked_up_at: search.started_at };
  return move(
    run,
    { type: 'submission_searched', message: 'The provider shows no job of this attempt yet.' },
    {
      calls: withCall(run.calls, looked),
      due_at: nextSearch(looked, now, timing),
    },
  );
}

const submitAgain = (run: Run, calls: readonly Call[], now: string): Transition =>
  move(
    run,
    { type: 'submission_absent', message: 'No job was created; submitting again with a new file.' },
    { state: { attempt: run.state.attempt + 1, file_id: null }, calls, due_at: now },
  );

/** Before the fence: go on to fence. After it: look now and then, and once more when the window has passed. */
function nextSearch(call: CallOf<'create'>, now: string, timing: Timing): string {
  if (call.fenced_at === null) return now;
  const end = later(call.fenced_at, timing.settle_window_ms);
  const next = later(now, timing.poll_interval_ms);
  return next < end ? next : end;
}

function adopt(run: Run, call: CallOf<'create'>, job: ProviderJob, now: string, timing: Timing): Transition {
  const adopted: Run = {
    ...run,
    state: { ...run.state, job_id: job.id },
    calls: withCall(run.calls, { ...call, state: 'done' }),
  };
  const message = `The provider's job is ${job.id}.`;
  if (isTerminal(run.state.status)) return move(adopted, { type: 'submitted', message }, { due_at: now });
  const seen = observe(adopted, job, now, timing);
  const due_at = wantsStop(run.state.intent) ? now : seen.run.due_at;
  const first = job.phase === 'active' ? { type: 'submitted' as const, message } : seen.event;
  return {
    event: first ?? { type: 'submitted', message },
    run: { ...seen.run, due_at, state: { ...seen.run.state, job_id: job.id } },
  };
}

/** A refusal is proof that nothing was executed: a passing one is tried again with a new file, any other ends the run. */
function refused(run: Run, call: CallOf<'upload'> | CallOf<'create'>, refusal: Refusal, now: string): Transition {
  const calls: readonly Call[] = withCall(run.calls, call);
  const type = call.kind === 'create' ? 'submission_refused' : 'upload_refused';
  if (isTerminal(run.state.status)) return move(run, { type, message: refusal.message }, { calls, due_at: now });
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
  if (call.kind === 'create' && wasFenced(run, call)) return submitAgain(run, calls, now);
  const failures = refusedInARow(calls, call.kind);
  if (refusal.code === 'busy' && failures <= MOST_REFUSALS) {
    return move(
      run,
      { type, message: `The provider is busy, trying again: ${refusal.message}` },
      {
        state: { attempt: run.state.attempt + 1, file_id: null },
        calls,
        due_at: later(now, Math.max(refusal.retry_after_ms ?? 0, backoff(failures))),
        failures,
      },
    );
  }
  return move(
    run,
    { type: 'failed', message: refusal.message },
    {
      state: { status: 'failed', error: refusal.message },
      calls,
      due_at: now,
    },
  );
}

const wasFenced = (run: Run, create: CallOf<'create'>) =>
  run.calls.some((call) => call.kind === 'delete_file' && call.file_id === create.file_id);

/** Counted from the calls: `failures` starts anew with whatever succeeds between two attempts. */
function refusedInARow(calls: readonly Call[], kind: Call['kind']): number {
  const alike = calls.filter((call) => call.kind === kind);
  return alike.length - 1 - alike.findLastIndex((call) => call.state !== 'refused');
}
