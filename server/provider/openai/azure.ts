// Azure OpenAI (Microsoft Foundry), on its v1 API: with a key of the resource, or a token of Microsoft Entra.
import type { CatalogueModel } from '../../finetuning/catalogue.ts';
import type { Provider } from '../../finetuning/provider.ts';
import { azureSnapshotOf } from '../azure-models.ts';
import { openAiAdapter } from './adapter.ts';
import { apiKeyHeader } from './credential.ts';
import { entraToken } from './entra.ts';
import { azureProfile } from './profiles.ts';

export type AzureOptions = {
  name: string;
  /** Of the resource: `https://NAME.openai.azure.com`, with or without the path of the v1 API. */
  endpoint: string;
  /** Null: a token of Entra, for the identity that this process runs under. */
  apiKey: string | null;
  models: readonly CatalogueModel[];
  timeoutMs: number;
  ledger: string;
};

export function azureProvider({ name, endpoint, apiKey, ...options }: AzureOptions): Provider {
  const adapter = openAiAdapter({
    ...options,
    connection: {
      name,
      baseUrl: azureUrl(endpoint),
      credential: apiKey === null ? entraToken() : apiKeyHeader(apiKey),
    },
    profile: azureProfile,
    account: null,
    sandbox: false,
  });
  return {
    ...adapter,
    createJob: (request) => adapter.createJob({ ...request, model_name: azureSnapshotOf(request.model_name) }),
  };
}

const V1 = '/openai/v1';

/** Where the v1 API of a resource is, however its endpoint is written down. */
export function azureUrl(endpoint: string): string {
  const plain = endpoint.replace(/\/+$/, '');
  return plain.endsWith(V1) ? plain : `${plain.replace(/\/openai$/, '')}${V1}`;
}
