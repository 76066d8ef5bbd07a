// Cancel and delete: the intent is stored first and never lost (I6); then some time is spent on proving it.
import type { Dependencies } from '../dependencies.ts';
import { DomainError, notFound } from '../errors.ts';
import { isTerminal } from '../lifecycle/state.ts';
import { requestStop, type StopRequest } from '../lifecycle/stop.ts';
import type { Pursuit } from '../pursue.ts';
import type { Finetuning, Principal, TrackedFinetuning } from '../record.ts';

export type CancelRequest = {
  metadata?: Record<string, string> | null | undefined;
  reason?: string | null | undefined;
  /** How long to wait for proof, in milliseconds. */
  wait_ms: number;
};

/**
 * Stops a finetuning. Asking again changes nothing (I8). A caller that goes away changes nothing either.
 * @returns status `cancelled`: proven stopped. Any other status: the wish is stored and will be pursued until proven.
 * @throws DomainError `not_found`; `already_succeeded` or `already_failed` where the run ended first
 */
export async function cancelFinetuning(
  deps: Dependencies,
  pursuit: Pursuit,
  principal: Principal,
  id: string,
  { metadata, reason, wait_ms }: CancelRequest,
): Promise<Finetuning> {
  const stored = await storeStop(deps, principal, id, {
    intent: 'cancel',
    metadata: metadata ?? null,
    reason: reason ?? null,
  });
  if (!isTerminal(stored.state.status)) {
    await pursuit.until(id, wait_ms, (row) => isTerminal(row.state.status));
  }
  // A delete that ran meanwhile may have made it invisible: then what is known is what was stored.
  const row = (await deps.store.finetunings.findAny(id)) ?? stored;
  const { status } = row.state;
  if (status === 'succeeded' || status === 'failed') {
    throw new DomainError(`already_${status}`, `Model has already ${status}. Cannot cancel.`, { finetuning: row });
  }
  return row;
}

/**
 * Cancels where needed, removes the files from the provider, then forgets the finetuning.
 * @returns whether it is forgotten yet; if not, it will be.
 * @throws DomainError `not_found`
 */
export async function deleteFinetuning(
  deps: Dependencies,
  pursuit: Pursuit,
  principal: Principal,
  id: string,
  wait_ms: number,
): Promise<{ forgotten: boolean }> {
  await storeStop(deps, principal, id, { intent: 'delete', metadata: null, reason: null });
  await pursuit.until(id, wait_ms, (row) => row.state.deleted_at !== null);
  return { forgotten: (await deps.store.finetunings.find(principal.organization_id, id)) === null };
}

async function storeStop(
  { store, clock }: Dependencies,
  principal: Principal,
  id: string,
  request: Omit<StopRequest, 'requested_by'>,
): Promise<TrackedFinetuning> {
  for (;;) {
    const before = await store.finetunings.find(principal.organization_id, id);
    if (!before) throw notFound('Finetuning', id);
    const now = clock();
    const transition = requestStop(before, { ...request, requested_by: principal.name }, now);
    if (!transition) return before;
    const after = await store.finetunings.save(before, transition, now, { wake: true });
    // Compare-and-set lost: look at what the row has become, and ask again.
    if (after) return after;
  }
}
