// Connections that all have our session. One that cannot write, or was left in a transaction, is given up.
import { type ClientBase, Pool } from 'pg';
import { type Address, connectionTo } from './address.ts';
import { beginSession, LONGEST_ANSWER_MS } from './session.ts';

const READ_ONLY_TRANSACTION = '25006';

/** `onError` hears of connections that the server closes, idle or within a transaction. */
export function openPool(
  address: Address,
  { name, max }: { name: string; max: number },
  onError: (error: Error) => void,
): Pool {
  /** After a fail-over a session may stay read-only for as long as it lives, whatever the server is by then. */
  const unfit = new WeakSet<ClientBase>();
  const pool = new Pool({
    ...connectionTo(address, name),
    max,
    query_timeout: LONGEST_ANSWER_MS,
    // The pool waits for what it returns, and hands out no connection whose session could not begin.
    onConnect: async (client) => {
      if ((await beginSession(client)).readOnly) unfit.add(client);
    },
  });
  pool.on('connect', (client) => {
    // Unheard it would end the process. The pool passes on only what happens to an idle one.
    client.on('error', onError);
    client.connection.on('errorMessage', ({ code }: { code?: string }) => {
      if (code === READ_ONLY_TRANSACTION) unfit.add(client);
    });
  });
  pool.on('release', (_error, client) => {
    // One that is ending is not kept.
    if (unfit.has(client) || client.getTransactionStatus() !== 'I') void client.end();
  });
  // The pool then stays silent if nobody listens to it.
  pool.on('error', () => {});
  return pool;
}
