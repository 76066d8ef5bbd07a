// A line of the bench: something that is asked of goldtune, and what it is measured against.
import type { Figures } from './report.ts';

/** How much of it is measured. */
export type Size = { rows: number; rounds: number };

export type Line = {
  name: string;
  goal: string;
  measure(size: Size): Promise<Omit<Figures, 'goal'>>;
};
