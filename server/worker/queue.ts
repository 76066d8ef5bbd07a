// The queue: pg-boss on the same database. A message only says "look at this id"; losing one costs a second, never a run.
import { sql } from 'drizzle-orm';
import { type ConstructorOptions, PgBoss, systemClock } from 'pg-boss';
import { z } from 'zod';
import type { Log } from '../finetuning/dependencies.ts';
import type { Database, OpenDatabase } from '../storage/database.ts';

const SCHEMA = 'pgboss';
const QUEUE = 'reconcile';
/** Far longer than any provider request; a job whose process died is handed out again after it. */
const EXPIRE_SECONDS = 900;

const SENT_AT_ONCE = 500;
/** Handled at the same time, of each kind. Most of the time each of them waits for its provider. */
const PLACES = 128;
const polling = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 5 };

/** Its pauses are what is left of an interval: by a wall clock that is set back meanwhile, a day's pause for a day. */
const clock = { ...systemClock, now: () => performance.timeOrigin + performance.now() };

const message = z.object({ id: z.string() });

const result = z.object({ rows: z.array(z.unknown()) });

export type Queue = AsyncDisposable & {
  /**
   * Asks for a look at each of these finetunings. A second request for the same id is one.
   * `first`: before all that was asked for without, also where that is among it.
   */
  wake(ids: readonly string[], order?: 'first'): Promise<void>;
  /**
   * Starts handing messages to `handle`, many at a time. What was asked for first has places of its own, which nothing that
   * takes long elsewhere can fill. A finetuning that is being handled here is not handed out again meanwhile: what is due
   * then still is asked for again.
   */
  work(handle: (id: string) => Promise<void>): Promise<void>;
};

export async function openQueue(database: OpenDatabase, log: Log): Promise<Queue> {
  const warn = (error: unknown) => log.warn({ err: error }, 'the queue could not reach the database; it tries again');
  const boss = new PgBoss({
    ...connectionFor(database, warn),
    schema: SCHEMA,
    clock,
    // To make it, and be it only if it does not exist, asks for a right that a role need not have.
    createSchema: !(await exists(database.db, SCHEMA)),
    schedule: false,
    // A worker hears of a message as it is committed; polling is the fallback.
    useListenNotify: true,
    superviseIntervalSeconds: 60,
    // Its defaults are for queues of millions; ours holds a handful of rows.
    reindex: false,
    monitorVacuum: false,
  });
  // pg-boss reports a lost connection here and goes on; unheard it would end the process.
  boss.on('error', warn);
  // It knows that another process made its tables meanwhile by an English message, which servers may translate.
  await database.setUp(async () => {
    await boss.start();
    // short: at most one waiting message per id. An active one never blocks: it may be that of a process that was killed.
    await boss.createQueue(QUEUE, {
      policy: 'short',
      notify: true,
      expireInSeconds: EXPIRE_SECONDS,
      retryLimit: 0,
      deleteAfterSeconds: 3600,
    });
  });

  return {
    async wake(ids, order) {
      const [priority, key] = order === 'first' ? [1, 'first '] : [0, ''];
      for (let start = 0; start < ids.length; start += SENT_AT_ONCE) {
        const some = ids.slice(start, start + SENT_AT_ONCE);
        await boss.insert(
          QUEUE,
          some.map((id) => ({ data: { id }, singletonKey: `${key}${id}`, priority })),
        );
      }
    },

    async work(handle) {
      const handled = new Set<string>();
      const once = async (id: string) => {
        if (handled.has(id)) return;
        handled.add(id);
        await handle(id).finally(() => handled.delete(id));
      };
      for (const lane of [{ minPriority: 1 }, { maxPriority: 0 }]) {
        const begin = places(PLACES);
        await boss.work(
          QUEUE,
          // A full batch is followed by the next at once: else what many have left behind would wait for a turn each.
          { ...lane, ...polling, localConcurrency: 2, batchSize: PLACES / 2, burstWhenBatchFull: true },
          // Its end is not waited for: one that takes minutes would keep all that came with it, and the next.
          async (jobs: { data: unknown }[]) => {
            for (const { data } of jobs) await begin(() => once(message.parse(data).id));
          },
        );
      }
    },

    // Whatever was being worked on has been waited for; a message that is cut off is as good as lost, which is fine.
    async [Symbol.asyncDispose]() {
      await boss.stop({ graceful: false });
    },
  };
}

/** @returns begins something once fewer than so many of its kind go on; what that comes to is its own affair */
function places(most: number) {
  const taken = new Set<Promise<void>>();
  return async (begin: () => Promise<void>) => {
    while (taken.size >= most) await Promise.race(taken);
    const one = begin().finally(() => taken.delete(one));
    taken.add(one);
  };
}

/** Connections with our session, not pg-boss's own. */
function connectionFor({ queue, listen }: OpenDatabase, failed: (error: unknown) => void): ConstructorOptions {
  return {
    backend: queue.backend,
    db: {
      executeSql: queue.query,
      listen: (channel, hear, listens) => listen(channel, { hear, listens, failed }),
    },
  };
}

async function exists(db: Database, schema: string): Promise<boolean> {
  // Both drivers answer with rows, our common type does not say so.
  const found = result.parse(await db.execute(sql`SELECT FROM pg_catalog.pg_namespace WHERE nspname = ${schema}`));
  return found.rows.length > 0;
}
