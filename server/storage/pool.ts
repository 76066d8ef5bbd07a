// Connections that all have our session. One that cannot write, was left in a transaction or is silent is given up.
import { Socket } from 'node:net';
import { Client, type ClientBase, Pool } from 'pg';
import { type Address, connectionTo } from './address.ts';
import type { Patience } from './patience.ts';
import { beginSession } from './session.ts';
import { silent } from './unavailable.ts';

const READ_ONLY_TRANSACTION = '25006';

export type PoolOptions = { name: string; max: number; patience: Patience };

/** `onError` hears of connections that the server closes, idle or within a transaction. */
export function openPool(
  address: Address,
  { name, max, patience }: PoolOptions,
  onError: (error: Error) => void,
): Pool {
  /** After a fail-over a session may stay read-only for as long as it lives, whatever the server is by then. */
  const unfit = new WeakSet<ClientBase>();
  const pool = new Pool({
    ...connectionTo(address, name, patience.connection_ms),
    max,
    // The pool waits for what it returns, and hands out no connection whose session could not begin.
    onConnect: async (client) => {
      giveUpSilent(client, patience.silence_ms);
      if ((await beginSession(client, patience)).readOnly) unfit.add(client);
    },
  });
  pool.on('connect', (client) => {
    // Unheard it would end the process. The pool passes on only what happens to an idle one.
    client.on('error', onError);
    client.connection.on('errorMessage', ({ code }: { code?: string }) => {
      if (code === READ_ONLY_TRANSACTION) unfit.add(client);
    });
  });
  // One that nobody uses is silent as well.
  pool.on('acquire', (client) => giveUpSilent(client, patience.silence_ms));
  pool.on('release', (_error, client) => {
    giveUpSilent(client, 0);
    // One that is ending is not kept. In the middle of something it is not asked to leave, for it may never answer.
    const isIdle = client.getTransactionStatus() === 'I';
    if (!isIdle) client.connection.stream.destroy();
    if (!isIdle || unfit.has(client)) void client.end();
  });
  // The pool then stays silent if nobody listens to it.
  pool.on('error', () => {});
  return pool;
}

/** All that waits for an answer on it fails at once, and it is made anew: an answer that came later would be another's. */
function giveUpSilent(client: ClientBase, silence_ms: number): void {
  if (!(client instanceof Client && client.connection.stream instanceof Socket)) return;
  const { stream } = client.connection;
  stream.removeAllListeners('timeout').setTimeout(silence_ms);
  stream.once('timeout', () => stream.destroy(silent()));
}
