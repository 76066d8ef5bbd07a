// LISTEN/NOTIFY: which finetuning has a new event, said by the database as it commits. Readers poll besides.
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Log } from '../finetuning/dependencies.ts';
import type { Hints } from '../finetuning/watch.ts';
import type { OpenDatabase } from './database.ts';

/** The channel of migrations/0002_event_hints.sql. */
const CHANNEL = 'goldtune_events';
const RECONNECT_MS = 1000;

export type EventHints = Hints & AsyncDisposable;

export async function listenForEvents(connection: OpenDatabase['connection'], log: Log): Promise<EventHints> {
  const readers = new EventEmitter().setMaxListeners(0);
  const tell = (id: string) => {
    readers.emit(id);
  };
  const tellAll = () => {
    for (const id of readers.eventNames()) readers.emit(id);
  };

  const stop =
    connection.kind === 'pglite'
      ? await connection.client.listen(CHANNEL, tell)
      : listenOnPostgres(connection.url, tell, tellAll, log);

  return {
    subscribe(id, hint) {
      readers.on(id, hint);
      return {
        [Symbol.dispose]() {
          readers.off(id, hint);
        },
      };
    },
    [Symbol.asyncDispose]: () => stop(),
  };
}

/** Keeps one connection listening; whatever was said while there was none is made up for by telling everybody. */
function listenOnPostgres(url: string, tell: (id: string) => void, tellAll: () => void, log: Log): () => Promise<void> {
  const stopping = new AbortController();
  const listening = (async () => {
    while (!stopping.signal.aborted) {
      const client = new Client({ connectionString: url, application_name: 'goldtune-events' });
      const lost = new Promise<void>((resolve) => {
        client.on('error', () => resolve());
        client.on('end', () => resolve());
        stopping.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      try {
        client.on('notification', ({ payload = '' }) => tell(payload));
        await client.connect();
        await client.query(`LISTEN ${CHANNEL}`);
        tellAll();
        await lost;
      } catch (error) {
        log.warn({ err: error }, 'could not listen for events; streams look every second meanwhile');
      }
      await client.end().catch(() => {});
      await sleep(RECONNECT_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return async () => {
    stopping.abort();
    await listening;
  };
}
