// A store of which every write is held against the oracle at the moment it is committed.
import type { TrackedFinetuning } from '../../server/finetuning/record.ts';
import type { StopStore, Store } from '../../server/finetuning/store.ts';
import { stepViolations } from '../oracle.ts';

/** `found` is given what is wrong; `written` is called with each row that was written. */
export function judgedStore(
  store: Store,
  found: (violations: readonly string[]) => void,
  written: (row: TrackedFinetuning) => void = () => {},
): Store {
  const judging = <Part extends StopStore>(part: Part): Part => ({
    ...part,
    async save(...[before, transition, ...given]: Parameters<StopStore['save']>) {
      const after = await part.save(before, transition, ...given);
      if (after && transition.event) {
        found(stepViolations(before, after));
        written(after);
      }
      return after;
    },
  });
  return { ...store, finetunings: judging(store.finetunings), stops: (by) => judging(store.stops(by)) };
}
