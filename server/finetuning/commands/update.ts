// Changing what people call a finetuning. Touches nothing that the run depends on.
import { isDeepStrictEqual } from 'node:util';
import type { UpdateInput } from '../contract/finetunings.ts';
import type { Dependencies } from '../dependencies.ts';
import { notFound } from '../errors.ts';
import { move } from '../lifecycle/transition.ts';
import { actorOf, type Principal } from '../principal.ts';
import type { Finetuning } from '../record.ts';

/** @throws DomainError `not_found` */
export async function updateFinetuning(
  { store, clock }: Dependencies,
  principal: Principal,
  id: string,
  input: UpdateInput,
): Promise<Finetuning> {
  for (;;) {
    const before = await store.finetunings.find(principal.organization_id, id);
    if (!before) throw notFound('Finetuning', id);
    const state = {
      alias: input.alias === undefined ? before.state.alias : input.alias,
      metadata: input.metadata === undefined ? before.state.metadata : input.metadata,
    };
    if (isDeepStrictEqual(state, { alias: before.state.alias, metadata: before.state.metadata })) return before;
    const transition = move(
      before,
      { type: 'updated', message: 'Alias or metadata changed.' },
      { state: { ...state, waiting: before.state.waiting }, due_at: before.due_at, failures: before.failures },
    );
    const after = await store.finetunings.save(before, { ...transition, by: actorOf(principal) }, clock());
    if (after) return after;
  }
}
