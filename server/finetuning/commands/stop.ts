// Cancel and delete: the intent is stored first and never lost (I6); then some time is spent on proving it.
import type { Dependencies } from '../dependencies.ts';
import { DomainError, notFound } from '../errors.ts';
import { isTerminal } from '../lifecycle/state.ts';
import type { Principal } from '../principal.ts';
import type { Pursuit } from '../pursue.ts';
import type { Finetuning, TrackedFinetuning } from '../record.ts';
import type { StopStore } from '../store.ts';
import { Unavailable } from '../unavailable.ts';
import { storeStop, storeTogether, type Wish } from './store-stop.ts';

/** How long recording the wish, and a last look, may take beyond the wait for proof: an answer comes within 2 s of it. */
const BEYOND_WAIT_MS = 1500;
const LAST_LOOK_MS = 1000;

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
  request: CancelRequest,
): Promise<Finetuning> {
  const time = timeFor(request.wait_ms);
  return proveCancel(deps, pursuit, id, await storeStop(deps, principal, id, wishOf(request), time), time);
}

/**
 * Stops many, whose wishes are stored together before any of them is pursued; what cannot be stored so is stopped alone.
 * @returns for each id, in order, what `cancelFinetuning` comes to
 */
export async function cancelFinetunings(
  deps: Dependencies,
  pursuit: Pursuit,
  principal: Principal,
  ids: readonly string[],
  request: CancelRequest,
): Promise<CancelAnswer[]> {
  const time = timeFor(request.wait_ms);
  const wish = wishOf(request);
  const { stored, mayBeRecorded } = await storeTogether(deps, principal, ids, wish, time);
  return Promise.all(
    ids.map(async (id): Promise<CancelAnswer> => {
      try {
        const known = stored.get(id) ?? (await storeStop(deps, principal, id, wish, { ...time, mayBeRecorded }));
        const proven = await proveCancel(deps, pursuit, id, known, time);
        return { id, finetuning: withoutRecords(proven), error: null };
      } catch (cause) {
        // What is wrong with one must not hide what has become of the others.
        const error = cause instanceof DomainError ? cause : unclear(cause);
        if (error !== cause) deps.log.error({ finetuning: id, err: cause }, 'could not cancel this finetuning');
        return { id, finetuning: error.finetuning ?? null, error };
      }
    }),
  );
}

/** Of one of many. With an error too the finetuning, where that tells of it. */
export type CancelAnswer = { id: string } & (
  | { finetuning: Finetuning; error: null }
  | { finetuning: Finetuning | null; error: DomainError }
);

const unclear = (cause: unknown) =>
  new DomainError(
    'internal',
    'Something unexpected went wrong, and it is not known whether this cancel is recorded; the log says what. Try again.',
    { cause },
  );

/** They are for an answer about one run. */
const withoutRecords = ({ golden_records: _, ...finetuning }: TrackedFinetuning): Finetuning => finetuning;

const wishOf = ({ metadata, reason }: CancelRequest): Wish => ({
  intent: 'cancel',
  metadata: metadata ?? null,
  reason: reason ?? null,
});

async function proveCancel(
  deps: Dependencies,
  pursuit: Pursuit,
  id: string,
  stored: TrackedFinetuning | null,
  time: Time,
): Promise<TrackedFinetuning> {
  // Somebody else has deleted it meanwhile.
  if (!stored) throw notFound('Finetuning', id);
  const hasEnded = ({ state }: TrackedFinetuning) => isTerminal(state.status);
  const wait_ms = time.wait_left_ms();
  const row =
    hasEnded(stored) || wait_ms === 0
      ? stored
      : ((await pursuit.until(stored, wait_ms, hasEnded)) ??
        (await lastLook(deps, time.by, (store) => store.findAny(id), stored)) ??
        stored);
  const { status } = row.state;
  if (status === 'succeeded' || status === 'failed') {
    throw new DomainError(`already_${status}`, `Model has already ${status}. Cannot cancel.`, {
      finetuning: withoutRecords(row),
    });
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

type Time = ReturnType<typeof timeFor>;

function timeFor(wait_ms: number) {
  const asked = performance.now();
  return {
    by: asked + wait_ms + BEYOND_WAIT_MS,
    pursued: wait_ms > 0,
    mayBeRecorded: false,
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
