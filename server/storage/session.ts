// What a session is, on every connection: what server, database, role and URL have for defaults is not relied upon.
// By SET after the connection is made: poolers refuse or forget what is asked for in the start-up packet.
import { z } from 'zod';
import { type Patience, patience } from './patience.ts';

/** What statements mean, and what their results look like. */
const MEANING: Record<string, string> = {
  // Compare-and-set waits for the other writer and then sees its version; a stricter level would fail instead.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  search_path: 'public',
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  // I6: what was acknowledged survives a crash of the server.
  synchronous_commit: 'on',
  // Triggers and foreign keys hold the invariants. Only a superuser may set it; nobody else finds it changed.
  session_replication_role: 'origin',
};

/** How long the server is patient with us, in milliseconds; 0 is for ever. */
const waitingAtMost = ({ lock_ms, statement_ms, silence_ms }: Patience): Record<string, string> => ({
  statement_timeout: String(statement_ms),
  lock_timeout: String(lock_ms),
  // What it holds locked, others wait for.
  idle_in_transaction_session_timeout: String(silence_ms),
  idle_session_timeout: '0',
  transaction_timeout: '0',
});

/** A change of tables takes as long as it takes, and waits as long for other processes that change them. */
const WITHOUT_END = 'SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0';

/**
 * Sets what differs: not each server has each setting, and what is right already needs no right to set it.
 * The first SET counts for what follows it, where the default would end it.
 */
const setting = (settings: Record<string, string>) => `SET statement_timeout = 0;
SELECT set_config(name, wanted.value, false) FROM pg_catalog.pg_settings
JOIN (VALUES ${Object.entries(settings)
  .map(([name, value]) => `('${name}', '${value}')`)
  .join(', ')}) AS wanted (name, value) USING (name) WHERE setting <> wanted.value`;

/** For the embedded database, which nobody else uses and nothing interrupts. */
export const EMBEDDED_SESSION = setting(MEANING);

const answers = z.array(z.object({ rows: z.array(z.record(z.string(), z.unknown())) }));

/** What `pg` needs to be for a session to begin. */
type Connection = { query(text: string): Promise<unknown> };

/** @returns whether the session is one that cannot write, as on a stand-by. */
export async function beginSession(connection: Connection, waits: Patience): Promise<{ readOnly: boolean }> {
  const session = `${setting({ ...MEANING, ...waitingAtMost(waits) })}; SHOW transaction_read_only`;
  const shown = answers.parse(await connection.query(session)).at(-1);
  return { readOnly: shown?.rows[0]?.['transaction_read_only'] === 'on' };
}

/** The session of a step that changes tables. */
export async function beginSetUp(connection: Connection): Promise<void> {
  await beginSession(connection, patience.requests);
  await connection.query(WITHOUT_END);
}
