// A provider of which single operations go wrong once, with a moment for a user's act before, during or after it.
import type { Provider } from '../../../server/finetuning/provider.ts';
import type { Faults } from '../../provider/faults.ts';
import { providerAt } from '../cell.ts';
import { type Asked, type Breakage, operations } from './breakage.ts';

export type Broken = { operation: Asked; breakage: Breakage };
export type Moment = 'before' | 'during' | 'after';

type Options = {
  faults: Faults;
  /** Each goes wrong once, in this order where an operation is named twice. */
  broken: readonly Broken[];
  /** Awaited at each moment of each request that goes wrong. */
  act: (moment: Moment, operation: Asked) => Promise<void>;
  /** What was held for late execution is let go at once, or else left until everything is healed. */
  soon: boolean;
};

export function breakOperations(provider: Provider, { faults, broken, act, soon }: Options) {
  const left = [...broken];
  let answered = 0;

  async function goWrong<T>({ operation, breakage }: Broken, ask: (provider: Provider) => Promise<T>): Promise<T> {
    const at = operations[operation];
    if ('elsewhere' in breakage) {
      const asking = ask(providerAt(breakage.elsewhere));
      await act('during', operation);
      return asking;
    }
    if ('executed_late' in breakage) {
      const held = faults.holdExecution(at);
      const asking = ask(provider);
      await held.reached;
      await act('during', operation);
      const answer = await asking;
      if (soon) held.release();
      return answer;
    }
    const gate = faults.hold(at, 'before');
    faults.next(at, breakage.fault);
    const asking = ask(provider);
    await gate.reached;
    await act('during', operation);
    gate.release();
    return asking;
  }

  async function through<T>(operation: Asked, ask: (provider: Provider) => Promise<T>): Promise<T> {
    const index = left.findIndex((one) => one.operation === operation);
    const one = left[index];
    if (!one) return ask(provider);
    left.splice(index, 1);
    await act('before', operation);
    const answer = await goWrong(one, ask);
    await act('after', operation);
    answered += 1;
    return answer;
  }

  const breaking: Provider = {
    ...provider,
    uploadFile: (file, timeout) => through('uploadFile', (asked) => asked.uploadFile(file, timeout)),
    listFiles: () => through('listFiles', (asked) => asked.listFiles()),
    deleteFile: (id) => through('deleteFile', (asked) => asked.deleteFile(id)),
    createJob: (request) => through('createJob', (asked) => asked.createJob(request)),
    findJobs: (wanted) => through('findJobs', (asked) => asked.findJobs(wanted)),
    getJob: (id) => through('getJob', (asked) => asked.getJob(id)),
    getProgress: (id) => through('getProgress', (asked) => asked.getProgress(id)),
    cancelJob: (id) => through('cancelJob', (asked) => asked.cancelJob(id)),
  };
  /** How many have not gone wrong yet, all of it. */
  return { provider: breaking, left: () => broken.length - answered };
}
