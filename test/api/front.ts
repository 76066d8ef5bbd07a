// Another way into the goldtune of a world: the same database, behind providers that a test brings.

import { tmpdir } from 'node:os';
import { createTRPCClient, httpLink } from '@trpc/client';
import { keysFor } from '../../server/access/keys.ts';
import { meOf, peopleFor } from '../../server/access/people/people.ts';
import type { Log } from '../../server/finetuning/dependencies.ts';
import type { Principal } from '../../server/finetuning/principal.ts';
import type { Provider, Providers } from '../../server/finetuning/provider.ts';
import { createPursuit } from '../../server/finetuning/pursue.ts';
import { reconcile } from '../../server/finetuning/reconcile.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { servicesOf } from '../../server/finetuning/service.ts';
import { createSightings } from '../../server/finetuning/sightings.ts';
import { createWatch } from '../../server/finetuning/watch.ts';
import { listen } from '../../server/http/listen.ts';
import { createHttp } from '../../server/http/server.ts';
import type { AppRouter } from '../../server/http/trpc/router.ts';
import { proxiesIn } from '../../server/http/trusted-proxies.ts';
import { models } from '../../server/provider/models.ts';
import { openAiProvider } from '../../server/provider/openai/provider.ts';
import { keyStore } from '../../server/storage/api-keys.ts';
import { peopleStore } from '../../server/storage/people/people.ts';
import { storeOn } from '../store.ts';
import type { World } from '../world.ts';

/** One that speaks to the sandbox of the world, under whatever name. */
export const providerOf = (world: World, change: Partial<Provider> = {}): Provider => ({
  ...openAiProvider({
    apiKey: 'sandbox',
    baseUrl: world.sandbox.url,
    ledger: change.name ?? 'openai',
    sandbox: false,
    timeoutMs: 60_000,
    models,
  }),
  ...change,
});

const noHints = { subscribe: () => ({ [Symbol.dispose]() {} }) };

export type Front = AsyncDisposable & {
  url: string;
  trpc: ReturnType<typeof createTRPCClient<AppRouter>>;
  log: { level: string; message: string }[];
  /** Does the one next thing for a run, as a worker would. */
  reconcile: (id: string) => Promise<unknown>;
};

/** It has no worker: what is created here stays as it was stored. */
export async function openFront(
  world: World,
  providers: Providers,
  { organization_id = DEFAULT_ORGANIZATION, default_models = {} }: Partial<Options> = {},
): Promise<Front> {
  const said: Front['log'] = [];
  const note = (level: string) => (_fields: object, message: string) => void said.push({ level, message });
  const log: Log = { info: note('info'), warn: note('warn'), error: note('error') };
  const deps = {
    store: storeOn(world.app.db),
    providers,
    clock: () => new Date().toISOString(),
    sightings: createSightings(() => performance.now()),
    log,
    scratch: tmpdir,
    settings: {
      default_model: 'gpt-4.1-mini',
      default_models,
      deployment: 'test',
      stop_unknown_jobs: false,
      settle_window_ms: 1000,
      poll_interval_ms: 1000,
      provider_timeout_ms: 60_000,
    },
  };
  const watch = createWatch(deps.store.finetunings, noHints, 10);
  const principal: Principal = { organization_id, who: 'local', id: 'test', name: 'test', scopes: ['admin'] };
  const http = createHttp({
    admission: { principalOf: async () => principal },
    limits: { take: async () => null },
    serviceFor: servicesOf(deps, createPursuit(deps), watch, (who) => ({
      keys: keysFor(keyStore(world.app.db), deps.clock, () => {}, who),
      people: peopleFor(peopleStore(world.app.db), deps.clock, null, who),
      me: () => meOf(peopleStore(world.app.db), who),
    })),
    isOpen: true,
    receiveWebhook: async () => ({ kind: 'not_set_up' }),
    checkReady: async () => {},
    trustedProxies: proxiesIn(''),
    allowedOrigins: [],
    cancelWaitMs: 1000,
    version: 'test',
    log,
  });
  const listening = await listen(http, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${listening.port}`;
  return {
    url,
    trpc: createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc` })] }),
    log: said,
    reconcile: (id) => reconcile(deps, id),
    async [Symbol.asyncDispose]() {
      watch.close();
      await listening[Symbol.asyncDispose]();
    },
  };
}

type Options = { organization_id: string; default_models: Record<string, string> };
