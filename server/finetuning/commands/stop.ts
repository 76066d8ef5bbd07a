// Cancel and delete: the intent is stored first and never lost (I6); then some time is spent on proving it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies } from '../dependencies.ts';
import { DomainError, notFound } from '../errors.ts';
import { isTerminal } from '../lifecycle/state.ts';
import { requestStop, type StopRequest } from '../lifecycle/stop.ts';
import type { Pursuit } from '../pursue.ts';
import type { Finetuning, Principal, TrackedFinetuning } from '../record.ts';
import type { StopStore } from '../store.ts';
import { Unavailable, unrecorded } from '../unavailable.ts';

/** How long recording the wish, and a last look, may take beyond the wait for proof: an answer comes within 2 s of it. */
const BEYOND_WAIT_MS = 1500;
const LAST_LOOK_MS = 1000;
/** Before the second try, and twice as long before each further one: what is held for long is asked for more seldom. */
const AGAIN_MS = { first: 100, longest: 1000 };
/** What a try may take: one that is cut off in its middle leaves it unknown whether the wish is recorded. */
const A_TRY_MS = 300;

export type CancelRequest = {
  metadata?: Record<string, string> | null | undefined;
  reason?: string | null | undefined;
  /** How long to wait for proof, in milliseconds. */
  wait_ms: number;
};

/**
 * Stops a finetuning. Asking again changes nothing (I8). A caller that goes away changes nothing either.
 * @returns status `cancelled`: proven stopped. Any other status: the wish is stored and will be pursued until proven.
 * @throws DomainError `not_found`; `already_succeeded` or `already_failed` where the run ended first; `unavailable`, within
 *   two seconds of the wait, in words that say whether the wish is recorded
 */
export async function cancelFinetuning(
  deps: Dependencies,
  pursuit: Pursuit,
  principal: Principal,
  id: string,
  { metadata, reason, wait_ms }: CancelRequest,
): Promise<Finetuning> {
  const time = timeFor(wait_ms);
  const request = { intent: 'cancel' as const, metadata: metadata ?? null, reason: reason ?? null };
  const stored = await storeStop(deps, principal, id, request, time);
  // Somebody else has deleted it meanwhile.
  if (!stored) throw notFound('Finetuning', id);
  const hasEnded = ({ state }: TrackedFinetuning) => isTerminal(state.status);
  const row =
    (hasEnded(stored) ? stored : await pursuit.until(stored, time.wait_left_ms(), hasEnded)) ??
    (await lastLook(deps, time.by, (store) => store.findAny(id), stored)) ??
    stored;
  const { status } = row.state;
  if (status === 'succeeded' || status === 'failed') {
    throw new DomainError(`already_${status}`, `Model has already ${status}. Cannot cancel.`, { finetuning: row });
  }
  return row;
}

/**
 * Cancels where needed, removes the files from the provider, then forgets the finetuning.
 * @returns whether it is forgotten yet; if not, it will be.
 * @throws DomainError `not_found`; `unavailable` as a cancel
 */
export async function deleteFinetuning(
  deps: Dependencies,
  pursuit: Pursuit,
  principal: Principal,
  id: string,
  wait_ms: number,
): Promise<{ forgotten: boolean }> {
  const time = timeFor(wait_ms);
  const stored = await storeStop(deps, principal, id, { intent: 'delete', metadata: null, reason: null }, time);
  if (!stored) return { forgotten: true };
  if (await pursuit.until(stored, time.wait_left_ms(), (row) => row.state.deleted_at !== null))
    return { forgotten: true };
  const found = await lastLook(deps, time.by, (store) => store.find(principal.organization_id, id), stored);
  return { forgotten: found === null };
}

function timeFor(wait_ms: number) {
  const asked = performance.now();
  return {
    by: asked + wait_ms + BEYOND_WAIT_MS,
    /** Whoever waits for proof goes on with it in this process. */
    pursued: wait_ms > 0,
    wait_left_ms: () => Math.max(0, asked + wait_ms - performance.now()),
  };
}

/** Who waits no longer is shown what is known by now. Where the database does not answer, that is what it has stored. */
async function lastLook<T>(
  { store }: Dependencies,
  by: number,
  look: (store: StopStore) => Promise<T>,
  stored: T,
): Promise<T> {
  try {
    return await look(store.stops(Math.min(by, performance.now() + LAST_LOOK_MS)));
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return stored;
  }
}

/**
 * What passes is tried again while there is time: to ask twice is to ask once, also where the first may be recorded.
 * @returns null where it was there at the first try, which may be recorded, and is no more
 */
async function storeStop(
  deps: Dependencies,
  principal: Principal,
  id: string,
  request: Omit<StopRequest, 'requested_by'>,
  { by, pursued }: { by: number; pursued: boolean },
): Promise<TrackedFinetuning | null> {
  const store = deps.store.stops(by);
  let pause_ms = AGAIN_MS.first;
  let failed = false;
  let mayBeRecorded = false;
  for (;;) {
    let isWriting = false;
    try {
      const before = await store.find(principal.organization_id, id);
      if (!before && mayBeRecorded) return null;
      if (!before) throw notFound('Finetuning', id);
      const now = deps.clock();
      const transition = requestStop(before, { ...request, requested_by: principal.name }, now);
      if (!transition) return before;
      isWriting = true;
      // The message to the queue is a hint: not worth a second try, nor a first where this process goes on at once, as it
      // does unless a cancel is done with it.
      const isPursued = pursued && !(request.intent === 'cancel' && isTerminal(transition.run.state.status));
      const wake = !failed && !isPursued && transition.run.due_at !== null;
      const after = await store.save(before, transition, now, { wake });
      // Compare-and-set lost: look at what the row has become, and ask again.
      if (after) return after;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      failed = true;
      mayBeRecorded ||= isWriting && error.mayBeDone;
      if (!error.passes || performance.now() + pause_ms + A_TRY_MS >= by)
        throw unrecorded(request.intent, error, mayBeRecorded);
      await sleep(pause_ms);
      pause_ms = Math.min(2 * pause_ms, AGAIN_MS.longest);
    }
  }
}
