// A store of which every write is held against the oracle at the moment it is committed.
import type { TrackedFinetuning } from '../../server/finetuning/record.ts';
import type { Store } from '../../server/finetuning/store.ts';
import { stepViolations } from '../oracle.ts';

/** `found` is given what is wrong; `written` is called with each row that was written. */
export function judgedStore(
  store: Store,
  found: (violations: readonly string[]) => void,
  written: (row: TrackedFinetuning) => void = () => {},
): Store {
  const { finetunings } = store;
  return {
    ...store,
    finetunings: {
      ...finetunings,
      async save(before, transition, now, options) {
        const after = await finetunings.save(before, transition, now, options);
        if (after && transition.event) {
          found(stepViolations(before, after));
          written(after);
        }
        return after;
      },
    },
  };
}
