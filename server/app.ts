// The composition root: the only file that knows every part.
import { tmpdir } from 'node:os';
import { type Config, secretsOf } from './config.ts';
import { prepareDataDirectory } from './data-directory.ts';
import type { Dependencies, Log } from './finetuning/dependencies.ts';
import { tidyProvider } from './finetuning/janitor.ts';
import type { Provider } from './finetuning/provider.ts';
import { createPursuit } from './finetuning/pursue.ts';
import { DEFAULT_ORGANIZATION } from './finetuning/record.ts';
import { type Service, serviceFor } from './finetuning/service.ts';
import { createSightings } from './finetuning/sightings.ts';
import { createWatch } from './finetuning/watch.ts';
import type { Hints } from './finetuning/watched-runs.ts';
import { listen } from './http/listen.ts';
import { isLocal } from './http/loopback.ts';
import { createProbes } from './http/probes.ts';
import { logRequests } from './http/request-lines.ts';
import { createHttp } from './http/server.ts';
import { type OpenSandbox, openSandbox } from './open-sandbox.ts';
import { installProxy } from './outbound-proxy.ts';
import { models } from './provider/models.ts';
import {
  askAccount,
  contradiction,
  isSameAccount,
  knownAccount,
  otherAccount,
  type ToldAccount,
} from './provider/openai/account.ts';
import { isOpenAi, isSameLedger, ledgerOf } from './provider/openai/ledger.ts';
import { openAiProvider } from './provider/openai/provider.ts';
import { withoutSecrets } from './provider/without-secrets.ts';
import { holdsLongSecret, redactionOf } from './redaction.ts';
import { openScratch } from './scratch.ts';
import { openClock } from './storage/clock.ts';
import { type Database, openDatabase } from './storage/database.ts';
import { listenForEvents } from './storage/event-hints.ts';
import type { Wake } from './storage/finetunings.ts';
import { accountOf as accountAt, openRunsByLedger, rememberAccount } from './storage/provider-accounts.ts';
import { forgetUnfinishedImports } from './storage/staged-import.ts';
import { createStore } from './storage/store.ts';
import { openQueue } from './worker/queue.ts';
import { startWorker, watchForWorkers } from './worker/worker.ts';

export type App = AsyncDisposable & {
  /** Where it listens; null for a worker without a PORT. */
  url: string | null;
  /** Base URL of the built-in sandbox, for an OpenAI client; null with a real provider. */
  sandboxUrl: string | null;
  /** The only key that the sandbox takes, another at each start. */
  sandboxKey: string | null;
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
};

/** Starts everything the role asks for. Disposing finishes what is in flight, then closes in reverse order. */
export async function startApp(config: Config, { log, version, notify = true }: AppOptions): Promise<App> {
  checkDefaultModel(config);
  await using parts = new AsyncDisposableStack();

  const isNew = !config.DATABASE_URL && prepareDataDirectory(config.DATA_DIR);
  if (isNew) log.info({ directory: config.DATA_DIR }, 'making the embedded database, once');
  parts.use(openProxy(config));
  const told = await askConfiguredAccount(config);
  const database = parts.use(
    await openDatabase(config.DATABASE_URL ? { url: config.DATABASE_URL } : { directory: config.DATA_DIR }, (error) =>
      log.warn({ err: error }, 'a database connection was lost; the next query opens another'),
    ),
  );
  const queue = parts.use(await openQueue(database, log));
  const wake: Wake = notify ? (tx, id) => queue.wake(id, tx) : async () => {};
  const store = createStore(database.db, wake, database.stops, config.DATABASE_URL ? 'many' : 'one');
  // Of the embedded database this process is the only one: nobody goes on with what an earlier one left.
  if (!config.DATABASE_URL) await forgetUnfinishedImports(database.db);
  const clock = parts.use(await openClock(database.db, log, (now) => store.finetunings.hurry(now)));
  const account = await keepAccount(database.db, ledgerOf(accountOf(config)), told, clock.now());
  const now = () => Date.parse(clock.now());
  const sandbox = config.OPENAI_API_KEY ? null : parts.use(await openSandbox(sandboxOf(config), database.db, now, log));
  const provider = openProvider(config, sandbox, account);
  // With a database elsewhere DATA_DIR need not be there.
  const scratch = parts.use(openScratch(config.DATABASE_URL ? tmpdir() : config.DATA_DIR));
  const deps: Dependencies = {
    store,
    provider,
    clock: clock.now,
    sightings: createSightings(() => performance.now()),
    log,
    scratch: scratch.directory,
    settings: {
      default_model: config.DEFAULT_MODEL,
      deployment: config.DEPLOYMENT,
      stop_unknown_jobs: config.STOP_UNKNOWN_JOBS,
      settle_window_ms: config.SETTLE_WINDOW_MS,
      poll_interval_ms: config.POLL_INTERVAL_MS,
      provider_timeout_ms: config.PROVIDER_TIMEOUT_MS,
    },
  };
  const background = { ...deps, store: createStore(database.work, wake, database.stops) };
  const pursuit = createPursuit(background);
  parts.defer(() => pursuit.idle());
  const worker = config.ROLE === 'web' ? null : parts.use(await startWorker(background, pursuit, queue));
  if (worker === null) parts.use(watchForWorkers(background));

  const principal = { organization_id: DEFAULT_ORGANIZATION, name: config.ADMIN_API_KEY ? 'admin' : 'local' };
  const hints = notify ? parts.use(await listenForEvents(database, log)) : silence;
  const watch = createWatch(deps.store.finetunings, hints, config.MAX_STREAMS);
  const service = serviceFor(deps, pursuit, watch, principal);
  const checkReady = async () => {
    await database.checkWritable();
    // Requests are served as well while a sweep fails; a process that does nothing else is of no use then.
    if (config.ROLE === 'worker') worker?.checkWorking();
  };
  const http =
    config.ROLE === 'worker'
      ? createProbes({ checkReady, log })
      : createHttp({
          service,
          checkReady,
          adminApiKey: config.ADMIN_API_KEY,
          allowedOrigins: config.ALLOWED_ORIGINS,
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
  // First of all at the end: a cancel that waits for proof answers at once with what is known, a stream is cut.
  parts.defer(() => pursuit.close());
  parts.defer(() => watch.close());
  const running = parts.move();
  return {
    url,
    sandboxUrl: sandbox?.url ?? null,
    sandboxKey: sandbox?.apiKey ?? null,
    service,
    db: database.db,
    tidyProvider: () => tidyProvider(background),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const silence: Hints = { subscribe: () => ({ [Symbol.dispose]() {} }) };

/** The catalogue is what a request chooses from, whichever provider is configured. */
function checkDefaultModel({ DEFAULT_MODEL }: Config): void {
  const names = models.map((model) => model.name);
  if (names.includes(DEFAULT_MODEL)) return;
  throw new Error(
    `goldtune cannot start: DEFAULT_MODEL: unknown model "${DEFAULT_MODEL}"; known models: ${names.join(', ')}`,
  );
}

const sandboxOf = ({ DATA_DIR, DATABASE_URL, SANDBOX_TIME_SCALE }: Config) => ({
  directory: DATA_DIR,
  isShared: DATABASE_URL !== undefined,
  timeScale: SANDBOX_TIME_SCALE,
});

const accountOf = ({ OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID, OPENAI_PROJECT_ID }: Config) => ({
  apiKey: OPENAI_API_KEY ?? '',
  baseUrl: OPENAI_BASE_URL,
  organization: OPENAI_ORG_ID,
  project: OPENAI_PROJECT_ID,
});

async function askConfiguredAccount(config: Config): Promise<ToldAccount | null> {
  const told = config.OPENAI_API_KEY ? await askAccount(accountOf(config)) : null;
  const wrong = told && contradiction(accountOf(config), told);
  if (wrong) throw new Error(`goldtune cannot start: ${wrong}`);
  return told;
}

/** Runs that were started in one account must not be looked for in another: there, they would be proven gone. */
async function keepAccount(
  db: Database,
  ledger: string,
  told: ToldAccount | null,
  now: string,
): Promise<ToldAccount | null> {
  const before = await accountAt(db, ledger);
  // It could not be asked, or does not say: what it was before is held against each list.
  if (!told) return before;
  if (before && !isSameAccount(before, told)) {
    const open = (await openRunsByLedger(db)).filter((group) => isSameLedger(group.ledger, ledger));
    const runs = open.reduce((sum, group) => sum + group.runs, 0);
    if (runs > 0) throw new Error(`goldtune cannot start: ${otherAccount(before, told, runs)}`);
  }
  const known = knownAccount(before, told);
  await rememberAccount(db, ledger, known, now);
  return known;
}

function openProvider(config: Config, sandbox: OpenSandbox | null, told: ToldAccount | null): Provider {
  const common = { timeoutMs: config.PROVIDER_TIMEOUT_MS, models };
  if (sandbox) {
    const { url, apiKey, ledger } = sandbox;
    return openAiProvider({ ...common, apiKey, baseUrl: url, ledger, sandbox: true });
  }
  const account = accountOf(config);
  // Another address is taken for another provider: its 404 must not count as proof for a run started here.
  const ledger = ledgerOf(account);
  // The shut-down dates are OpenAI's; another provider keeps dates of its own, which we do not know.
  const known = isOpenAi(ledger) ? models : models.map((model) => ({ ...model, shut_down_on: null }));
  const { ofProvider } = secretsOf(config);
  return withoutSecrets(
    openAiProvider({ ...common, ...account, account: told, models: known, ledger, sandbox: false }),
    {
      text: redactionOf(ofProvider),
      spoils: (id) => holdsLongSecret(ofProvider, id),
    },
  );
}

/** What is on this machine, as the sandbox is, is reached without a proxy whatever NO_PROXY says. */
function openProxy({ HTTPS_PROXY, HTTP_PROXY, NO_PROXY, OPENAI_API_KEY, OPENAI_BASE_URL }: Config): Disposable {
  if (!HTTPS_PROXY && !HTTP_PROXY) return { [Symbol.dispose]() {} };
  const direct = !OPENAI_API_KEY || (OPENAI_BASE_URL !== undefined && isLocal(OPENAI_BASE_URL));
  return installProxy({ https: HTTPS_PROXY, http: HTTP_PROXY, except: direct ? '*' : NO_PROXY });
}
