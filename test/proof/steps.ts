// Every step that a process takes towards the world, as a place where it can be stopped, broken or delayed.

import type { Dependencies } from '../../server/finetuning/dependencies.ts';
import type { FinetuningStore, StopStore } from '../../server/finetuning/store.ts';
import { registryOf } from '../../server/provider/registry.ts';
import { allOf } from '../all-of.ts';
import { aroundProvider } from './around-provider.ts';

/** Awaited before and after each statement and each request. Where it throws, or never returns, the process stops there. */
export type Step = (name: string) => Promise<void>;

export function stepping(deps: Dependencies, step: Step): Dependencies {
  const { store, providers } = deps;
  const provider = providers.standard;
  const { finetunings } = store;

  async function around<T>(name: string, run: () => Promise<T>): Promise<T> {
    await step(`before ${name}`);
    const answer = await run();
    await step(`after ${name}`);
    return answer;
  }

  const steppingFinetunings: FinetuningStore = {
    ...finetunings,
    find: (organization, id) => around('find', () => finetunings.find(organization, id)),
    findAny: (id) => around('find', () => finetunings.findAny(id)),
    insert: (...given) => around('insert', () => finetunings.insert(...given)),
    save: (...given) => around('save', () => finetunings.save(...given)),
  };
  const steppingStops = (by: number): StopStore => {
    const { findMany, saveMany } = store.stops(by);
    return {
      ...steppingFinetunings,
      findMany: (...given) => around('find', () => findMany(...given)),
      async *saveMany(...given) {
        yield* await around('save', () => allOf(saveMany(...given)));
      },
    };
  };
  return {
    ...deps,
    store: { ...store, finetunings: steppingFinetunings, stops: steppingStops },
    providers: registryOf(aroundProvider(provider, (operation, ask) => around(operation, () => ask(provider)))),
  };
}

/** A process that dies at the given step, counted from 1: from there on it neither does nor hears anything. */
export function mortal(deps: Dependencies, lastStep: number) {
  const died = Promise.withResolvers<'died'>();
  let steps = 0;
  const step: Step = async (name) => {
    steps += 1;
    if (steps < lastStep) return;
    died.resolve('died');
    throw new Error(`the process died ${name}, at step ${lastStep}`);
  };
  return { deps: stepping(deps, step), isDead: () => steps >= lastStep, died: died.promise };
}
