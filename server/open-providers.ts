// Opens the providers that are configured, each with its ledger and account, and with words that hold no secret of ours.
import { type Config, secretsOf } from './config.ts';
import { ledgerOfProvider } from './configuration/ledger.ts';
import { type ProviderConfig, webhookSecrets } from './configuration/provider-config.ts';
import type { Clock, Log } from './finetuning/dependencies.ts';
import type { Provider, Providers } from './finetuning/provider.ts';
import type { WebhookSource } from './finetuning/webhook.ts';
import { KnownSecrets } from './known-secrets.ts';
import { type Opening, openAdapter } from './open-adapter.ts';
import { type OpenSandbox, openSandbox } from './open-sandbox.ts';
import { webhookReader } from './provider/openai/webhook.ts';
import { registryOf } from './provider/registry.ts';
import { withoutSecrets } from './provider/without-secrets.ts';
import { settleAccount } from './provider-account.ts';
import type { Database } from './storage/database.ts';

export type OpenProviders = AsyncDisposable & {
  providers: Providers;
  webhooks: readonly WebhookSource[];
  /** Null where none is configured. */
  sandbox: OpenSandbox | null;
};

/** @throws Error, in one line, where an account is not the one that is meant. */
export async function openProviders(config: Config, db: Database, clock: Clock, log: Log): Promise<OpenProviders> {
  await using parts = new AsyncDisposableStack();
  const opened = await Promise.allSettled(config.providers.map(open));
  const [standard, ...others] = opened.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
  if (!standard) throw new Error('goldtune cannot start: no provider is configured');
  const secrets = new KnownSecrets(secretsOf(config).ofProvider);
  const sandbox = [standard, ...others].find((opening) => opening.kind === 'sandbox')?.sandbox ?? null;
  const webhooks: WebhookSource[] = [];
  const adapt = (opening: Opening) => {
    const provider = adapted(opening, secrets, config.PROVIDER_TIMEOUT_MS);
    const signing = webhookSecrets(opening.config);
    if (signing.length > 0) webhooks.push({ provider, read: webhookReader(signing) });
    return provider;
  };
  const providers = registryOf(adapt(standard), others.map(adapt));
  const running = parts.move();
  return { providers, webhooks, sandbox, [Symbol.asyncDispose]: () => running.disposeAsync() };

  /** All at once: each may take some seconds to say whose account it is. */
  async function open(provider: ProviderConfig): Promise<Opening> {
    if (provider.kind === 'sandbox') {
      const settings = {
        directory: config.DATA_DIR,
        isShared: config.DATABASE_URL !== undefined,
        timeScale: config.SANDBOX_TIME_SCALE,
      };
      const opened = parts.use(await openSandbox(settings, db, () => Date.parse(clock()), log));
      return { kind: 'sandbox', config: provider, sandbox: opened };
    }
    const ledger = ledgerOfProvider(provider);
    const account = provider.kind === 'openai' ? await settleAccount(db, provider, ledger, clock) : null;
    return { kind: 'remote', config: provider, ledger, account };
  }
}

/** What one is sent another may repeat, through a gateway that both lie behind: each is cleaned of all secrets. */
function adapted(opening: Opening, secrets: KnownSecrets, timeoutMs: number): Provider {
  const provider = openAdapter(opening, { timeoutMs, onSecret: (secret) => secrets.add(secret) });
  return opening.kind === 'sandbox' ? provider : withoutSecrets(provider, secrets);
}
