// From file to job: what the outcomes of a create, of the look at its job and of the searches after it make of a run.
import type { JobTag, Listing, Outcome, ProviderJob } from '../provider.ts';
import { foremost, isConfirmed, searchOf } from './job-search.ts';
import { cancelled, observe } from './observe.ts';
import { refused } from './refusal.ts';
import { type CallOf, calledJob, isTerminal, later, type Run, type Terms, wantsStop, wasFenced } from './state.ts';
import {
  askAgain,
  backoff,
  type Event,
  listAgain,
  longestPause,
  move,
  noNews,
  reschedule,
  submitAgain,
  type Transition,
  withCall,
} from './transition.ts';
import { waitingFor } from './waiting.ts';

/** How long a job whose creation got no answer is given to show up before the provider is searched. */
const FIRST_SEARCH_MS = 1000;

export const tagOf = (run: Run, attempt: number, deployment: string): JobTag => ({
  goldtune_finetuning: run.id,
  goldtune_attempt: String(attempt),
  goldtune_deployment: deployment,
});

export function applyCreate(run: Run, call: CallOf<'create'>, outcome: Outcome<ProviderJob>, now: string): Transition {
  const replied = { ...call, replied_at: now };
  switch (outcome.kind) {
    case 'done':
      // What an answer names is believed once a look at it shows our tag or our file: gateways give out ids of their own.
      return move(
        run,
        { type: 'submission_answered', message: `The provider says that it made the job ${outcome.value.id}.` },
        { calls: withCall(run.calls, { ...replied, job_id: outcome.value.id }), due_at: now, failures: run.failures },
      );
    case 'refused':
      return refused(run, { ...replied, state: 'refused', detail: outcome.refusal.message }, outcome.refusal, now);
    case 'unknown':
      return move(
        run,
        { type: 'submission_unknown', message: `The provider gave no clear answer: ${outcome.reason}` },
        {
          state: { waiting: waitingFor(run, searching(`The submission got no clear answer (${outcome.reason})`), now) },
          calls: withCall(run.calls, { ...replied, detail: outcome.reason }),
          due_at: later(now, wantsStop(run.state.intent) ? 0 : FIRST_SEARCH_MS),
        },
      );
    default:
      return outcome satisfies never;
  }
}

/** The look at the job that the answer named. Where it is not this run's, the create is one without an answer. */
export function applyVerification(
  run: Run,
  call: CallOf<'create'>,
  outcome: Outcome<ProviderJob>,
  now: string,
  terms: Terms,
): Transition {
  if (outcome.kind === 'done' && isConfirmed(searchOf(run, call), outcome.value, call.job_id, terms)) {
    // By the id that it was asked by, whichever it shows itself.
    return adopt(run, call, { ...outcome.value, id: call.job_id ?? outcome.value.id }, now, terms);
  }
  const isNone = outcome.kind === 'done' || (outcome.kind === 'refused' && outcome.refusal.code === 'missing');
  if (!isNone) return askAgain(run, now, outcome, terms);
  const message = `The provider does not show ${call.job_id}, the job it said it made, as this run's; searching for it.`;
  return move(
    run,
    { type: 'submission_unconfirmed', message },
    {
      state: { waiting: waitingFor(run, searching(message), now) },
      calls: withCall(run.calls, { ...call, job_id: null }),
      due_at: now,
    },
  );
}

/** A search for the job of an unknown create. Finding it is always final; not finding it only when `conclusive`. */
export function applyJobSearch(
  run: Run,
  call: CallOf<'create'>,
  search: { outcome: Outcome<Listing<ProviderJob>>; conclusive: boolean },
  now: string,
  terms: Terms,
): Transition {
  const { outcome } = search;
  if (outcome.kind !== 'done') return askAgain(run, now, outcome, terms);
  const found = foremost(outcome.value.found);
  if (found) return adopt(run, call, found, now, terms);
  if (outcome.value.incomplete !== null) return listAgain(run, now, outcome.value.incomplete, terms);

  if (search.conclusive) {
    const calls = withCall(run.calls, { ...call, state: 'settled', looked_up_at: now });
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
  const due_at = later(now, Math.min(terms.poll_interval_ms, terms.settle_window_ms));
  // Between two tries of a fence that cannot be had, which are what counts.
  const failures = run.failures + 1;
  if (isFencing(run, call)) {
    return reschedule(run, later(now, backoff(failures, longestPause(run, terms))), failures);
  }
  // Told once before the fence; what is looked for again and again is no news.
  const event = searching('The provider shows no job of this attempt yet');
  if (call.looked_up_at !== null) return noNews(run, due_at, { event, now });
  return move(
    run,
    { type: 'submission_searched', message: 'The provider shows no job of this attempt yet.' },
    {
      state: { waiting: run.state.waiting?.type === event.type ? run.state.waiting : waitingFor(run, event, now) },
      calls: withCall(run.calls, { ...call, looked_up_at: now }),
      due_at,
    },
  );
}

/** Until it is certain whether there is a job. */
const searching = (why: string): Event => ({
  type: 'submission_searched',
  message: `${why.replace(/\.$/, '')}; it is looked for until it is certain whether there is a job.`,
});

const isFencing = (run: Run, call: CallOf<'create'>) => call.fenced_at === null && wasFenced(run.calls, call.file_id);

function adopt(run: Run, call: CallOf<'create'>, job: ProviderJob, now: string, terms: Terms): Transition {
  const adopted: Run = {
    ...run,
    state: { ...run.state, ...calledJob(job) },
    calls: withCall(run.calls, { ...call, state: 'done', job_id: job.id }),
  };
  const message = `The provider's job is ${job.id}.`;
  // Whether a failed one has trained is seen at the next look, which asks for its progress too.
  if (isTerminal(run.state.status) || job.phase === 'failed') {
    return move(adopted, { type: 'submitted', message }, { due_at: now });
  }
  const seen = observe(adopted, job, now, terms);
  const due_at = wantsStop(run.state.intent) ? now : seen.run.due_at;
  const first = job.phase === 'active' ? { type: 'submitted' as const, message } : seen.event;
  return {
    event: first ?? { type: 'submitted', message },
    run: { ...seen.run, due_at },
  };
}
