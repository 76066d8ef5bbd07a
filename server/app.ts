// The composition root: the only file that knows every part.
import { tmpdir } from 'node:os';
import { openAdmission, operator } from './access/admission.ts';
import { keysFor } from './access/keys.ts';
import { openLimits } from './access/limits.ts';
import { admitPeople } from './access/people/admitted.ts';
import { firstAdministratorLink, meOf, peopleFor } from './access/people/people.ts';
import { createSignIn } from './access/people/sign-in.ts';
import { type Config, isOpen } from './config.ts';
import { addressOf } from './configuration/provider-config.ts';
import { prepareDataDirectory } from './data-directory.ts';
import type { Clock, Dependencies, Log } from './finetuning/dependencies.ts';
import { tidyProviders } from './finetuning/janitor.ts';
import { createPursuit } from './finetuning/pursue.ts';
import { DEFAULT_ORGANIZATION } from './finetuning/record.ts';
import { type Service, servicesOf } from './finetuning/service.ts';
import { createSightings } from './finetuning/sightings.ts';
import { createWatch } from './finetuning/watch.ts';
import type { Hints } from './finetuning/watched-runs.ts';
import { createWebhook } from './finetuning/webhook.ts';
import { listen } from './http/listen.ts';
import { createProbes } from './http/probes.ts';
import { logRequests } from './http/request-lines.ts';
import { createHttp } from './http/server.ts';
import { openDelivery, type Patience } from './notify/notify.ts';
import { forgetDone } from './notify/retention.ts';
import { openProviders } from './open-providers.ts';
import { exceptLocal, installProxy } from './outbound-proxy.ts';
import { openScratch } from './scratch.ts';
import { type AfterCommit, tellNobody } from './storage/after-commit.ts';
import { admissionStore, managedKeys } from './storage/api-keys.ts';
import { openClock } from './storage/clock.ts';
import { type Database, openDatabase } from './storage/database.ts';
import { listenForEvents, sayEvents } from './storage/event-hints.ts';
import { gathered } from './storage/gathered.ts';
import { countStore } from './storage/limit-counts.ts';
import { outboxStore } from './storage/outbox.ts';
import { peopleStore } from './storage/people/people.ts';
import { sessionStore } from './storage/people/sessions.ts';
import { signInTables } from './storage/people/sign-in-tables.ts';
import { forgetUnfinishedImports } from './storage/staged-import.ts';
import { createStore } from './storage/store.ts';
import { every } from './worker/every.ts';
import { openQueue } from './worker/queue.ts';
import { startWorker, watchForWorkers } from './worker/worker.ts';

export type App = AsyncDisposable & {
  /** Where it listens; null for a worker without a PORT. */
  url: string | null;
  /** Base URL of the built-in sandbox, for an OpenAI client; null with a real provider. */
  sandboxUrl: string | null;
  /** The only key that the sandbox takes, another at each start. */
  sandboxKey: string | null;
  /** Makes the first administrator, once, where people sign in and there is none yet. */
  firstAdministratorLink: string | null;
  /** The API of the default organization, in this process. */
  service: Service;
  /** The database it opened; for scripts and tests. */
  db: Database;
  /** One round of the janitor at once. */
  tidyProvider: () => Promise<void>;
};

export type AppOptions = {
  log: Log;
  version: string;
  /** False: whatever is stored tells no worker, as if each message was lost. The sweep finds it all the same. */
  notify?: boolean;
  /** Other times than the usual ones for webhooks that are sent, where a test is about them. */
  webhooksOut?: Patience;
  /** By which limits are counted; left out: by the database's, as everything else. */
  countedBy?: Clock;
};

/** Starts everything the role asks for. Disposing finishes what is in flight, then closes in reverse order. */
export async function startApp(
  config: Config,
  { log, version, notify = true, webhooksOut, countedBy }: AppOptions,
): Promise<App> {
  await using parts = new AsyncDisposableStack();

  const isNew = !config.DATABASE_URL && prepareDataDirectory(config.DATA_DIR);
  if (isNew) log.info({ directory: config.DATA_DIR }, 'making the embedded database, once');
  const { HTTPS_PROXY, HTTP_PROXY } = config;
  const except = exceptLocal(config.NO_PROXY, config.providers.map(addressOf));
  if (HTTPS_PROXY || HTTP_PROXY) parts.use(installProxy({ https: HTTPS_PROXY, http: HTTP_PROXY, except }));
  const database = parts.use(
    await openDatabase(config.DATABASE_URL ? { url: config.DATABASE_URL } : { directory: config.DATA_DIR }, (error) =>
      log.warn({ err: error }, 'a database connection was lost; the next query opens another'),
    ),
  );
  const queue = parts.use(await openQueue(database, log));
  const news = parts.use(sayEvents(database));
  const work = parts.use(gathered((ids) => queue.wake(ids)));
  const stops = parts.use(gathered((ids) => queue.wake(ids, 'first')));
  const tell: AfterCommit = notify ? { news: news.say, work: work.say, stop: stops.say } : tellNobody;
  const store = createStore(database.db, tell, database.stops, config.DATABASE_URL ? 'many' : 'one');
  // Of the embedded database this process is the only one: nobody goes on with what an earlier one left.
  if (!config.DATABASE_URL) await forgetUnfinishedImports(database.db);
  const clock = parts.use(await openClock(database.db, log, (now) => store.finetunings.hurry(now)));
  const { providers, webhooks, sandbox } = parts.use(await openProviders(config, database.db, clock.now, log));
  // With a database elsewhere DATA_DIR need not be there.
  const scratch = parts.use(openScratch(config.DATABASE_URL ? tmpdir() : config.DATA_DIR));
  const deps: Dependencies = {
    store,
    providers,
    clock: clock.now,
    sightings: createSightings(() => performance.now()),
    log,
    scratch: scratch.directory,
    settings: {
      ...defaultModels(config),
      deployment: config.DEPLOYMENT,
      stop_unknown_jobs: config.STOP_UNKNOWN_JOBS,
      webhook_private_addresses: config.WEBHOOK_PRIVATE_ADDRESSES === 'allow',
      settle_window_ms: config.SETTLE_WINDOW_MS,
      poll_interval_ms: config.POLL_INTERVAL_MS,
      provider_timeout_ms: config.PROVIDER_TIMEOUT_MS,
    },
  };
  const background = { ...deps, store: createStore(database.work, tell, database.stops) };
  const pursuit = createPursuit(background);
  parts.defer(() => pursuit.idle());
  const worker = config.ROLE === 'web' ? null : parts.use(await startWorker(background, pursuit, queue));
  if (worker === null) parts.use(watchForWorkers(background));
  else {
    const addresses = config.WEBHOOK_PRIVATE_ADDRESSES === 'allow' ? 'all' : 'public';
    const outbox = outboxStore(database.work);
    const notifying = { outbox, clock: clock.now, log, addresses, version, ...webhooksOut } as const;
    const delivery = parts.use(openDelivery(notifying));
    parts.use(every(webhooksOut?.looks_ms ?? LOOKS_MS, 'the look for webhooks to send', delivery.round, log));
    const forget = () => forgetDone(outbox, clock.now);
    parts.use(every(webhooksOut?.forgets_ms ?? FORGETS_MS, 'forgetting webhooks that were sent', forget, log));
  }

  const hints = notify ? parts.use(await listenForEvents(database, log)) : silence;
  const watch = createWatch(deps.store.finetunings, hints, config.MAX_STREAMS, config.MAX_STREAMS_PER_KEY);
  const settings = peopleSettings(config);
  const people = peopleStore(database.db);
  const sessions = sessionStore(database);
  const admission = parts.use(
    openAdmission({
      store: admissionStore(database),
      clock: countedBy ?? clock.now,
      monotonic: () => performance.now(),
      log,
      adminApiKey: config.ADMIN_API_KEY,
      people: settings && admitPeople(sessions, clock.now, settings.publicUrl, settings.secret),
    }),
  );
  const limits = parts.use(
    openLimits({
      clock: countedBy ?? clock.now,
      log,
      most: { calls: config.RATE_LIMIT_PER_MINUTE, stops: config.STOP_LIMIT_PER_MINUTE },
      // The embedded database serves one process.
      store: config.DATABASE_URL ? countStore(database.work) : null,
    }),
  );
  const keys = managedKeys(database.db);
  const serviceFor = servicesOf(deps, pursuit, watch, (principal) => ({
    keys: keysFor(keys, clock.now, admission.forget, principal),
    people: peopleFor(people, clock.now, settings?.publicUrl ?? null, principal),
    me: () => meOf(people, principal),
  }));
  const signIn =
    settings &&
    createSignIn({
      ...settings,
      store: { ...people, ...sessions },
      tables: () => signInTables(database.db),
      clock: clock.now,
      monotonic: () => performance.now(),
      log,
    });
  const checkReady = async () => {
    await database.checkWritable();
    // Requests are served as well while a sweep fails; a process that does nothing else is of no use then.
    if (config.ROLE === 'worker') worker?.checkWorking();
  };
  const http =
    config.ROLE === 'worker'
      ? createProbes({ checkReady, log })
      : createHttp({
          admission,
          limits,
          serviceFor,
          isOpen: isOpen(config),
          people: signIn && settings && { signIn, publicUrl: settings.publicUrl },
          receiveWebhook: createWebhook(deps, webhooks, tell.work),
          checkReady,
          allowedOrigins: config.ALLOWED_ORIGINS,
          trustedProxies: config.TRUSTED_PROXIES,
          cancelWaitMs: config.CANCEL_WAIT_MS,
          version,
          log,
        });
  let url: string | null = null;
  const { HOST: host, PORT: port, KEEP_ALIVE_MS: keepAliveMs } = config;
  if (port !== null) {
    const listening = parts.use(await listen(http, { host, port, keepAliveMs, onRequest: logRequests(log) }));
    url = `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`;
  }
  const firstLink =
    settings && config.ROLE !== 'worker'
      ? await firstAdministratorLink(people, clock.now, settings.publicUrl, DEFAULT_ORGANIZATION)
      : null;
  // First of all at the end: a cancel that waits for proof answers at once with what is known, a stream is cut.
  parts.defer(() => pursuit.close());
  parts.defer(() => watch.close());
  const running = parts.move();
  return {
    url,
    sandboxUrl: sandbox?.url ?? null,
    sandboxKey: sandbox?.apiKey ?? null,
    service: serviceFor(operator(config.ADMIN_API_KEY)),
    firstAdministratorLink: firstLink,
    db: database.db,
    tidyProvider: () => tidyProviders(background),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Undefined: nobody signs in here. */
function peopleSettings(config: Config) {
  const { PUBLIC_URL: publicUrl, SESSION_SECRET: secret, OIDC_ISSUER: issuer } = config;
  if (!publicUrl || !secret) return undefined;
  const unasked = (email: string) =>
    config.OIDC_ALLOWED_DOMAINS.includes(email.split('@').at(-1) ?? '')
      ? { organization_id: DEFAULT_ORGANIZATION, role: config.OIDC_ROLE }
      : null;
  const { OIDC_CLIENT_ID: clientId = '', OIDC_CLIENT_SECRET: clientSecret = '' } = config;
  return { publicUrl, secret, openId: issuer ? { issuer, clientId, clientSecret } : null, unasked };
}

/** For webhooks that are to be sent, and for those that were long ago. */
const LOOKS_MS = 1000;
const FORGETS_MS = 180_000;

const silence: Hints = { subscribe: () => ({ [Symbol.dispose]() {} }) };

const defaultModels = ({ providers }: Config) => ({
  default_model: providers[0]?.default_model ?? null,
  default_models: Object.fromEntries(
    providers.flatMap(({ name, default_model }) => (default_model === null ? [] : [[name, default_model]])),
  ),
});
