// What is known of a call from all of its tries: whether one of them may have arrived is a fact about the call.
import type { Operation, TRPCClientError } from '@trpc/client';
import type { AppRouter } from './generated/router.ts';

export type Tries = {
  /** One of them is on its way, or waits for its answer. */
  underWay: boolean;
  /** Of those that have ended, any may have been carried out. */
  mayHaveArrived: boolean;
  /** Why the last one has failed. */
  failure: TRPCClientError<AppRouter> | null;
};

/** By the context of a call, which all of its tries share. */
const known = new WeakMap<object, Tries>();

export function triesOf({ context }: Pick<Operation, 'context'>): Tries {
  const tries = known.get(context) ?? { underWay: false, mayHaveArrived: false, failure: null };
  known.set(context, tries);
  return tries;
}
