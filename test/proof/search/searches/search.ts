// One search: how many workers meet which mishaps, at which engine.
import type { Level } from '../../level.ts';
import type { Budget, Engine } from '../world.ts';

export type Search = {
  named: string;
  workers: number;
  mishaps: Partial<Budget>;
  /** Left out: a cancel stays, and a job begins with its create. */
  engine?: Engine;
};

export type Searches = Record<Level, readonly Search[]>;
