// The tables that the library of sign-ins reads and writes, handed to it as it wants them. Loaded once somebody signs in.
import * as tables from '../../../drizzle/people.ts';
import type { Database } from '../database.ts';
import { translated } from '../unavailable.ts';

/** Rejects with `Unavailable` where the database cannot do what the library asks of it. */
export async function signInTables(db: Database) {
  const { drizzleAdapter } = await import('@better-auth/drizzle-adapter');
  const schema = {
    people: tables.people,
    sessions: tables.sessions,
    sign_in_accounts: tables.signInAccounts,
    verifications: tables.verifications,
  };
  // In no transaction of its own: what it asks us within one would wait for the only session of the embedded database. A
  // person whose account was not stored any more gets it at the next sign-in.
  const adapter = drizzleAdapter(db, { provider: 'pg', schema, transaction: false });
  return (...given: Parameters<typeof adapter>) => translated(adapter(...given));
}
