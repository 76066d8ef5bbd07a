// Hands in the figures of a suite once all of it has passed.
import { afterAll, type RunnerTestSuite } from 'vitest';
import { type Figures, handIn } from './figures.ts';

/** To be called within the suite. A run of some of its tests, or one that fails, leaves the figures as they were. */
export function reportWhenPassed(suite: string, done: () => Figures): void {
  // biome-ignore lint/correctness/noEmptyPattern: the test runner reads which fixtures are asked for: none.
  afterAll(async ({}, tests) => {
    if (hasPassed(tests)) await handIn(suite, done());
  });
}

const hasPassed = ({ tasks }: Pick<RunnerTestSuite, 'tasks'>): boolean =>
  tasks.every((task) => (task.type === 'suite' ? hasPassed(task) : task.result?.state === 'pass'));
