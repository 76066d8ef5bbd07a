// When the time for a run is up: one more look at it, for as long as an answer may take.
import type { TRPCClient } from '@trpc/client';
import { isTransient } from './errors.ts';
import type { AppRouter, Finetuning } from './generated/router.ts';

/** A client, and where its goldtune is. */
export type Connected = { readonly trpc: TRPCClient<AppRouter>; readonly address: string };

/** What the last answer may come late. */
export const GRACE_MS = 2000;

/** Null: there was no answer. */
export async function lastLook({ trpc }: Connected, id: string, signal?: AbortSignal): Promise<Finetuning | null> {
  const options = { context: { timeout: GRACE_MS }, ...(signal ? { signal } : {}) };
  try {
    return await trpc.finetunings.get.query({ id }, options);
  } catch (error) {
    if (isTransient(error)) return null;
    throw error;
  }
}
