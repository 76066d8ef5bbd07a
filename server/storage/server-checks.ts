// What no session can mend, looked at once at the start: a pooler that shares sessions, an encoding, missing rights.
import type { Pool } from 'pg';
import { z } from 'zod';
import { missingForRows } from './missing-rights.ts';

/** Texts of any language are kept in one, and bytes as they come in the other. */
const ENCODINGS = ['UTF8', 'SQL_ASCII'];

const told = z.tuple([z.object({ pid: z.number(), encoding: z.string() })]);

const TELL = "SELECT pg_backend_pid() AS pid, current_setting('server_encoding') AS encoding";

/** @throws Error saying what is in the way, and what mends it */
export async function checkServer(pool: Pool): Promise<void> {
  const one = await pool.connect();
  try {
    const [{ pid, encoding }] = told.parse((await one.query(TELL)).rows);
    const [other] = told.parse((await pool.query(TELL)).rows);
    // Settings, locks and LISTEN would be somebody else's where each transaction may get another session.
    if (pid === other.pid) {
      // What was set there, others would find.
      await one.query('RESET ALL');
      throw new Error(
        'it is reached through a pooler that shares sessions between connections; goldtune needs sessions of its own: set the pooler to pool_mode = session for this database, or name the server itself',
      );
    }
    if (!ENCODINGS.includes(encoding)) {
      throw new Error(
        `it is encoded in ${encoding}; make one with CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'`,
      );
    }
  } finally {
    one.release();
  }
}

/** @throws Error naming the GRANT that is missing */
export async function checkRights(pool: Pool): Promise<void> {
  const missing = await missingForRows(pool);
  if (missing.length > 0) throw new Error(`its role may not use all tables; to mend it: ${missing.join('; ')}`);
}
