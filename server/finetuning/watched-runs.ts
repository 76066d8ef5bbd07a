// How far the runs have got whose events are read: one look at all of them, however many readers there are.
// Hints make it prompt; besides, there is a slow look.
import { atMost } from './at-most.ts';
import { DomainError, notFound } from './errors.ts';
import type { TimelineEvent } from './record.ts';
import type { FinetuningStore, Head } from './store.ts';

/** How often it is looked where no hint comes. */
const LOOK_AGAIN_MS = 1000;
/** Runs in one statement. */
const MOST_LOOKED_AT = 500;
/** Events that a reader takes at once: all that is ever held for it. */
const PAGE = 100;
/** A thousand readers that begin at once leave the database room for others. */
const READS_AT_ONCE = 4;

/** All that a watch asks of the database. */
export type Timelines = Pick<FinetuningStore, 'heads' | 'events'>;

/** Says that a finetuning may have a new event. May be late, doubled or lost. */
export type Hints = { subscribe(id: string, hint: () => void): Disposable };

/** A run with at least this reader. */
export type WatchedRun = Disposable & {
  /** As it was last seen. @throws what the look failed with, but for a database that is away for a while. */
  head(): Head;
  /** The next events after a version; readers at the same place share one read. */
  eventsAfter(version: number): Promise<TimelineEvent[]>;
  /** Resolves when there may be more to read, or the signal ends it. */
  news(signal: AbortSignal | undefined): Promise<void>;
};

type Watched = {
  head: PromiseWithResolvers<Head>;
  seen: Head | null;
  failure: unknown;
  readers: number;
  waiting: Set<() => void>;
  reads: Map<number, Promise<TimelineEvent[]>>;
  hints: Disposable;
};

/** @param closing ends all waiting for news. */
export function watchRuns(finetunings: Timelines, hints: Hints, closing: AbortSignal) {
  const runs = new Map<string, Watched>();
  const due = new Set<string>();
  const inTurn = atMost(READS_AT_ONCE);
  let looking = false;
  let timer: NodeJS.Timeout | undefined;

  closing.addEventListener('abort', () => {
    for (const run of runs.values()) wake(run);
  });

  const askFor = (ids: Iterable<string>) => {
    for (const id of ids) due.add(id);
    void look();
  };

  /** One at a time: what is asked for meanwhile is looked at next, once. */
  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    while (due.size > 0) {
      const ids = [...due].slice(0, MOST_LOOKED_AT);
      for (const id of ids) due.delete(id);
      try {
        const heads = new Map((await finetunings.heads(ids)).map((head) => [head.id, head]));
        for (const id of ids) see(id, heads.get(id) ?? notFound('Finetuning', id));
      } catch (error) {
        for (const id of ids) see(id, error);
      }
    }
    looking = false;
  }

  function see(id: string, answer: unknown): void {
    const run = runs.get(id);
    if (!run) return;
    if (isHead(answer)) {
      const isNews = run.seen?.version !== answer.version || run.seen.isOver !== answer.isOver;
      run.seen = answer;
      run.head.resolve(answer);
      if (isNews) wake(run);
      return;
    }
    run.head.reject(answer);
    // Readers outlast a database that is away: it is looked again.
    if (run.seen && answer instanceof DomainError && answer.code === 'unavailable') return;
    run.failure = answer;
    wake(run);
  }

  function begin(id: string): Watched {
    const run: Watched = {
      head: Promise.withResolvers<Head>(),
      seen: null,
      failure: null,
      readers: 0,
      waiting: new Set(),
      reads: new Map(),
      hints: hints.subscribe(id, () => askFor([id])),
    };
    runs.set(id, run);
    timer ??= setInterval(() => askFor(runs.keys()), LOOK_AGAIN_MS).unref();
    askFor([id]);
    return run;
  }

  function leave(id: string, run: Watched): void {
    run.readers -= 1;
    if (run.readers > 0) return;
    run.hints[Symbol.dispose]();
    if (runs.get(id) === run) runs.delete(id);
    if (runs.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  function read(organization_id: string, id: string, run: Watched, after: number): Promise<TimelineEvent[]> {
    const page = inTurn(() => finetunings.events(organization_id, id, { after, limit: PAGE })).finally(() =>
      run.reads.delete(after),
    );
    run.reads.set(after, page);
    return page;
  }

  return {
    /**
     * What has been joined is left by disposing of it.
     * @throws DomainError `not_found`
     */
    async join(organization_id: string, id: string): Promise<WatchedRun> {
      const run = runs.get(id) ?? begin(id);
      run.readers += 1;
      using held = new DisposableStack();
      held.defer(() => leave(id, run));
      const first = await run.head.promise;
      // Others may have followed it for long.
      const head = run.seen ?? first;
      if (head.organization_id !== organization_id || head.isDeleted) throw notFound('Finetuning', id);
      const joined = held.move();
      return {
        head() {
          if (run.failure) throw run.failure;
          return run.seen ?? head;
        },
        eventsAfter: (version) => run.reads.get(version) ?? read(organization_id, id, run, version),
        news: (signal) =>
          new Promise((resolve) => {
            const hear = () => {
              run.waiting.delete(hear);
              signal?.removeEventListener('abort', hear);
              resolve();
            };
            run.waiting.add(hear);
            signal?.addEventListener('abort', hear);
          }),
        [Symbol.dispose]: () => joined.dispose(),
      };
    },
  };
}

const wake = (run: Watched) => {
  for (const hear of [...run.waiting]) hear();
};

const isHead = (answer: unknown): answer is Head =>
  typeof answer === 'object' && answer !== null && 'version' in answer;
