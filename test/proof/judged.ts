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
  const judge = (before: TrackedFinetuning, after: TrackedFinetuning) => {
    found(stepViolations(before, after));
    written(after);
  };
  const judging = <Part extends Pick<StopStore, 'save'>>(part: Part): Part => ({
    ...part,
    async save(...[before, transition, ...given]: Parameters<StopStore['save']>) {
      const after = await part.save(before, transition, ...given);
      if (after && transition.event) judge(before, after);
      return after;
    },
  });
  const judgingMany = (part: StopStore): StopStore => ({
    ...part,
    async *saveMany(changes, now) {
      for await (const after of part.saveMany(changes, now)) {
        const changed = changes.find(({ before }) => before.id === after.id);
        if (changed) judge(changed.before, after);
        yield after;
      }
    },
  });
  return {
    ...store,
    finetunings: judging(store.finetunings),
    stops: (by) => judgingMany(judging(store.stops(by))),
  };
}
