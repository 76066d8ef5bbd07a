// A Postgres server that several processes share: a pool for requests, one for the queue, connections that listen.
import { drizzle } from 'drizzle-orm/node-postgres';
import * as schema from '../../drizzle/schema.ts';
import { agreeOnTls, readAddress } from './address.ts';
import { listenOnPostgres } from './listening.ts';
import { isUpToDate, migrate } from './migrate.ts';
import type { OpenDatabase } from './open-database.ts';
import { openPool } from './pool.ts';
import { checkWritable, LONGEST_PROBE_MS } from './readiness.ts';
import { checkRights, checkServer } from './server-checks.ts';
import { alone } from './set-up.ts';
import { startFailure } from './start-failure.ts';

const REQUESTS = { name: 'goldtune', max: 10 };
const QUEUE = { name: 'goldtune-queue', max: 4 };
/** Else a connection that nothing comes through would be held longer than the probe is waited for. */
const patience = { query_timeout: LONGEST_PROBE_MS };

/** @throws Error with one clear line: the database's own cause, and what mends it. */
export async function openPostgres(url: string, onError: (error: Error) => void): Promise<OpenDatabase> {
  const explained = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      throw await startFailure(error, url);
    }
  };
  return explained(async () => {
    const address = await agreeOnTls(readAddress(url));
    await using resources = new AsyncDisposableStack();
    const pooled = (options: typeof REQUESTS) =>
      resources.adopt(openPool(address, options, onError), (pool) => pool.end());
    const pool = pooled(REQUESTS);
    const queue = pooled(QUEUE);
    const db = drizzle({ client: pool, schema });

    await checkServer(pool);
    if (!(await isUpToDate(db))) await alone(address, onError, migrate);
    await checkRights(pool);
    const opened = resources.move();
    return {
      db,
      queue: { backend: 'postgres', query: (text, values) => queue.query(text, values) },
      checkWritable: () => checkWritable((text) => pool.query({ text, ...patience })),
      listen: (channel, hearing) => listenOnPostgres(address, channel, hearing),
      setUp: (step) => explained(() => alone(address, onError, step)),
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  });
}
