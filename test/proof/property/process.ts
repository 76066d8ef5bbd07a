// A process of the simulation: all it waits for goes through gates, so that arrivals and replies come in any order,
// and a crash leaves it waiting for ever.

import { AsyncLocalStorage } from 'node:async_hooks';

/** Something a process waits for; whoever schedules lets it go on, or lets it fail. */
export type Pending = {
  /** Null once nobody waits for it any more. */
  process: Process | null;
  label: string;
  /** The next thing happens. Returns what is pending instead of it, if anything is. */
  move(): Pending | null;
  /** The ways in which it may fail, by name. Each returns what is pending instead. */
  faults: Record<string, () => Pending | null>;
};

export class Process {
  /** Finetunings it is at work on. */
  readonly busyWith = new Set<string>();
}

export class Schedule {
  /** What somebody waits for. */
  pending: Pending[] = [];
  /** Still on its way, though nobody waits for it any more. */
  orphans: Pending[] = [];
  /** Tasks that wait neither for a gate nor for anything else: they are running. */
  #running = 0;
  /** Whether what runs is a task of several strands, of which nobody can say how many there are. */
  readonly #inStrands = new AsyncLocalStorage<true>();

  /** Runs a task of a process. It is never waited for; a crash leaves it where it is. */
  start(task: () => Promise<unknown>): void {
    this.#running += 1;
    void task()
      .catch(() => {})
      .finally(() => {
        this.#running -= 1;
      });
  }

  /** As `start`, of a task that does several things at once, and waits for nothing but gates: it is over in one turn. */
  startStrands(task: () => Promise<unknown>): void {
    void this.#inStrands.run(true, task).catch(() => {});
  }

  /** Waits at a gate until `open` is called. */
  wait<T>(make: (settle: { open: (value: T) => void; fail: (error: Error) => void }) => Pending): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const counted = this.#inStrands.getStore() ? 0 : 1;
    this.#running -= counted;
    const again = <A>(settle: (answer: A) => void) => {
      return (answer: A) => {
        this.#running += counted;
        settle(answer);
      };
    };
    this.pending.push(make({ open: again(resolve), fail: again(reject) }));
    return promise;
  }

  /** Lets something pending go on, or fail in the named way. */
  act(at: number, fault: string | null): void {
    const [one] = this.pending.splice(at, 1);
    const next = fault === null ? one?.move() : one?.faults[fault]?.();
    if (next) (next.process === null ? this.orphans : this.pending).push(next);
  }

  /** An orphan arrives after all, or never will. */
  deliver(at: number, lost: boolean): void {
    const [one] = this.orphans.splice(at, 1);
    if (!lost) one?.move();
  }

  /** The process stops for good. Its requests and statements stay on their way, and nobody hears of them. */
  crash(process: Process): void {
    const orphaned = this.pending.filter((one) => one.process === process);
    this.pending = this.pending.filter((one) => one.process !== process);
    this.orphans.push(...orphaned.map((one) => Object.assign(one, { process: null })));
  }

  /** Resolves when every task waits at a gate or is over. */
  async quiet(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.#running > 0);
  }
}
