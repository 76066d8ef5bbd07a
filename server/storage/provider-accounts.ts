// Which account of a provider answered last: a key of another account makes every job look gone.
import { count, eq, isNotNull } from 'drizzle-orm';
import { finetunings, providerAccounts } from '../../drizzle/schema.ts';
import type { Database } from './database.ts';

type Account = { organization: string | null; project: string | null };

/** Null where none is known of this ledger. */
export async function accountOf(db: Database, ledger: string): Promise<Account | null> {
  const [row] = await db.select().from(providerAccounts).where(eq(providerAccounts.ledger, ledger));
  return row ? { organization: row.organization, project: row.project } : null;
}

export async function rememberAccount(db: Database, ledger: string, account: Account, now: string): Promise<void> {
  const row = { ...account, told_at: now };
  await db
    .insert(providerAccounts)
    .values({ ledger, ...row })
    .onConflictDoUpdate({ target: providerAccounts.ledger, set: row });
}

/** How many runs are not at their end, by the ledger that they were recorded with. */
export async function openRunsByLedger(db: Database): Promise<{ ledger: string; runs: number }[]> {
  return await db
    .select({ ledger: finetunings.provider_ledger, runs: count() })
    .from(finetunings)
    .where(isNotNull(finetunings.due_at))
    .groupBy(finetunings.provider_ledger);
}
