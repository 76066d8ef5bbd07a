// Steps that change tables: several processes may start at once, and a lock lets one at a time do its step.
import { drizzle } from 'drizzle-orm/node-postgres';
import { Client } from 'pg';
import * as schema from '../../drizzle/schema.ts';
import { type Address, connectionTo } from './address.ts';
import type { Database } from './open-database.ts';
import { beginSetUp } from './session.ts';

/** Any number, the same in each process: "gold" in ASCII. */
const LOCK = 0x676f6c64;

/** Takes the step on a session that waits as long as it takes. */
export async function alone<T>(
  address: Address,
  onError: (error: Error) => void,
  step: (db: Database) => Promise<T>,
): Promise<T> {
  const client = new Client(connectionTo(address, 'goldtune-set-up'));
  client.on('error', onError);
  try {
    await client.connect();
    await beginSetUp(client);
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    try {
      return await step(drizzle({ client, schema }));
    } finally {
      // A pooler may keep the session, and with it the lock, when we are gone.
      await client.query('SELECT pg_advisory_unlock($1)', [LOCK]).catch(() => {});
    }
  } finally {
    await client.end().catch(() => {});
  }
}
