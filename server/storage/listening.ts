// One connection that hears a channel, and is made again when it is lost.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Address, connectionTo } from './address.ts';
import type { Hearing, Listening } from './open-database.ts';
import { patience } from './patience.ts';
import { beginSession } from './session.ts';

const RECONNECT_MS = 1000;
/** A connection that nothing comes through looks like one on which nothing happens, so it is asked. */
const ASK_MS = 10_000;

/** Comes back after the first attempt, successful or not. */
export async function listenOnPostgres(
  address: Address,
  channel: string,
  { hear, listens, failed }: Hearing,
): Promise<Listening> {
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});
  const tried = Promise.withResolvers<void>();

  async function listenOnce(): Promise<void> {
    const client = new Client({
      ...connectionTo(address, 'goldtune-events', patience.listening.connection_ms),
      query_timeout: patience.listening.statement_ms,
    });
    const lost = new Promise<'lost'>((resolve) => {
      client.on('error', () => resolve('lost'));
      client.on('end', () => resolve('lost'));
    });
    // Nothing is under way on it that would be waited for, least of all a farewell to a server that does not answer.
    const leave = () => client.connection.stream.destroy();
    stopping.signal.addEventListener('abort', leave, { once: true });
    client.on('notification', ({ payload = '' }) => hear(payload));
    try {
      await client.connect();
      await beginSession(client, patience.listening);
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      listens();
      tried.resolve();
      while ((await Promise.race([lost, pause(ASK_MS)])) !== 'lost') await client.query('SELECT');
    } finally {
      stopping.signal.removeEventListener('abort', leave);
      leave();
    }
  }

  const listening = (async () => {
    while (!stopping.signal.aborted) {
      await listenOnce().catch((error: unknown) => {
        if (!stopping.signal.aborted) failed(error);
      });
      tried.resolve();
      await pause(RECONNECT_MS);
    }
  })();
  await tried.promise;
  return {
    async close() {
      stopping.abort();
      await listening;
    },
  };
}
