// A run whose provider is not configured any more: nobody else may judge it, so it waits, and says so.
import type { Dependencies } from './dependencies.ts';
import { later } from './lifecycle/state.ts';
import { waitFor } from './lifecycle/transition.ts';
import { asItIs } from './mutate.ts';
import type { Provider } from './provider.ts';
import type { TrackedFinetuning } from './record.ts';

/** It is looked at this many times more seldom than others. */
const PATIENCE = 4;

export async function waitForProvider(deps: Dependencies, row: TrackedFinetuning, now: string) {
  const { store, providers, settings, log } = deps;
  const configured = providers.all.map(calledBy).join(', ');
  const due_at = later(now, PATIENCE * settings.poll_interval_ms);
  const message = `It lives at another provider (${row.provider_ledger}) than ${providers.all.length > 1 ? 'those' : 'the one'} configured (${configured}); it is neither followed nor stopped until that one is configured again, under any name: as an entry of PROVIDERS_FILE with the same address and account, or by the variables that named it.`;
  const waiting = waitFor(row, { type: 'other_provider', message }, { due_at, failures: 0 }, now);
  const saved = await store.finetunings.save(row, waiting, now);
  // It has moved on meanwhile, by a wish or another look: that is looked at next, and this has not been told.
  if (saved === null) return asItIs(deps, row);
  log.error(
    { finetuning: row.id, lives_in: row.provider_ledger, configured },
    'this finetuning lives at a provider that is not configured; configure that one again to go on with it',
  );
  return saved;
}

const calledBy = ({ name, sandbox, ledger }: Provider) => (sandbox ? 'the sandbox' : `${name}: ${ledger}`);
