// tRPC's own client, whose calls take a `timeout` and reject with the reason that their signal was given.
import { TRPCUntypedClient } from '@trpc/client';
import type { CallOptions } from './calls.ts';
import type { AppRouter } from './generated/router.ts';
import { milliseconds } from './timer.ts';

/** What every way to call goes through: the procedures, the conveniences, and the adapters of tRPC. */
export class Caller extends TRPCUntypedClient<AppRouter> {
  override query(path: string, input?: unknown, options?: CallOptions): Promise<unknown> {
    return settled(options, (given) => super.query(path, input, given));
  }

  override mutation(path: string, input?: unknown, options?: CallOptions): Promise<unknown> {
    return settled(options, (given) => super.mutation(path, input, given));
  }
}

async function settled(
  { timeout, signal, context }: CallOptions = {},
  call: (given: Omit<CallOptions, 'timeout'>) => Promise<unknown>,
): Promise<unknown> {
  const limit = timeout === undefined ? {} : { timeout: milliseconds(timeout, 'timeout') };
  try {
    return await call({ context: { ...context, ...limit }, ...(signal ? { signal } : {}) });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}
