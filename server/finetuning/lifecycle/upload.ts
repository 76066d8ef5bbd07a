// The training file of an attempt: uploaded, found again where its upload went unanswered, and waited for until it can be used.
import type { Listing, Outcome, ProviderFile } from '../provider.ts';
import { refused } from './refusal.ts';
import { type CallOf, isTerminal, later, type Run, type Terms, wantsStop } from './state.ts';
import {
  askAgain,
  backoff,
  type Event,
  listAgain,
  move,
  noNews,
  PASSING_FAILURES,
  type Transition,
  withCall,
} from './transition.ts';
import { waitingFor } from './waiting.ts';

export const fileName = (id: string, attempt: number) => `${id}.${attempt}.jsonl`;

export function applyUpload(
  run: Run,
  call: CallOf<'upload'>,
  outcome: Outcome<ProviderFile>,
  now: string,
  terms: Terms,
): Transition {
  const replied = { ...call, replied_at: now };
  switch (outcome.kind) {
    case 'done':
      return keepFile(run, replied, outcome.value, now, terms);
    case 'refused':
      return refused(run, { ...replied, state: 'refused', detail: outcome.refusal.message }, outcome.refusal, now);
    case 'unknown': {
      const event: Event = { type: 'upload_unknown', message: `The upload got no clear answer: ${outcome.reason}` };
      const failures = run.failures + 1;
      return move(run, event, {
        state: { waiting: failures > PASSING_FAILURES ? waitingFor(run, event, now) : run.state.waiting },
        calls: withCall(run.calls, { ...replied, detail: outcome.reason }),
        due_at: later(now, backoff(failures)),
        failures,
      });
    }
    default:
      return outcome satisfies never;
  }
}

/** An upload without an answer: the file is found by its name, or the attempt is abandoned and its name never reused. */
export function applyFileSearch(
  run: Run,
  call: CallOf<'upload'>,
  outcome: Outcome<Listing<ProviderFile>>,
  now: string,
  terms: Terms,
): Transition {
  if (outcome.kind !== 'done') return askAgain(run, now, outcome, terms);
  const name = fileName(run.id, call.attempt);
  const found = outcome.value.found.find((file) => file.name === name);
  if (found) return keepFile(run, call, found, now, terms);
  if (outcome.value.incomplete !== null) return listAgain(run, now, outcome.value.incomplete, terms);
  return neverArrived(run, call, now);
}

/** @param last whether it has been waited for long enough: then the create is asked, and says what is wrong */
export function applyFileCheck(
  run: Run,
  call: CallOf<'upload'>,
  { outcome, last }: { outcome: Outcome<ProviderFile>; last: boolean },
  now: string,
  terms: Terms,
): Transition {
  if (outcome.kind === 'done')
    return keepFile(run, call, { ...outcome.value, ready: outcome.value.ready || last }, now, terms);
  return last || !isNeeded(run, call)
    ? keepFile(run, call, { id: call.file_id ?? '', name: '', ready: true }, now, terms)
    : askAgain(run, now, outcome, terms);
}

const neverArrived = (run: Run, call: CallOf<'upload'>, now: string) =>
  move(
    run,
    { type: 'upload_refused', message: 'The upload never arrived.' },
    {
      state: isTerminal(run.state.status) ? {} : { attempt: run.state.attempt + 1 },
      calls: withCall(run.calls, { ...call, state: 'settled' }),
      due_at: now,
      failures: run.failures,
    },
  );

/** Whether a create is to come of it. */
const isNeeded = ({ state }: Run, call: CallOf<'upload'>) =>
  !isTerminal(state.status) && !wantsStop(state.intent) && call.attempt === state.attempt;

function keepFile(run: Run, call: CallOf<'upload'>, file: ProviderFile, now: string, terms: Terms): Transition {
  if (!file.ready && isNeeded(run, call)) {
    const due_at = later(now, backoff(1, terms.poll_interval_ms));
    const event: Event = {
      type: 'file_pending',
      message: `The training file is ${file.id}; the provider is still importing it.`,
    };
    // It has been told already.
    if (call.file_id === file.id) return noNews(run, due_at, { event, now });
    return move(run, event, {
      state: { waiting: waitingFor(run, event, now) },
      calls: withCall(run.calls, { ...call, file_id: file.id }),
      due_at,
    });
  }
  return move(
    run,
    { type: 'uploaded', message: `The training file is ${file.id}.` },
    {
      // A run that ended meanwhile keeps the id too, so that deleting it removes the file.
      state: call.attempt === run.state.attempt ? { file_id: file.id } : {},
      calls: withCall(run.calls, { ...call, state: 'done', file_id: file.id }),
      due_at: now,
    },
  );
}
