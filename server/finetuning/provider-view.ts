// A provider as the wire shows it. Its ledger stays out: that may be an address.
import type { CatalogueModel } from './catalogue.ts';
import type { ProviderView } from './contract/providers.ts';
import { defaultModelOf } from './default-model.ts';
import type { Dependencies } from './dependencies.ts';
import type { Provider } from './provider.ts';
import type { Reach } from './reachability.ts';

export const viewProvider = (
  provider: Provider,
  reach: Reach,
  deps: Pick<Dependencies, 'providers' | 'settings'>,
): ProviderView => ({
  name: provider.name,
  standard: provider === deps.providers.standard,
  sandbox: provider.sandbox,
  ...reach,
  default_model: defaultModelOf(provider, deps),
  parameters: [...provider.parameters],
  shows_logs: provider.readLogs !== null,
  open_catalogue: provider.open_catalogue,
  models: provider.models.map(viewModel),
  guarantees: provider.guarantees,
});

const viewModel = ({ encoding, tokens, ...model }: CatalogueModel) => ({
  ...model,
  tokens_exact: tokens.exact,
  tokens_margin: tokens.exact ? 0 : tokens.margin,
});
