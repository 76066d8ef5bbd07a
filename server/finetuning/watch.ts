// Streams of the events of runs: each event once, in order, from the reader's own place on; no more streams than are held.
import { DomainError } from './errors.ts';
import { tooManyStreams } from './limits.ts';
import { identityOf, type Principal } from './principal.ts';
import type { TimelineEvent } from './record.ts';
import { type Hints, type Timelines, type WatchedRun, watchRuns } from './watched-runs.ts';

export type Watch = {
  /**
   * From the event after `after` on; ends once the run has ended and its last event was given, or it was deleted.
   * The signal ends it too, by throwing its reason where that is a refusal, and has to come from whoever may go away: nothing else ends a stream in which nothing happens.
   * @returns null where the run has ended, and has no event after `after`.
   * @throws DomainError `not_found`; `rate_limited` while the principal has as many streams open as one may have, and
   * `unavailable` while as many are open as this process holds. So does a stream throw that is open while the server shuts
   * down, so that its reader comes back elsewhere.
   */
  open(
    principal: Principal,
    id: string,
    after: number,
    signal?: AbortSignal,
  ): Promise<AsyncGenerator<TimelineEvent, void> | null>;
  /** Ends every stream that is open. */
  close(): void;
};

/** @param most how many streams are open at once. @param mostEach of one principal. */
export function createWatch(finetunings: Timelines, hints: Hints, most: number, mostEach = most): Watch {
  const closing = new AbortController();
  const runs = watchRuns(finetunings, hints, closing.signal);
  let open = 0;
  const openOf = new Map<string, number>();

  /** Disposed of once, by whatever comes first: a stream that is never read has no end of its own. */
  function takePlace(principal: Principal): DisposableStack {
    if (open >= most) throw new DomainError('unavailable', noPlace(most));
    const who = identityOf(principal);
    const own = openOf.get(who) ?? 0;
    if (own >= mostEach) throw tooManyStreams(principal, mostEach);
    open += 1;
    openOf.set(who, own + 1);
    const held = new DisposableStack();
    held.defer(() => {
      open -= 1;
      const left = (openOf.get(who) ?? 1) - 1;
      if (left > 0) openOf.set(who, left);
      else openOf.delete(who);
    });
    return held;
  }

  async function* follow(run: WatchedRun, after: number, held: Disposable, signal: AbortSignal | undefined) {
    using _ = held;
    for (let last = after; ; ) {
      if (closing.signal.aborted) throw shuttingDown();
      if (signal?.aborted) return left(signal);
      const head = run.head();
      if (last < head.version) {
        const events = await run.eventsAfter(last);
        for (const event of events) {
          yield event;
          last = event.version;
        }
        // What a history lacks does not come any more.
        if (events.length === 0) last = head.version;
      } else if (head.isOver) return;
      else await run.news(signal);
    }
  }

  return {
    async open(principal, id, after, signal) {
      if (closing.signal.aborted) throw shuttingDown();
      const held = takePlace(principal);
      try {
        const run = held.use(await runs.join(principal.organization_id, id));
        const head = run.head();
        if (signal?.aborted || (head.isOver && after >= head.version)) {
          held.dispose();
          return null;
        }
        signal?.addEventListener('abort', () => held.dispose(), { once: true });
        return follow(run, after, held, signal);
      } catch (error) {
        held.dispose();
        throw error;
      }
    },

    close: () => closing.abort(),
  };
}

/** @throws DomainError where the signal says that it may not be read any more. */
function left({ reason }: AbortSignal): void {
  if (reason instanceof DomainError) throw reason;
}

const shuttingDown = () => new DomainError('unavailable', 'The server is shutting down; connect again.');

const noPlace = (most: number) =>
  `All ${most} streams of events that this server holds are open. Ask for the events without a stream, or try again a little later.`;
