// Makes of an entry the provider that it configures: with the secrets of its variables, and the models that are known.
import type { z } from 'zod';
import { secret, signingSecrets } from '../setting.ts';
import type { Entry } from './entry.ts';
import { isTrained, knownModels, modelsWith, standardModel } from './models.ts';
import { type Problem, zodWords } from './problems.ts';
import type { ProviderConfig } from './provider-config.ts';

export type Variables = Readonly<Record<string, string | undefined>>;
export type Resolved = { provider: ProviderConfig; problems: Problem[] };

/** @param standard of DEFAULT_MODEL, for the provider that it belongs to. */
export function resolveEntry(entry: Entry, env: Variables, standard: string | undefined): Resolved {
  const problems: Problem[] = [];
  const models = modelsWith(knownModels(entry), entry.models);

  const default_model = entry.default_model ?? standard ?? standardModel(models);
  // One's own machines train whatever is named.
  if (models.length === 0 && entry.kind !== 'slurm') {
    problems.push({ path: ['models'], message: 'is needed: a list of what may be trained there, by name' });
  } else if (entry.default_model !== undefined && !isTrained(entry.default_model, entry.kind, models)) {
    const known = models.map(({ name }) => name).join(', ');
    const message = `is none of its models; add it to models, or choose one of ${known}`;
    problems.push({ path: ['default_model'], message });
  }

  /** Null, and a problem more: there is none that could be used. */
  function read<T>(field: string, name: string, form: z.ZodType<T>): T | null {
    if (!env[name]) {
      problems.push({ path: [field], message: `${name} is not set; set it, or ${name}_FILE` });
      return null;
    }
    const parsed = form.safeParse(env[name], zodWords);
    if (parsed.success) return parsed.data;
    problems.push({ path: [field], message: `${name} ${parsed.error.issues[0]?.message}` });
    return null;
  }
  const variables: Reading = {
    secret: (field, name) => read(field, name, secret) ?? '',
    signing: (name) => (name === undefined ? [] : (read('webhook_secret_env', name, signingSecrets) ?? [])),
    file: (name) => env[`${name}_FILE`] || null,
  };
  const named = { name: entry.name, default_model, models };
  return { provider: providerOf(entry, named, variables), problems };
}

/** What stands in variables. */
type Reading = {
  secret(field: string, name: string): string;
  signing(name: string | undefined): readonly string[];
  /** The file that it is read from, if it is. */
  file(name: string): string | null;
};

function providerOf(
  entry: Entry,
  named: Pick<ProviderConfig, 'name' | 'default_model' | 'models'>,
  { secret: secretOf, signing, file: fileOf }: Reading,
): ProviderConfig {
  switch (entry.kind) {
    case 'openai_compatible': {
      const { kind, address, account, profile } = entry;
      return { ...named, kind, address, account, profile, api_key: secretOf('api_key_env', entry.api_key_env) };
    }
    case 'openai': {
      const { kind, address, organization, project } = entry;
      const of = `of provider ${entry.name} in PROVIDERS_FILE`;
      return {
        ...named,
        kind,
        address,
        organization,
        project,
        api_key: secretOf('api_key_env', entry.api_key_env),
        webhook_secrets: signing(entry.webhook_secret_env),
        written: { api_key: entry.api_key_env, organization: `organization ${of}`, project: `project ${of}` },
      };
    }
    case 'azure_openai': {
      const { kind, address, account, api_key_env } = entry;
      return {
        ...named,
        kind,
        address,
        account,
        api_key: api_key_env === undefined ? null : secretOf('api_key_env', api_key_env),
      };
    }
    case 'slurm': {
      const { kind, address, api_version, directory, command, token_env } = entry;
      return {
        ...named,
        kind,
        address,
        api_version,
        directory,
        command,
        user: entry.user,
        token: token_env === undefined ? null : secretOf('token_env', token_env),
        token_file: token_env === undefined ? null : fileOf(token_env),
        partition: entry.partition,
        time_limit_minutes: entry.time_limit_minutes,
        environment: entry.environment,
        submit: entry.submit,
      };
    }
    case 'sandbox':
      return { ...named, kind: entry.kind, webhook_secrets: signing(entry.webhook_secret_env) };
    default:
      return entry satisfies never;
  }
}
