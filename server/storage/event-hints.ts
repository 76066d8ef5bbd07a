// LISTEN/NOTIFY: which finetuning has a new event, said once it is committed. Readers poll besides.
import { EventEmitter } from 'node:events';
import type { Log } from '../finetuning/dependencies.ts';
import type { Hints } from '../finetuning/watched-runs.ts';
import { gathered } from './gathered.ts';
import type { OpenDatabase } from './open-database.ts';

const CHANNEL = 'goldtune_events';

/** Nothing of it is to outlast anything, so no disk is waited for. */
const NOTIFY = `SELECT set_config('synchronous_commit', 'off', true), pg_notify('${CHANNEL}', id) FROM unnest($1::text[]) AS id`;

export type EventHints = Hints & AsyncDisposable;

/** Says to every process which runs have a new event. */
export const sayEvents = ({ queue }: OpenDatabase) => gathered((ids) => queue.query(NOTIFY, [ids]));

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
