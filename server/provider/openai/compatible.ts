// Any other host of OpenAI's API, by a profile: one that is known by name, or one that an operator has written down.
import type { CatalogueModel } from '../../finetuning/catalogue.ts';
import type { Provider } from '../../finetuning/provider.ts';
import { openAiAdapter } from './adapter.ts';
import { bearer } from './credential.ts';
import type { Profile } from './profile.ts';

export { type Profile, type ProfileInput, profileSchema } from './profile.ts';
export { profiles } from './profiles.ts';

export type CompatibleOptions = {
  name: string;
  /** With its path, up to where `/files` and `/fine_tuning` follow. */
  baseUrl: string;
  apiKey: string;
  profile: Profile;
  models: readonly CatalogueModel[];
  timeoutMs: number;
  ledger: string;
};

export const compatibleProvider = ({ name, baseUrl, apiKey, ...options }: CompatibleOptions): Provider =>
  openAiAdapter({
    ...options,
    connection: { name, baseUrl, credential: bearer(apiKey) },
    account: null,
    sandbox: false,
  });
