// The events of one finetuning as they happen: each once, in order, from the database; hints only make it prompt.
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, notFound } from './errors.ts';
import { isTerminal } from './lifecycle/state.ts';
import type { TimelineEvent } from './record.ts';
import type { FinetuningStore } from './store.ts';

/** How often a reader looks where no hint comes. */
const LOOK_AGAIN_MS = 1000;
const PAGE = 100;

/** Says that a finetuning may have a new event. May be late, doubled or lost. */
export type Hints = { subscribe(id: string, hint: () => void): Disposable };

export type Watch = {
  /**
   * From the event after `after` on; returns once the run has ended and its last event was given, or it was deleted.
   * @throws DomainError `not_found`; `unavailable` while the server shuts down, so that the reader comes back elsewhere.
   */
  events(organization_id: string, id: string, after: number, signal?: AbortSignal): AsyncGenerator<TimelineEvent, void>;
  /** Ends every stream that is open. */
  close(): void;
};

export function createWatch(finetunings: FinetuningStore, hints: Hints): Watch {
  const closing = new AbortController();

  return {
    async *events(organization_id, id, after, signal) {
      if (!(await finetunings.find(organization_id, id))) throw notFound('Finetuning', id);
      let hinted = Promise.withResolvers<void>();
      using _ = hints.subscribe(id, () => hinted.resolve());
      const ended = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal;

      for (let last = after; ; ) {
        if (closing.signal.aborted) throw new DomainError('unavailable', 'The server is shutting down; connect again.');
        if (signal?.aborted) return;
        // Before the look: a hint that comes during it counts for the next one.
        hinted = Promise.withResolvers();
        const page = await finetunings.events(organization_id, id, { after: last, limit: PAGE });
        for (const event of page) {
          yield event;
          last = event.version;
        }
        if (page.length > 0) continue;
        const row = await finetunings.find(organization_id, id);
        if (!row || (isTerminal(row.state.status) && last >= row.version)) return;
        if (last < row.version) continue;
        await Promise.race([hinted.promise, pause(ended)]);
      }
    },

    close: () => closing.abort(),
  };
}

const pause = (signal: AbortSignal) => sleep(LOOK_AGAIN_MS, undefined, { ref: false, signal }).catch(() => {});
