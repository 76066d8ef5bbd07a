// LISTEN/NOTIFY: which finetuning has a new event, said by the database as it commits. Readers poll besides.
import { EventEmitter } from 'node:events';
import type { Log } from '../finetuning/dependencies.ts';
import type { Hints } from '../finetuning/watched-runs.ts';
import type { OpenDatabase } from './open-database.ts';

/** The channel of migrations/0002_event_hints.sql. */
const CHANNEL = 'goldtune_events';

export type EventHints = Hints & AsyncDisposable;

export async function listenForEvents(database: OpenDatabase, log: Log): Promise<EventHints> {
  const readers = new EventEmitter().setMaxListeners(0);
  const listening = await database.listen(CHANNEL, {
    hear: (id) => readers.emit(id),
    // Whatever was said while nobody listened is made up for by telling everybody.
    listens: () => {
      for (const id of readers.eventNames()) readers.emit(id);
    },
    failed: (error) => log.warn({ err: error }, 'could not listen for events; streams look every second meanwhile'),
  });
  return {
    subscribe(id, hint) {
      readers.on(id, hint);
      return {
        [Symbol.dispose]() {
          readers.off(id, hint);
        },
      };
    },
    [Symbol.asyncDispose]: () => listening.close(),
  };
}
