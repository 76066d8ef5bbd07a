// Which ledger a configured provider's runs live in: what selects the account there, and never what it is called here.
import { azureUrl } from '../provider/openai/azure.ts';
import { ledgerOf } from '../provider/openai/ledger.ts';
import type { RemoteConfig } from './provider-config.ts';

/** Two that have the same are one provider. The sandbox says itself what its ledger is, once it is open. */
export function ledgerOfProvider(provider: RemoteConfig): string {
  switch (provider.kind) {
    case 'openai': {
      const { address: baseUrl, organization, project } = provider;
      return ledgerOf({ baseUrl, organization, project });
    }
    case 'openai_compatible':
      return ledgerOf({ baseUrl: provider.address, label: provider.account });
    case 'azure_openai':
      // As for whoever reached the resource through OPENAI_BASE_URL before.
      return ledgerOf({ baseUrl: azureUrl(provider.address), label: provider.account });
    case 'slurm':
      return `slurm:${provider.address}#${new URLSearchParams({ user: provider.user, directory: provider.directory })}`;
    default:
      return provider satisfies never;
  }
}
