// OpenAI itself, or a gateway to it.
import type { CatalogueModel } from '../../finetuning/catalogue.ts';
import type { Provider } from '../../finetuning/provider.ts';
import type { ToldAccount } from './account.ts';
import { openAiAdapter } from './adapter.ts';
import { bearer } from './credential.ts';
import type { Account } from './ledger.ts';
import { openAiProfile } from './profiles.ts';

export type OpenAiOptions = Account & {
  /** As the configuration names it; left out: openai. */
  name?: string;
  apiKey: string;
  /** As the provider calls it; a list of another one is no list. Null: not known. */
  account?: ToldAccount | null;
  timeoutMs: number;
  ledger: string;
  sandbox: boolean;
  models: readonly CatalogueModel[];
};

export const openAiProvider = ({ name = 'openai', apiKey, account = null, ...options }: OpenAiOptions): Provider => {
  const { baseUrl, organization, project } = options;
  const connection = { name, credential: bearer(apiKey), baseUrl, organization, project };
  return openAiAdapter({ ...options, connection, profile: openAiProfile, account });
};
