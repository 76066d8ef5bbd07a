// The queue: pg-boss on the same database. A message only says "look at this id"; losing one costs a second, never a run.
import { is, SQL, sql } from 'drizzle-orm';
import { type ConstructorOptions, fromDrizzle, PgBoss } from 'pg-boss';
import { z } from 'zod';
import type { Log } from '../finetuning/dependencies.ts';
import type { Database, OpenDatabase } from '../storage/database.ts';

const SCHEMA = 'pgboss';
const QUEUE = 'reconcile';
/** Far longer than any provider request; a job whose process died is handed out again after it. */
const EXPIRE_SECONDS = 900;

const message = z.object({ id: z.string() });

const result = z.object({ rows: z.array(z.unknown()) });

/** The transaction as pg-boss wants it: both drivers answer with rows, our common type does not say so. */
const executor = (db: Database) => ({
  async execute(query: unknown) {
    if (!is(query, SQL)) throw new TypeError('pg-boss sent something that is not SQL');
    return result.parse(await db.execute(query));
  },
});

export type Queue = AsyncDisposable & {
  /** Asks for a look at a finetuning; inside a transaction when given one. A second request for the same id is one. */
  wake(id: string, db?: Database): Promise<void>;
  /** Starts handing messages to `handle`, several at a time. */
  work(handle: (id: string) => Promise<void>): Promise<void>;
};

export async function openQueue(database: OpenDatabase, log: Log): Promise<Queue> {
  const warn = (error: unknown) => log.warn({ err: error }, 'the queue could not reach the database; it tries again');
  const boss = new PgBoss({
    ...connectionFor(database, warn),
    schema: SCHEMA,
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
    async wake(id, db) {
      await boss.send(QUEUE, { id }, { singletonKey: id, ...(db ? { db: fromDrizzle(executor(db), sql) } : {}) });
    },

    async work(handle) {
      await boss.work(
        QUEUE,
        { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 5, localConcurrency: 8 },
        async (jobs: { data: unknown }[]) => {
          for (const job of jobs) await handle(message.parse(job.data).id);
        },
      );
    },

    // Whatever was being worked on has been waited for; a message that is cut off is as good as lost, which is fine.
    async [Symbol.asyncDispose]() {
      await boss.stop({ graceful: false });
    },
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
  const { rows } = await executor(db).execute(sql`SELECT FROM pg_catalog.pg_namespace WHERE nspname = ${schema}`);
  return rows.length > 0;
}
