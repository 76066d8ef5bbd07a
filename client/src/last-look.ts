// When the time for a run is up: one more look at it, for as long as an answer may take.
import type { TRPCClient } from '@trpc/client';
import { GoldtuneTimeout, isTransient } from './errors.ts';
import type { AppRouter, Finetuning } from './generated/router.ts';

/** A client, and where its goldtune is. */
export type Connected = { readonly trpc: TRPCClient<AppRouter>; readonly address: string };

/** What the last answer may come late. */
export const GRACE_MS = 2000;

/** What there is to throw, with the run as it is by now if goldtune answers at once, else as it was seen before. */
export async function lastLook(
  { trpc, address }: Connected,
  id: string,
  seen: Finetuning | null,
  signal?: AbortSignal,
): Promise<GoldtuneTimeout> {
  const options = { context: { timeout: GRACE_MS }, ...(signal ? { signal } : {}) };
  try {
    return new GoldtuneTimeout({ id, finetuning: await trpc.finetunings.get.query({ id }, options), address });
  } catch (cause) {
    if (!isTransient(cause)) throw cause;
    return new GoldtuneTimeout({ id, finetuning: seen, address, cause });
  }
}
