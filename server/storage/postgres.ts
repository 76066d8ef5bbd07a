// A Postgres server that several processes share: a pool for each kind of work, connections that listen.
import { agreeOnTls, readAddress } from './address.ts';
import { databaseOn, lendFrom } from './lend.ts';
import { listenOnPostgres } from './listening.ts';
import { isUpToDate, migrate } from './migrate.ts';
import type { OpenDatabase } from './open-database.ts';
import { patience } from './patience.ts';
import { openPool, type PoolOptions } from './pool.ts';
import { checkWritable, LONGEST_PROBE_MS } from './readiness.ts';
import { checkRights, checkServer } from './server-checks.ts';
import { alone } from './set-up.ts';
import { startFailure } from './start-failure.ts';

/** What one kind of work holds up, it holds up for itself. */
const pools = {
  requests: { name: 'goldtune', max: 10, patience: patience.requests },
  stops: { name: 'goldtune-stops', max: 8, patience: patience.stops },
  work: { name: 'goldtune-work', max: 4, patience: patience.work },
  queue: { name: 'goldtune-queue', max: 4, patience: patience.queue },
};
/** Else a connection that nothing comes through would be held longer than the probe is waited for. */
const soon = { query_timeout: LONGEST_PROBE_MS };

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
    const pooled = (options: PoolOptions) => resources.adopt(openPool(address, options, onError), (pool) => pool.end());
    const pool = pooled(pools.requests);
    const stops = pooled(pools.stops);
    const work = pooled(pools.work);
    const queue = pooled(pools.queue);
    const db = databaseOn(pool);

    await checkServer(pool);
    if (!(await isUpToDate(db))) await alone(address, onError, migrate);
    await checkRights(pool);
    const opened = resources.move();
    return {
      db,
      work: databaseOn(work),
      stops: lendFrom(stops),
      queue: { backend: 'postgres', query: (text, values) => queue.query(text, values) },
      checkWritable: () => checkWritable((text) => pool.query({ text, ...soon })),
      listen: (channel, hearing) => listenOnPostgres(address, channel, hearing),
      setUp: (step) => explained(() => alone(address, onError, step)),
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  });
}
