// Counts of what must happen now and then: a proof in which it never happens has not tried it.
import { expect } from 'vitest';
import type { Happening } from './happenings.ts';

export class Sometimes<H extends Happening> {
  readonly counts: Record<H, number>;

  constructor(...watched: readonly H[]) {
    this.counts = Object.fromEntries(watched.map((name) => [name, 0])) as Record<H, number>;
  }

  hit(...what: readonly H[]): void {
    for (const one of what) this.counts[one] += 1;
  }

  /** @throws where one of all, or of those that are named, never happened */
  expectEach(named?: readonly H[]): void {
    const never = Object.entries(this.counts).flatMap(([name, count]) =>
      count === 0 && (named?.some((one) => one === name) ?? true) ? [name] : [],
    );
    expect(never, 'what never happened in this run').toEqual([]);
  }
}
