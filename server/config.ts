// The only reader of the environment. A bad value stops the start with one clear line.
import { z } from 'zod';
import { LONGEST_WAIT_MS } from './finetuning/contract/finetunings.ts';
import { wordsOf } from './http/fields/words.ts';
import { isLoopback } from './http/loopback.ts';
import { readSecretFiles } from './secret-files.ts';
import {
  databaseUrl,
  hasPassword,
  host,
  origins,
  password,
  proxyAddress,
  secret,
  secretsIn,
  withPassword,
} from './setting.ts';

const milliseconds = (lowest: number, standard: number, highest = 86_400_000) =>
  z.coerce.number().int().min(lowest).max(highest).default(standard);

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
  OPENAI_API_KEY: secret.optional(),
  OPENAI_BASE_URL: host.optional(),
  OPENAI_ORG_ID: secret.optional(),
  OPENAI_PROJECT_ID: secret.optional(),
  HTTPS_PROXY: proxyAddress.optional(),
  HTTP_PROXY: proxyAddress.optional(),
  NO_PROXY: z.string().optional(),
  SANDBOX_TIME_SCALE: z.coerce
    .number({ error: ({ code }) => (code === 'invalid_type' ? 'Input should be a valid number' : undefined) })
    .positive()
    .max(100_000)
    .default(10),
  MAX_STREAMS: z.coerce.number().int().min(1).max(100_000).default(2000),
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
  DEFAULT_MODEL: z.string().default('gpt-4.1-mini'),
  ADMIN_API_KEY: secret.pipe(z.string().min(16, 'must have at least 16 characters')).optional(),
  ALLOWED_ORIGINS: origins.default([]),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Each variable that is read; those that may hold a secret also as a file, NAME_FILE. */
export const settingNames: readonly string[] = Object.keys(settings.shape);

const environment = settings
  .superRefine((env, context) => {
    const refuse = (name: keyof typeof env, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message });
    if (env.OPENAI_BASE_URL && !env.OPENAI_API_KEY) {
      refuse('OPENAI_BASE_URL', 'needs OPENAI_API_KEY too; without a key the built-in sandbox is used');
    }
    if (env.ROLE !== 'worker' && !isLoopback(env.HOST) && !env.ADMIN_API_KEY) {
      refuse('HOST', `${env.HOST} is reachable from other machines; set ADMIN_API_KEY, or HOST=127.0.0.1`);
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
    POLL_INTERVAL_MS: env.POLL_INTERVAL_MS ?? standardLook(env),
    PORT: env.PORT ?? (env.ROLE === 'worker' ? null : PORT),
    DATABASE_URL:
      env.DATABASE_URL && env.DATABASE_PASSWORD
        ? withPassword(env.DATABASE_URL, env.DATABASE_PASSWORD)
        : env.DATABASE_URL,
  }));

/** The sandbox is sped up, and so is looking at it. */
function standardLook(env: { OPENAI_API_KEY?: string | undefined; SANDBOX_TIME_SCALE: number }): number {
  if (env.OPENAI_API_KEY) return LOOKS_MS.provider;
  const scaled = Math.round(LOOKS_MS.sandbox / env.SANDBOX_TIME_SCALE);
  return Math.min(LOOKS_MS.provider, Math.max(SHORTEST_LOOK_MS, scaled));
}

export type Config = z.infer<typeof environment>;

/**
 * Reads the configuration, and the files that it names; an empty variable counts as unset.
 * @throws Error with one line naming every variable that is wrong.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const files = readSecretFiles(env);
  if (files.problems.length > 0) throw new Error(`goldtune cannot start: ${files.problems.join('; ')}`);
  const given = { ...env, ...files.values };
  const spelt = { ...given, ...proxiesOf(given) };
  const set = Object.fromEntries(Object.entries(spelt).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(set, { error: (issue) => wordsOf(issue).msg });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`goldtune cannot start: ${problems.join('; ')}`);
}

/** Other programs read these in either case, the lower one first. One of a kind we cannot use matters only with a key. */
function proxiesOf(env: Record<string, string | undefined>) {
  const given = (name: string) => env[name.toLowerCase()] || env[name];
  const proxies = ['HTTPS_PROXY', 'HTTP_PROXY'].map((name) => [name, given(name)] as const);
  const usable = proxies.filter(([, value]) => env['OPENAI_API_KEY'] || proxyAddress.safeParse(value).success);
  const none = { HTTPS_PROXY: undefined, HTTP_PROXY: undefined };
  return { ...none, ...Object.fromEntries(usable), NO_PROXY: given('NO_PROXY') };
}

/** What must not be told of the configuration, in every spelling that it has there. */
export function secretsOf(config: Config): { all: string[]; ofProvider: string[] } {
  const ofProvider = [
    ...(config.OPENAI_API_KEY ? [config.OPENAI_API_KEY] : []),
    ...[config.OPENAI_BASE_URL, config.HTTPS_PROXY, config.HTTP_PROXY].flatMap(secretsIn),
  ];
  const ours = config.ADMIN_API_KEY ? [config.ADMIN_API_KEY] : [];
  const passwords = [config.DATABASE_PASSWORD, config.PGPASSWORD].filter((given) => given !== undefined);
  const ofDatabase = [...secretsIn(config.DATABASE_URL), ...passwords];
  return { all: [...ofProvider, ...ours, ...ofDatabase], ofProvider: [...ofProvider, ...ours] };
}
