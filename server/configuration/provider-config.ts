// A provider as it is configured, in a file or by variables: what it is, where it is, and what opens it.
import type { CatalogueModel } from '../finetuning/catalogue.ts';
import type { Profile } from '../provider/openai/profile.ts';
import type { ApiVersion } from '../provider/slurm/rest.ts';

type Named = {
  /** What requests choose it by. No run depends on it: a provider that is called otherwise is the same. */
  name: string;
  /** Trained where a request names no model; null where it has to. */
  default_model: string | null;
  models: readonly CatalogueModel[];
};

/** How the operator has written it, for messages that say what to change. */
type Written<Setting extends string> = { written: Record<Setting, string> };

/** What proves a webhook to be of the provider; none: none is taken from it. */
type Heard = { webhook_secrets: readonly string[] };

export type SandboxConfig = Named & Heard & { kind: 'sandbox' };

export type OpenAiConfig = Named &
  Heard &
  Written<'api_key' | 'organization' | 'project'> & {
    kind: 'openai';
    /** Undefined: OpenAI itself. */
    address: string | undefined;
    api_key: string;
    organization: string | undefined;
    project: string | undefined;
  };

export type CompatibleConfig = Named & {
  kind: 'openai_compatible';
  address: string;
  /** The operator's own label, where there are several accounts at one host. */
  account: string | undefined;
  api_key: string;
  /** What the host does otherwise than OpenAI. */
  profile: Profile;
};

export type AzureConfig = Named & {
  kind: 'azure_openai';
  /** Of the resource, without the path of the API. */
  address: string;
  /** The operator's own label, where several look at one resource. */
  account: string | undefined;
  /** Null: a token of Entra. */
  api_key: string | null;
};

export type SlurmConfig = Named & {
  kind: 'slurm';
  /** Of slurmrestd: `http://HOST:PORT`, or `unix:/PATH`. */
  address: string;
  api_version: ApiVersion;
  /** Whose jobs they are. */
  user: string;
  /** Null: the socket itself says who asks. */
  token: string | null;
  /** Where that is read anew for each request; null: it stays as it is. */
  token_file: string | null;
  /** Shared with the cluster, under the same path. */
  directory: string;
  command: string;
  /** Undefined: the cluster's default. */
  partition: string | undefined;
  /** Undefined: the partition's. */
  time_limit_minutes: number | undefined;
  /** Of its jobs. */
  environment: Readonly<Record<string, string>>;
  /** Further fields of the submit, in the words of the API's version. */
  submit: Readonly<Record<string, unknown>>;
};

/** One that is elsewhere. */
export type RemoteConfig = OpenAiConfig | CompatibleConfig | AzureConfig | SlurmConfig;
export type ProviderConfig = SandboxConfig | RemoteConfig;

export const kinds = ['openai', 'azure_openai', 'openai_compatible', 'slurm', 'sandbox'] as const;
export type Kind = (typeof kinds)[number];

export const webhookSecrets = (provider: ProviderConfig): readonly string[] =>
  'webhook_secrets' in provider ? provider.webhook_secrets : [];

/** The secret that it is opened with. */
export function secretOf(provider: ProviderConfig): string | null {
  switch (provider.kind) {
    case 'openai':
    case 'openai_compatible':
    case 'azure_openai':
      return provider.api_key;
    case 'slurm':
      return provider.token;
    case 'sandbox':
      return null;
    default:
      return provider satisfies never;
  }
}

/** Null where it is on this machine by its nature, or OpenAI itself. */
export const addressOf = (provider: ProviderConfig): string | null =>
  provider.kind === 'sandbox' ? null : (provider.address ?? null);
