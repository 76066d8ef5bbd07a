// Figures of a series of times, and of rounds.

export type Times = { count: number; p50: number; p99: number };
/** The middle of the rounds, and what lies at their ends. */
export type Spread = { median: number; least: number; most: number };

/** In milliseconds, to a hundredth. @throws Error where nothing was measured */
export function timesOf(measured: readonly number[]): Times {
  const sorted = ordered(measured);
  return { count: sorted.length, p50: rounded(at(sorted, 0.5)), p99: rounded(at(sorted, 0.99)) };
}

export function spreadOf(measured: readonly number[]): Spread {
  const sorted = ordered(measured);
  return { median: rounded(at(sorted, 0.5)), least: rounded(at(sorted, 0)), most: rounded(at(sorted, 1)) };
}

const ordered = (measured: readonly number[]) => [...measured].sort((a, b) => a - b);

function at(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

const rounded = (value: number) => Math.round(value * 100) / 100;
