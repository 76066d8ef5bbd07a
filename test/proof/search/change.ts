// How one world is made from another, and the moves that do it.
import type { Transition } from '../../../server/finetuning/lifecycle/transition.ts';
import { stepViolations } from '../../oracle.ts';
import { type Budget, rowOf, simplify, type Worker, type World } from './world.ts';

export type Move = {
  label: string;
  world: World;
  /** `fault` and `user`: need not happen. `finish`: the provider ends a job. All others are bound to happen some day. */
  kind: 'bound' | 'fault' | 'user' | 'finish';
  violations?: string[];
};

export const spend = (world: World, what: keyof Budget): World => ({
  ...world,
  budget: { ...world.budget, [what]: world.budget[what] - 1 },
});

export const withWorker = (world: World, index: number, worker: Worker): World => ({
  ...world,
  workers: world.workers.map((other, at) => (at === index ? worker : other)),
});

/** What a worker sent and no longer waits for stays on its way. */
export const orphaned = (world: World, index: number): World => ({
  ...world,
  net: world.net.map((message) => (message.sender === index ? { ...message, sender: null } : message)),
});

/** Writes a transition, as a compare-and-set that has won. */
export function write(world: World, transition: Transition): { world: World; violations: string[] } {
  const after = {
    run: simplify(transition.run),
    version: transition.event ? world.version + 1 : world.version,
  };
  return {
    world: { ...world, ...after },
    violations: transition.event ? stepViolations(rowOf(world), { ...rowOf(after), calls: transition.run.calls }) : [],
  };
}
