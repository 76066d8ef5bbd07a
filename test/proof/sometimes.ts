// Counts of what must happen now and then: a proof in which it never happens has not tried it.
import { expect } from 'vitest';

export type Happening =
  | 'adopted by tag'
  | 'absent after the fence'
  | 'late create refused by the fence'
  | 'too-late cancel'
  | 'compare-and-set lost'
  | 'duplicate stopped by the janitor'
  | 'lost notification saved by the sweep';

export class Sometimes<H extends Happening> {
  readonly counts: Record<H, number>;

  constructor(...watched: readonly H[]) {
    this.counts = Object.fromEntries(watched.map((name) => [name, 0])) as Record<H, number>;
  }

  hit(what: H): void {
    this.counts[what] += 1;
  }

  /** @throws where one of them never happened */
  expectEach(): void {
    const never = Object.entries(this.counts).flatMap(([name, count]) => (count === 0 ? [name] : []));
    expect(never, 'what never happened in this run').toEqual([]);
  }
}
