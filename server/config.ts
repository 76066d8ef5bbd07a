// The only reader of the environment. A bad value stops the start with one clear line.
import { z } from 'zod';
import { variablesOf } from './configuration/entry.ts';
import { addressOf, type ProviderConfig, secretOf, webhookSecrets } from './configuration/provider-config.ts';
import { configuredProviders } from './configuration/providers.ts';
import { readProvidersFile } from './configuration/providers-file.ts';
import { LONGEST_WAIT_MS } from './finetuning/contract/finetunings.ts';
import { roles } from './finetuning/people.ts';
import { wordsOf } from './http/fields/words.ts';
import { isLoopback } from './http/loopback.ts';
import { redactionOf } from './redaction.ts';
import { readSecretFiles, secretSettings } from './secret-files.ts';
import {
  azureAddress,
  databaseUrl,
  domains,
  hasPassword,
  issuer,
  origins,
  password,
  providerAddress,
  proxyAddress,
  publicAddress,
  secret,
  secretsIn,
  signingSecrets,
  trustedProxies,
  withPassword,
} from './setting.ts';

const milliseconds = (lowest: number, standard: number, highest = 86_400_000) =>
  z.coerce.number().int().min(lowest).max(highest).default(standard);

/** What a batch may hold is to fit. */
const FEWEST_PER_MINUTE = 60;
const perMinute = z.coerce
  .number()
  .int()
  .min(0)
  .max(10_000_000)
  .refine((most) => most === 0 || most >= FEWEST_PER_MINUTE, `must be 0, for none, or at least ${FEWEST_PER_MINUTE}`)
  .optional();
/** Of one caller, where others share the server: far beyond what people and their programs ask for, unless they run wild. */
const SHARED = { calls: 6000, stops: 60_000, streams: 500 };

const PORT = 8080;
/** How often a job is looked at: at a provider, and at the sandbox before its time scale. */
const LOOKS_MS = { provider: 15_000, sandbox: 5000 };
const SHORTEST_LOOK_MS = 100;

const settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  HOST: z.string().default('127.0.0.1'),
  KEEP_ALIVE_MS: milliseconds(1000, 75_000),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_PASSWORD: password.optional(),
  // The driver takes it where the address has no password; here it is read so that it is told nowhere.
  PGPASSWORD: z.string().optional(),
  DATA_DIR: z.string().default('./data'),
  PROVIDERS_FILE: z.string().optional(),
  OPENAI_API_KEY: secret.optional(),
  OPENAI_BASE_URL: providerAddress('the key goes into OPENAI_API_KEY').optional(),
  OPENAI_ORG_ID: secret.optional(),
  OPENAI_PROJECT_ID: secret.optional(),
  OPENAI_WEBHOOK_SECRET: signingSecrets.optional(),
  AZURE_OPENAI_ENDPOINT: azureAddress('the key goes into AZURE_OPENAI_API_KEY').optional(),
  AZURE_OPENAI_API_KEY: secret.optional(),
  // Microsoft's library takes these two by itself; here they are read so that they are told nowhere.
  AZURE_CLIENT_SECRET: z.string().optional(),
  AZURE_CLIENT_CERTIFICATE_PASSWORD: z.string().optional(),
  HTTPS_PROXY: proxyAddress.optional(),
  HTTP_PROXY: proxyAddress.optional(),
  NO_PROXY: z.string().optional(),
  SANDBOX_TIME_SCALE: z.coerce
    .number({ error: ({ code }) => (code === 'invalid_type' ? 'Input should be a valid number' : undefined) })
    .positive()
    .max(100_000)
    .default(10),
  MAX_STREAMS: z.coerce.number().int().min(1).max(100_000).default(2000),
  MAX_STREAMS_PER_KEY: z.coerce.number().int().min(1).max(100_000).optional(),
  RATE_LIMIT_PER_MINUTE: perMinute,
  STOP_LIMIT_PER_MINUTE: perMinute,
  CANCEL_WAIT_MS: milliseconds(0, 5000, LONGEST_WAIT_MS),
  SETTLE_WINDOW_MS: milliseconds(100, 120_000),
  POLL_INTERVAL_MS: z.coerce.number().int().min(10).max(86_400_000).optional(),
  PROVIDER_TIMEOUT_MS: milliseconds(100, 20_000, 3_600_000),
  DEPLOYMENT: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, "_", "." or "-"')
    .default('default'),
  STOP_UNKNOWN_JOBS: z.stringbool({ error: 'must be true or false' }).default(false),
  ROLE: z.enum(['all', 'web', 'worker']).default('all'),
  DEFAULT_MODEL: z.string().optional(),
  ADMIN_API_KEY: secret.pipe(z.string().min(16, 'must have at least 16 characters')).optional(),
  PUBLIC_URL: publicAddress.optional(),
  SESSION_SECRET: secret
    .pipe(z.string().min(32, 'must have at least 32 characters: openssl rand -base64 32'))
    .optional(),
  OIDC_ISSUER: issuer.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: secret.optional(),
  OIDC_ALLOWED_DOMAINS: domains.default([]),
  OIDC_ROLE: z.enum(roles).default('viewer'),
  WEBHOOK_PRIVATE_ADDRESSES: z.enum(['refuse', 'allow']).default('refuse'),
  ALLOWED_ORIGINS: origins.default([]),
  TRUSTED_PROXIES: trustedProxies.prefault(''),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Each variable that is read; those that may hold a secret also as a file, NAME_FILE. */
export const settingNames: readonly string[] = Object.keys(settings.shape);

/** Neither a key nor anybody who signs in: whoever is at this machine is let in. */
export const isOpen = (env: { ADMIN_API_KEY?: string | undefined; PUBLIC_URL?: string | undefined }): boolean =>
  !env.ADMIN_API_KEY && !env.PUBLIC_URL;

/** The second has to be set where the first is. */
const needing = [
  ['PUBLIC_URL', 'SESSION_SECRET'],
  ['OIDC_ISSUER', 'PUBLIC_URL'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_SECRET'],
  ['OIDC_CLIENT_ID', 'OIDC_ISSUER'],
] as const;
const SECRET = ', the same for all processes and at each start: SESSION_SECRET="$(openssl rand -base64 32)"';

const environment = settings
  .superRefine((env, context) => {
    const refuse = (name: keyof typeof env, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message });
    if (env.ROLE !== 'worker' && !isLoopback(env.HOST) && isOpen(env)) {
      refuse(
        'HOST',
        `${env.HOST} is reachable from other machines; set ADMIN_API_KEY, or PUBLIC_URL for people who sign in, or HOST=127.0.0.1`,
      );
    }
    for (const [name, needed] of needing) {
      if (env[name] && !env[needed])
        refuse(needed, `is needed beside ${name}${needed === 'SESSION_SECRET' ? SECRET : ''}`);
    }
    if (env.ROLE !== 'all' && !env.DATABASE_URL) {
      refuse('ROLE', `${env.ROLE} needs DATABASE_URL: the embedded database serves one process`);
    }
    if (env.DATABASE_PASSWORD && !env.DATABASE_URL) {
      refuse('DATABASE_PASSWORD', 'needs DATABASE_URL too; the embedded database has no password');
    }
    if (env.DATABASE_PASSWORD && env.DATABASE_URL && hasPassword(env.DATABASE_URL)) {
      refuse('DATABASE_PASSWORD', 'is given beside the password in DATABASE_URL; keep one of them');
    }
  })
  .transform((env) => ({
    ...env,
    // A worker serves probes alone, and only who asks for them knows on which port.
    PORT: env.PORT ?? (env.ROLE === 'worker' ? null : PORT),
    // Without a key one caller is all there is, on a machine of their own.
    RATE_LIMIT_PER_MINUTE: env.RATE_LIMIT_PER_MINUTE ?? (isOpen(env) ? 0 : SHARED.calls),
    STOP_LIMIT_PER_MINUTE: env.STOP_LIMIT_PER_MINUTE ?? (isOpen(env) ? 0 : SHARED.stops),
    MAX_STREAMS_PER_KEY:
      env.MAX_STREAMS_PER_KEY ?? (isOpen(env) ? env.MAX_STREAMS : Math.min(SHARED.streams, env.MAX_STREAMS)),
    DATABASE_URL:
      env.DATABASE_URL && env.DATABASE_PASSWORD
        ? withPassword(env.DATABASE_URL, env.DATABASE_PASSWORD)
        : env.DATABASE_URL,
  }));

/** The sandbox is sped up, and so is looking at it. */
function standardLook(isSandbox: boolean, timeScale: number): number {
  if (!isSandbox) return LOOKS_MS.provider;
  return Math.min(LOOKS_MS.provider, Math.max(SHORTEST_LOOK_MS, Math.round(LOOKS_MS.sandbox / timeScale)));
}

export type Config = z.infer<typeof environment> & {
  POLL_INTERVAL_MS: number;
  /** The first is the standard one. */
  providers: readonly ProviderConfig[];
};

type Env = Record<string, string | undefined>;

/**
 * Reads the configuration, and the files that it names; an empty variable counts as unset.
 * @throws Error with one line naming every variable and every field of PROVIDERS_FILE that is wrong.
 */
export function readConfig(env: Env): Config {
  const file = env['PROVIDERS_FILE'] ? readProvidersFile(env['PROVIDERS_FILE']) : null;
  const named = file?.entries.flatMap(({ entry }) => variablesOf(entry)) ?? [];
  const files = readSecretFiles(env, [...secretSettings, ...named]);
  const given = { ...env, ...files.values };
  const refuse = (problems: readonly string[]): never => {
    const redact = redactionOf(keysIn(given, named));
    throw new Error(redact(`goldtune cannot start: ${problems.join('; ')}`));
  };
  if (files.problems.length > 0) return refuse([...files.problems, ...(file?.problems ?? [])]);

  const usesOthers = file?.entries.some(({ entry }) => entry.kind !== 'sandbox') ?? isProviderNamed(given);
  const spelt = { ...given, ...proxiesOf(given, usesOthers) };
  const set = Object.fromEntries(Object.entries(spelt).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(set, { error: (issue) => wordsOf(issue).msg });
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return refuse([...problems, ...(file?.problems ?? [])]);
  }
  const { providers, problems } = configuredProviders(parsed.data, set, file);
  if (problems.length > 0) return refuse(problems);
  const look = standardLook(!usesOthers, parsed.data.SANDBOX_TIME_SCALE);
  return { ...parsed.data, POLL_INTERVAL_MS: parsed.data.POLL_INTERVAL_MS ?? look, providers };
}

const isProviderNamed = (env: Env) => Boolean(env['OPENAI_API_KEY'] || env['AZURE_OPENAI_API_KEY']);

/** What a message may repeat that somebody has put into the wrong place. */
const keysIn = (env: Env, named: readonly string[]): string[] =>
  [...secretSettings.filter((name) => /KEY|PASSWORD|SECRET/.test(name)), ...named].flatMap(
    (name) => env[name]?.trim() || [],
  );

/** Other programs read these in either case, the lower one first. One of a kind we cannot use matters only where it would be used. */
function proxiesOf(env: Env, usesOthers: boolean) {
  const given = (name: string) => env[name.toLowerCase()] || env[name];
  const proxies = ['HTTPS_PROXY', 'HTTP_PROXY'].map((name) => [name, given(name)] as const);
  const usable = proxies.filter(([, value]) => usesOthers || proxyAddress.safeParse(value).success);
  const none = { HTTPS_PROXY: undefined, HTTP_PROXY: undefined };
  return { ...none, ...Object.fromEntries(usable), NO_PROXY: given('NO_PROXY') };
}

/** What must not be told of the configuration, in every spelling that it has there. */
export function secretsOf(config: Config): { all: string[]; ofProvider: string[] } {
  const ofProvider = [
    ...config.providers.flatMap((provider) => [secretOf(provider) ?? [], webhookSecrets(provider)].flat()),
    ...config.providers.flatMap((provider) => secretsIn(addressOf(provider) ?? undefined)),
    ...[config.HTTPS_PROXY, config.HTTP_PROXY].flatMap(secretsIn),
    ...[config.AZURE_CLIENT_SECRET, config.AZURE_CLIENT_CERTIFICATE_PASSWORD].filter((given) => given !== undefined),
  ];
  const ours = [config.ADMIN_API_KEY, config.SESSION_SECRET, config.OIDC_CLIENT_SECRET].filter(
    (given) => given !== undefined,
  );
  const passwords = [config.DATABASE_PASSWORD, config.PGPASSWORD].filter((given) => given !== undefined);
  const ofDatabase = [...secretsIn(config.DATABASE_URL), ...passwords];
  return { all: [...ofProvider, ...ours, ...ofDatabase], ofProvider: [...ofProvider, ...ours] };
}
