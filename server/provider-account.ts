// Whose account a provider's key opens: asked at the start, and held against what is configured and what was before.
import type { OpenAiConfig } from './configuration/provider-config.ts';
import {
  askAccount,
  contradiction,
  isSameAccount,
  knownAccount,
  otherAccount,
  type ToldAccount,
} from './provider/openai/account.ts';
import { isSameLedger } from './provider/openai/ledger.ts';
import type { Database } from './storage/database.ts';
import { accountOf, openRunsByLedger, rememberAccount } from './storage/provider-accounts.ts';

/**
 * Runs that were started in one account must not be looked for in another: there, they would be proven gone.
 * @returns as far as it is known, from now or from before; null where it is not.
 * @throws Error, in one line, where the key opens another account than the one that is meant.
 */
export async function settleAccount(
  db: Database,
  config: OpenAiConfig,
  ledger: string,
  now: () => string,
): Promise<ToldAccount | null> {
  const { api_key: apiKey, address: baseUrl, organization, project, written } = config;
  const told = await askAccount({ apiKey, baseUrl, organization, project });
  const wrong = told && contradiction({ organization, project }, told, written);
  if (wrong) throw new Error(`goldtune cannot start: ${wrong}`);

  const before = await accountOf(db, ledger);
  // It could not be asked, or does not say: what it was before is held against each list.
  if (!told) return before;
  if (before && !isSameAccount(before, told)) {
    const open = (await openRunsByLedger(db)).filter((group) => isSameLedger(group.ledger, ledger));
    const runs = open.reduce((sum, group) => sum + group.runs, 0);
    if (runs > 0) throw new Error(`goldtune cannot start: ${otherAccount(before, told, runs, written)}`);
  }
  const known = knownAccount(before, told);
  await rememberAccount(db, ledger, known, now());
  return known;
}
