// The typed client: tRPC's own, and what everybody would otherwise write on top of it.
import { createTRPCClientProxy, type TRPCClient } from '@trpc/client';
import { readAddress } from './address.ts';
import { Caller } from './caller.ts';
import type { Procedures } from './generated/procedures.ts';
import type { AppRouter, Cancellation, Finetuning, FinetuningEvent } from './generated/router.ts';
import type { Connected } from './last-look.ts';
import { linksFor } from './links.ts';
import type { ClientOptions } from './options.ts';
import { type CancelOptions, cancelAndWait, type WaitOptions, waitFor } from './wait.ts';
import { type WatchOptions, watch } from './watch.ts';

interface Conveniences {
  /**
   * Cancels a run and resolves with the receipt once it is proven that nothing runs any more.
   * Asking is idempotent, and repeated while goldtune cannot be reached.
   *
   * @throws GoldtuneError with `already_succeeded` or `already_failed` where it was too late.
   * @throws GoldtuneTimeout after `timeout` milliseconds (default: none), at most 2 s later. The cancel is stored and
   * goes on; where goldtune has not answered at all, `finetuning` is null and the cancel may have arrived.
   * @throws GoldtuneConnectionError where goldtune is out of reach for `outage` milliseconds (default: 5 minutes).
   * @example
   * const receipt = await goldtune.cancelAndWait(run.id, { timeout: 60_000, reason: 'wrong schema' });
   * console.log(receipt.evidence);
   */
  cancelAndWait(id: string, options?: CancelOptions): Promise<Cancellation>;
  /**
   * Resolves with the run once it has succeeded, failed or been cancelled.
   *
   * @throws GoldtuneTimeout after `timeout` milliseconds (default: none), at most 2 s later.
   * @throws GoldtuneConnectionError where goldtune is out of reach for `outage` milliseconds (default: 5 minutes).
   */
  waitFor(id: string, options?: WaitOptions): Promise<Finetuning>;
  /**
   * The events of a run, each once and in order, until it has ended. Resumes by itself after a cut connection, a
   * silence, a restart of the server and a switch to another replica.
   *
   * @throws GoldtuneTimeout after `timeout` milliseconds (default: none), at most 2 s later.
   * @throws GoldtuneConnectionError where goldtune does not answer at the start, or is out of reach for `outage`
   * milliseconds later on (default: 5 minutes).
   * @example
   * for await (const event of goldtune.watch(run.id)) console.log(event.message, event.progress?.percent);
   */
  watch(id: string, options?: WatchOptions): AsyncGenerator<FinetuningEvent, void>;
}

/** All of it has names of this package's own, and is still the client that tRPC's adapters ask for. */
export interface GoldtuneClient extends Omit<TRPCClient<AppRouter>, keyof Procedures>, Procedures, Conveniences {}

/**
 * A typed client of a goldtune server. Queries, cancels and creates are sent again after a failure that may pass, four
 * times in all; other mutations never are. Every call has a limit, 30 s unless `timeout` says otherwise.
 *
 * A call fails with a GoldtuneError where goldtune refuses it, with a GoldtuneConnectionError where there is no answer of
 * goldtune's, and with the reason of its signal where that gave it up.
 *
 * @throws TypeError where `url`, `apiKey` or a time cannot be used.
 * @example
 * const goldtune = createClient({ url: 'http://127.0.0.1:8080' });
 * const run = await goldtune.finetunings.create.mutate({ db_connection_id });
 */
export function createClient(options: ClientOptions): GoldtuneClient {
  const found = readAddress(options?.url);
  if ('problem' in found) throw new TypeError(`url ${found.problem}`);
  const { address } = found;
  const trpc = createTRPCClientProxy<AppRouter>(new Caller({ links: linksFor(address, options) }));
  const connected: Connected = { trpc, address };
  const conveniences: Conveniences = {
    cancelAndWait: (id, given) => cancelAndWait(connected, id, given),
    waitFor: (id, given) => waitFor(connected, id, given),
    watch: (id, given) => watch(connected, id, given),
  };
  // tRPC's client is a proxy without keys of its own: it cannot be copied, only looked through.
  return new Proxy(trpc, {
    get: (target, key, receiver) => Reflect.get(key in conveniences ? conveniences : target, key, receiver),
  }) as GoldtuneClient;
}
