// A connection of a pool, lent for one statement, and taken back whatever comes of it: at the latest when time is up.
import { DrizzleQueryError } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient } from 'pg';
import * as schema from '../../drizzle/schema.ts';
import type { Database, Lend } from './open-database.ts';
import { silent, tellingUnavailable, unreached } from './unavailable.ts';

/** Transaction resolution unknown. */
const COMMIT_UNKNOWN = '08007';

/** A database on all connections of a pool. */
export function databaseOn(pool: Pool): Database {
  // Drizzle does not give a connection back whose BEGIN has failed.
  const transaction: Database['transaction'] = async (work, config) => {
    const client = await pool.connect();
    try {
      return await databaseOnOne(client).transaction(work, config);
    } finally {
      client.release();
    }
  };
  return Object.assign(drizzle({ client: pool, schema }), { transaction });
}

/** Drizzle tells of a rollback that has failed; what it was for is told here. */
function databaseOnOne(client: PoolClient): Database {
  const made = onOne.get(client);
  if (made) return made;
  const db: Database = drizzle({ client, schema });
  const begin = db.transaction.bind(db);
  const transaction: Database['transaction'] = async (work, config) => {
    const failures: unknown[] = [];
    try {
      return await begin(
        (tx) =>
          work(tx).catch((failure: unknown) => {
            failures.push(failure);
            throw failure;
          }),
        config,
      );
    } catch (error) {
      if (failures.length > 0) throw failures[0];
      const isOfCommit = error instanceof DrizzleQueryError && error.query === 'rollback';
      throw isOfCommit
        ? Object.assign(new Error('the commit failed', { cause: error }), { code: COMMIT_UNKNOWN })
        : error;
    }
  };
  onOne.set(client, Object.assign(db, { transaction }));
  return db;
}

/** To make one takes as long as a statement. */
const onOne = new WeakMap<PoolClient, Database>();

export const lendFrom =
  (pool: Pool): Lend =>
  (by, effect, statement) => {
    let lent: PoolClient | null = null;
    let isOver = false;
    let mayBeDone = false;

    async function carryOut() {
      const client = await pool.connect().catch((cause: unknown) => {
        throw unreached(cause);
      });
      try {
        if (isOver) throw silent();
        lent = client;
        const goesOn = isReadyAgain(client);
        mayBeDone = effect === 'writes';
        return await statement(databaseOnOne(client)).catch(async (error: unknown) => {
          // What fails before it is sent is not done either. A read is waited for too: the next statement on this connection
          // must not take its end for its own.
          const isOpen = error instanceof DrizzleQueryError && !(await goesOn);
          mayBeDone = effect === 'writes' && isOpen;
          throw error;
        });
      } finally {
        lent = null;
        client.release();
      }
    }
    const timeIsUp = Promise.withResolvers<never>();
    const ending = setTimeout(
      () => {
        isOver = true;
        // What still waits on it fails with it.
        lent?.connection.stream.destroy(silent());
        timeIsUp.reject(silent());
      },
      Math.max(0, by - performance.now()),
    );
    return tellingUnavailable(
      () => Promise.race([carryOut(), timeIsUp.promise]).finally(() => clearTimeout(ending)),
      () => mayBeDone,
    );
  };

/**
 * Whether a session goes on after the next statement: one that failed was rolled back then. A server that ends the
 * session, or itself, may have committed before.
 */
function isReadyAgain({ connection }: PoolClient): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const ready = () => over(true);
  const ended = () => over(false);
  const over = (goesOn: boolean) => {
    connection.off('readyForQuery', ready).off('end', ended);
    resolve(goesOn);
  };
  connection.once('readyForQuery', ready).once('end', ended);
  return promise;
}
