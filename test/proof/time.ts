// Simulated time. It passes only where somebody who has nothing to do lets it, so that nothing is late because a
// machine is slow. Several processes share it: it is the length of a file, which grows and never shrinks.
import { appendFileSync, closeSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SCRATCH } from '../scratch.ts';

/** A byte of the file. */
const QUANTUM_MS = 50;
/** What passes while somebody has nothing to do, and how long he then leaves the processor to others. */
const ROUND_MS = 500;
export const PAUSE_MS = 20;

/** Says to another process which time is meant. */
export type TimeName = { path: string; started: number };

/** The clocks of one process. */
export type Clocks = {
  /** By how much its wall clock is ahead of the time that all share. To be set; also while it runs, which is a step. */
  ahead_ms: number;
  /** ISO 8601 in UTC. */
  wall(): string;
  /** Milliseconds since the process began. Never steps, whatever the wall clock does. */
  monotonic(): number;
};

export class Time implements Disposable {
  readonly name: TimeName;
  readonly #directory: string | null;
  readonly #rounds = new Set<NodeJS.Timeout>();
  #file: number | null;
  #passed = 0;

  /** A time of its own, or, given a name, one that another process has begun. */
  constructor(name?: TimeName) {
    this.#directory = name ? null : mkdtempSync(join(SCRATCH, 'goldtune-time-'));
    this.name = name ?? { path: join(this.#directory ?? '', 'time'), started: Date.now() };
    this.#file = openSync(this.name.path, 'a');
  }

  /** Milliseconds that have passed since it began. Once disposed, those until then. */
  get passed(): number {
    if (this.#file !== null) this.#passed = fstatSync(this.#file).size * QUANTUM_MS;
    return this.#passed;
  }

  /** Milliseconds since 1970. */
  now = (): number => this.name.started + this.passed;

  /** Lets so many milliseconds pass, for all who share it. */
  pass(ms = ROUND_MS): void {
    if (this.#file === null || ms <= 0) return;
    appendFileSync(this.#file, Buffer.alloc(Math.ceil(ms / QUANTUM_MS)));
  }

  /** Lets it be as late as that, if it is not yet. */
  passUntil(moment: string): void {
    this.pass(Date.parse(moment) - this.now());
  }

  /** Lets it pass, round after round, while somebody waits who does not let it pass himself. */
  passing(): Disposable {
    const rounds = setInterval(() => this.pass(), PAUSE_MS);
    this.#rounds.add(rounds);
    return {
      [Symbol.dispose]: () => {
        clearInterval(rounds);
        this.#rounds.delete(rounds);
      },
    };
  }

  /** Those of a process that begins now. */
  clocks(): Clocks {
    const began = this.passed;
    const clocks: Clocks = {
      ahead_ms: 0,
      wall: () => new Date(this.now() + clocks.ahead_ms).toISOString(),
      monotonic: () => this.passed - began,
    };
    return clocks;
  }

  [Symbol.dispose](): void {
    if (this.#file === null) return;
    for (const rounds of this.#rounds) clearInterval(rounds);
    this.#passed = this.passed;
    closeSync(this.#file);
    this.#file = null;
    if (this.#directory) rmSync(this.#directory, { recursive: true, force: true });
  }
}
