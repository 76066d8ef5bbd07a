// What an entry of PROVIDERS_FILE may hold, kind by kind.
import { z } from 'zod';
import { apiVersions } from '../provider/slurm/rest.ts';
import {
  azureResource,
  command,
  directory,
  httpAddress,
  label,
  line,
  profile,
  slurmAddress,
  variable,
  webhookVariable,
} from './fields.ts';
import { modelEntry, modelName } from './models.ts';
import { type Kind, kinds } from './provider-config.ts';

const MOST_MODELS = 1000;
const MINUTES_OF_A_YEAR = 525_600;

const named = {
  name: label,
  default_model: modelName.optional(),
  models: z.array(modelEntry).max(MOST_MODELS).default([]),
};
const account = { organization: line.optional(), project: line.optional() };

const schemas = {
  openai: z.strictObject({
    kind: z.literal('openai'),
    ...named,
    address: httpAddress.optional(),
    api_key_env: variable,
    webhook_secret_env: webhookVariable.optional(),
    ...account,
  }),
  openai_compatible: z.strictObject({
    kind: z.literal('openai_compatible'),
    ...named,
    address: httpAddress,
    account: label.optional(),
    api_key_env: variable,
    profile,
  }),
  azure_openai: z.strictObject({
    kind: z.literal('azure_openai'),
    ...named,
    address: azureResource,
    account: label.optional(),
    api_key_env: variable.optional(),
    credential: z.literal('entra').optional(),
  }),
  slurm: z.strictObject({
    kind: z.literal('slurm'),
    ...named,
    address: slurmAddress,
    api_version: z.enum(apiVersions),
    user: line,
    token_env: variable.optional(),
    directory,
    command,
    partition: line.optional(),
    time_limit_minutes: z.int().min(1).max(MINUTES_OF_A_YEAR).optional(),
    environment: z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'must be the name of a variable'), line).default({}),
    submit: z.record(z.string(), z.json()).default({}),
  }),
  sandbox: z.strictObject({ kind: z.literal('sandbox'), ...named, webhook_secret_env: webhookVariable.optional() }),
} satisfies Record<Kind, z.ZodType>;

export const entrySchema = (kind: Kind) => schemas[kind];
export type Entry = { [K in Kind]: z.infer<(typeof schemas)[K]> }[Kind];

/** The names of what an entry of the kind may hold, for whoever wrote another. */
export const keysOf = (kind: Kind): string[] => Object.keys(schemas[kind].shape);

export const isKind = (given: unknown): given is Kind => kinds.some((kind) => kind === given);

/** The variables that it names for its secrets. */
export const variablesOf = (entry: Entry): string[] =>
  [
    'api_key_env' in entry ? entry.api_key_env : undefined,
    'token_env' in entry ? entry.token_env : undefined,
    'webhook_secret_env' in entry ? entry.webhook_secret_env : undefined,
  ].filter((name) => name !== undefined);
