// The typed client: tRPC's own, and what everybody would otherwise write on top of it.
import { createTRPCClient, type TRPCClient } from '@trpc/client';
import type { Procedures } from './generated/procedures.ts';
import type { AppRouter, Cancellation, Finetuning, FinetuningEvent } from './generated/router.ts';
import { linksFor } from './links.ts';
import type { ClientOptions } from './options.ts';
import { type CancelOptions, cancelAndWait, type WaitOptions, waitFor } from './wait.ts';
import { type WatchOptions, watch } from './watch.ts';

interface Conveniences {
  /**
   * Cancels a run and resolves with the receipt once it is proven that nothing runs any more.
   * Asking is idempotent, and repeated as long as goldtune cannot be reached.
   *
   * @throws GoldtuneError with `already_succeeded` or `already_failed` where it was too late.
   * @throws GoldtuneTimeout after `timeout` milliseconds (default: none). The cancel is stored and goes on.
   * @example
   * const receipt = await goldtune.cancelAndWait(run.id, { timeout: 60_000, reason: 'wrong schema' });
   * console.log(receipt.evidence);
   */
  cancelAndWait(id: string, options?: CancelOptions): Promise<Cancellation>;
  /**
   * Resolves with the run once it has succeeded, failed or been cancelled.
   *
   * @throws GoldtuneTimeout after `timeout` milliseconds (default: none).
   */
  waitFor(id: string, options?: WaitOptions): Promise<Finetuning>;
  /**
   * The events of a run, each once and in order, until it has ended. Resumes by itself after a cut connection, a
   * restart of the server and a switch to another replica.
   *
   * @example
   * for await (const event of goldtune.watch(run.id)) console.log(event.message, event.progress?.percent);
   */
  watch(id: string, options?: WatchOptions): AsyncGenerator<FinetuningEvent, void>;
}

/** All of it has names of this package's own, and is still the client that tRPC's adapters ask for. */
export interface GoldtuneClient extends Omit<TRPCClient<AppRouter>, keyof Procedures>, Procedures, Conveniences {}

/**
 * A typed client of a goldtune server. Queries, cancels and creates are sent again after a failure that may pass, four
 * times in all; other mutations never are.
 *
 * @example
 * const goldtune = createClient({ url: 'http://127.0.0.1:8080' });
 * const run = await goldtune.finetunings.create.mutate({ db_connection_id });
 */
export function createClient(options: ClientOptions): GoldtuneClient {
  const trpc = createTRPCClient<AppRouter>({ links: linksFor(options) });
  const conveniences: Conveniences = {
    cancelAndWait: (id, given) => cancelAndWait(trpc, id, given),
    waitFor: (id, given) => waitFor(trpc, id, given),
    watch: (id, given) => watch(trpc, id, given),
  };
  // tRPC's client is a proxy without keys of its own: it cannot be copied, only looked through.
  return new Proxy(trpc, {
    get: (target, key, receiver) => Reflect.get(key in conveniences ? conveniences : target, key, receiver),
  }) as GoldtuneClient;
}
