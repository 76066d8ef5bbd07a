// What is left to do for a run that has ended: to remove files that nothing needs any more, then, if asked to, to forget
// it. Pure.
import { isTerminal, openCall, type Run, remainingFiles } from './state.ts';

export type Leftover = { kind: 'delete_file'; file_id: string } | { kind: 'forget' };

export function leftoverOf({ state, calls }: Pick<Run, 'state' | 'calls'>): Leftover | null {
  const unneeded = remainingFiles(calls).find((file) => state.intent === 'delete' || file !== state.file_id);
  if (unneeded !== undefined) return { kind: 'delete_file', file_id: unneeded };
  return state.intent === 'delete' && state.deleted_at === null ? { kind: 'forget' } : null;
}

/** It has ended, no call of it is open, and nothing is left: nobody has to look at it again. */
export const isDone = (run: Pick<Run, 'state' | 'calls'>) =>
  isTerminal(run.state.status) && openCall(run.calls) === undefined && leftoverOf(run) === null;
