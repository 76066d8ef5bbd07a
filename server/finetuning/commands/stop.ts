// Cancel and delete: the intent is stored first, and never lost (I6).
import type { Dependencies } from '../dependencies.ts';
import { notFound } from '../errors.ts';
import { requestStop, type StopRequest } from '../lifecycle/stop.ts';
import type { Principal, TrackedFinetuning } from '../record.ts';

/**
 * Stores the wish to stop. Where nothing was ever submitted, the finetuning is cancelled in this very write.
 * @throws DomainError `not_found`
 */
export async function storeStop(
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
