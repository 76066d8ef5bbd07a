// Opens the adapter of a configured provider: the one place that knows which kind is spoken to by what.
import type { RemoteConfig, SandboxConfig } from './configuration/provider-config.ts';
import type { Provider } from './finetuning/provider.ts';
import type { OpenSandbox } from './open-sandbox.ts';
import type { ToldAccount } from './provider/openai/account.ts';
import { azureProvider } from './provider/openai/azure.ts';
import { compatibleProvider } from './provider/openai/compatible.ts';
import { openAiProvider } from './provider/openai/provider.ts';
import { slurmProvider } from './provider/slurm/provider.ts';

export type Opening =
  | { kind: 'sandbox'; config: SandboxConfig; sandbox: OpenSandbox }
  | { kind: 'remote'; config: RemoteConfig; ledger: string; account: ToldAccount | null };

export type AdapterSettings = {
  timeoutMs: number;
  /** Told of each secret that is read under way. */
  onSecret: (secret: string) => void;
};

export function openAdapter(opening: Opening, { timeoutMs, onSecret }: AdapterSettings): Provider {
  const { name, models } = opening.config;
  const common = { name, models, timeoutMs };
  if (opening.kind === 'sandbox') {
    const { url, apiKey, ledger } = opening.sandbox;
    return openAiProvider({ ...common, apiKey, baseUrl: url, ledger, sandbox: true });
  }
  const { config, ledger, account } = opening;
  switch (config.kind) {
    case 'openai': {
      const { api_key: apiKey, address: baseUrl, organization, project } = config;
      return openAiProvider({ ...common, apiKey, baseUrl, organization, project, ledger, account, sandbox: false });
    }
    case 'openai_compatible': {
      const { api_key: apiKey, address: baseUrl, profile } = config;
      return compatibleProvider({ ...common, apiKey, baseUrl, profile, ledger });
    }
    case 'azure_openai':
      return azureProvider({ ...common, endpoint: config.address, apiKey: config.api_key, ledger });
    case 'slurm': {
      const { api_version: apiVersion, time_limit_minutes: timeLimitMinutes, token_file: file, ...cluster } = config;
      const token = file === null ? cluster.token : { file, onRead: onSecret };
      return slurmProvider({ ...cluster, ...common, apiVersion, timeLimitMinutes, ledger, token });
    }
    default:
      return config satisfies never;
  }
}
