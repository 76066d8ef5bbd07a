// Removing a training file, which is also how a create without an answer is fenced off (DESIGN 3.5).
import type { Listing, Outcome, ProviderFile } from '../provider.ts';
import { type Call, type CallOf, isTerminal, later, type Run, type Timing } from './state.ts';
import {
  askAgain,
  backoff,
  type Event,
  LONGEST_BACKOFF_MS,
  LONGEST_FENCING_MS,
  listAgain,
  move,
  PASSING_FAILURES,
  patienceFor,
  reasonOf,
  type Transition,
  withCall,
} from './transition.ts';
import { fileName } from './upload.ts';
import { waitingFor } from './waiting.ts';

type Removal = CallOf<'delete_file'>;

export function applyRemoval(run: Run, call: Removal, outcome: Outcome<unknown>, now: string): Transition {
  const replied: Removal = { ...call, replied_at: now };
  if (outcome.kind === 'done') return removed(run, replied, now);
  const reason = reasonOf(outcome);
  if (outcome.kind === 'refused' && outcome.refusal.code !== 'missing') {
    return putOff(run, { ...replied, state: 'refused', detail: reason }, reason, now, patienceFor(outcome));
  }
  // "No such file" is no proof: it has been said of things that were there. The list is asked before the fence counts.
  return move(
    run,
    { type: 'file_delete_unclear', message: `Whether the training file is gone is looked up: ${reason}` },
    { calls: withCall(run.calls, { ...replied, detail: reason }), due_at: now, failures: run.failures },
  );
}

/** The list of files after a removal that got no clear answer. */
export function applyRemovalSearch(
  run: Run,
  call: Removal,
  outcome: Outcome<Listing<ProviderFile>>,
  now: string,
  timing: Timing,
): Transition {
  if (outcome.kind !== 'done') return askAgain(run, now, outcome, timing);
  const { found, incomplete } = outcome.value;
  // By name too: the list may show it under an id of a gateway's own.
  const upload = run.calls.find((other) => other.kind === 'upload' && other.file_id === call.file_id);
  const name = upload && fileName(run.id, upload.attempt);
  const isThere = found.some((file) => file.id === call.file_id || file.name === name);
  if (!isThere) return incomplete === null ? removed(run, call, now) : listAgain(run, now, incomplete, timing);
  return putOff(run, { ...call, state: 'settled' }, 'the provider still shows it.', now);
}

function removed(run: Run, call: Removal, now: string): Transition {
  const fences = (other: Call): other is CallOf<'create'> =>
    other.kind === 'create' && other.state === 'open' && other.file_id === call.file_id && other.fenced_at === null;
  const event: Event = run.calls.some(fences)
    ? { type: 'fenced', message: 'The training file is gone: the submission cannot execute any more.' }
    : { type: 'file_deleted', message: `The training file ${call.file_id} is gone.` };
  const calls = withCall(run.calls, { ...call, state: 'done' }).map(
    (other): Call => (fences(other) ? { ...other, fenced_at: now } : other),
  );
  return move(run, event, { calls, due_at: now });
}

function putOff(run: Run, call: Removal, reason: string, now: string, asked_ms = 0): Transition {
  const failures = run.failures + 1;
  const ceiling = isTerminal(run.state.status) ? LONGEST_BACKOFF_MS : LONGEST_FENCING_MS;
  const event: Event = { type: 'file_delete_failed', message: `The training file could not be removed: ${reason}` };
  return move(run, event, {
    state: { waiting: failures > PASSING_FAILURES ? waitingFor(run, event, now) : run.state.waiting },
    calls: withCall(run.calls, call),
    due_at: later(now, Math.max(asked_ms, backoff(failures, ceiling))),
    failures,
  });
}
