// The one provider that variables configure, without a file: OpenAI or what speaks as it does, Azure, or the sandbox.
import type { CatalogueModel } from '../finetuning/catalogue.ts';
import { knownModels, standardModel } from './models.ts';
import type { ProviderConfig } from './provider-config.ts';

export type Settings = {
  OPENAI_API_KEY?: string | undefined;
  OPENAI_BASE_URL?: string | undefined;
  OPENAI_ORG_ID?: string | undefined;
  OPENAI_PROJECT_ID?: string | undefined;
  OPENAI_WEBHOOK_SECRET?: readonly string[] | undefined;
  AZURE_OPENAI_ENDPOINT?: string | undefined;
  AZURE_OPENAI_API_KEY?: string | undefined;
  DEFAULT_MODEL?: string | undefined;
};

export function providerOfVariables(env: Settings): ProviderConfig {
  const webhook_secrets = env.OPENAI_WEBHOOK_SECRET ?? [];
  if (env.OPENAI_API_KEY) {
    return {
      name: 'openai',
      kind: 'openai',
      ...training(knownModels({ kind: 'openai', address: env.OPENAI_BASE_URL }), env),
      address: env.OPENAI_BASE_URL,
      api_key: env.OPENAI_API_KEY,
      organization: env.OPENAI_ORG_ID,
      project: env.OPENAI_PROJECT_ID,
      webhook_secrets,
      written: { api_key: 'OPENAI_API_KEY', organization: 'OPENAI_ORG_ID', project: 'OPENAI_PROJECT_ID' },
    };
  }
  if (env.AZURE_OPENAI_ENDPOINT && env.AZURE_OPENAI_API_KEY) {
    return {
      name: 'azure',
      kind: 'azure_openai',
      ...training(knownModels({ kind: 'azure_openai' }), env),
      address: env.AZURE_OPENAI_ENDPOINT,
      account: undefined,
      api_key: env.AZURE_OPENAI_API_KEY,
    };
  }
  // It sends none itself; whoever rehearses signs one.
  return { name: 'sandbox', kind: 'sandbox', webhook_secrets, ...training(knownModels({ kind: 'sandbox' }), env) };
}

const training = (models: readonly CatalogueModel[], { DEFAULT_MODEL }: Settings) => ({
  models,
  default_model: DEFAULT_MODEL ?? standardModel(models),
});

const AZURE = ['AZURE_OPENAI_ENDPOINT', 'AZURE_OPENAI_API_KEY'] as const;
const OPENAI = [
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'OPENAI_ORG_ID',
  'OPENAI_PROJECT_ID',
  'OPENAI_WEBHOOK_SECRET',
] as const;
/** Where the same stands in an entry of the file. */
const FIELDS: Partial<Record<keyof Settings, string>> = {
  OPENAI_API_KEY: 'api_key_env',
  OPENAI_BASE_URL: 'address',
  OPENAI_ORG_ID: 'organization',
  OPENAI_PROJECT_ID: 'project',
  OPENAI_WEBHOOK_SECRET: 'webhook_secret_env',
  AZURE_OPENAI_ENDPOINT: 'address',
  AZURE_OPENAI_API_KEY: 'api_key_env',
};

export type Conflict = { variable: keyof Settings; message: string };

/** @param named the variables that a file names, for its own; null without a file. */
export function conflictsOf(env: Settings, named: readonly string[] | null): Conflict[] {
  if (named !== null) {
    return [...OPENAI, ...AZURE]
      .filter((variable) => env[variable] && !named.includes(variable))
      .map((variable) => ({
        variable,
        message: `is set beside PROVIDERS_FILE, which does not name it; unset it, or give it to a provider there, as ${FIELDS[variable]}`,
      }));
  }
  const conflicts: Conflict[] = [];
  if (env.OPENAI_BASE_URL && !env.OPENAI_API_KEY)
    conflicts.push({
      variable: 'OPENAI_BASE_URL',
      message: 'needs OPENAI_API_KEY too; without a key the built-in sandbox is used',
    });
  for (const [variable, other] of [AZURE, [...AZURE].reverse()] as const) {
    if (variable && other && env[variable] && !env[other]) {
      const entra = variable === 'AZURE_OPENAI_ENDPOINT' ? '; for a token of Entra, list it in PROVIDERS_FILE' : '';
      conflicts.push({ variable, message: `needs ${other} too${entra}` });
    }
  }
  if (env.OPENAI_WEBHOOK_SECRET && env.AZURE_OPENAI_API_KEY && !env.OPENAI_API_KEY)
    conflicts.push({
      variable: 'OPENAI_WEBHOOK_SECRET',
      message: 'is set for Azure, whose webhooks are not taken; unset it',
    });
  if (env.OPENAI_API_KEY && env.AZURE_OPENAI_API_KEY)
    conflicts.push({
      variable: 'AZURE_OPENAI_API_KEY',
      message: 'is given beside OPENAI_API_KEY; keep one of them, or list both providers in PROVIDERS_FILE',
    });
  return conflicts;
}
