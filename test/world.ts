// What a test over HTTP works with: a running goldtune, a provider that can be made to fail, and a look at both.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTRPCClient, httpLink } from '@trpc/client';
import { expect, inject } from 'vitest';
import { type App, startApp } from '../server/app.ts';
import { readConfig } from '../server/config.ts';
import type { Clock, Log } from '../server/finetuning/dependencies.ts';
import type { AppRouter, RouterOutputs } from '../server/http/trpc/router.ts';
import type { Patience } from '../server/notify/notify.ts';
import { type Sandbox, startSandbox } from '../server/provider/sandbox/server.ts';
import { copyTemplate } from './embedded/template.ts';
import { expectSafe } from './picture.ts';
import { createDatabase } from './postgres/database.ts';
import { Faults } from './provider/faults.ts';
import { until } from './until.ts';

type View = RouterOutputs['finetunings']['get'];
export type Answer = { status: number; headers: Headers; body: unknown };

/** What is waited for in every test is short; what only ends that which never would is long. */
const quick = {
  POLL_INTERVAL_MS: '100',
  SETTLE_WINDOW_MS: '400',
  PROVIDER_TIMEOUT_MS: '60000',
  CANCEL_WAIT_MS: '120000',
};
/** At the provider it is always this moment: a job goes on only where a test makes it. */
const NOW = Date.now();

export class World {
  readonly sandbox: Sandbox;
  readonly faults: Faults;
  readonly env: Record<string, string>;
  readonly log: { level: string; message: string }[] = [];
  /** Times of webhooks that are sent, from the next start on. */
  webhooksOut: Patience = {};
  readonly #countedBy: Clock | undefined;
  #app: App | null = null;

  constructor(sandbox: Sandbox, faults: Faults, env: Record<string, string>, countedBy?: Clock) {
    this.sandbox = sandbox;
    this.faults = faults;
    this.env = env;
    this.#countedBy = countedBy;
  }

  get app(): App {
    if (!this.#app) throw new Error('goldtune is not running');
    return this.#app;
  }

  get ledger() {
    return this.sandbox.ledger;
  }

  get trpc() {
    return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${this.app.url}/trpc` })] });
  }

  async start(): Promise<void> {
    this.#app = await startApp(readConfig(this.env), {
      log: this.#recorder(),
      version: 'test',
      webhooksOut: this.webhooksOut,
      notify: process.env['TEST_NOTIFICATIONS'] !== 'off',
      ...(this.#countedBy ? { countedBy: this.#countedBy } : {}),
    });
  }

  /** As SIGTERM does it. */
  async stop(): Promise<void> {
    await this.#app?.[Symbol.asyncDispose]();
    this.#app = null;
  }

  async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const raw = typeof body === 'string' || body instanceof FormData || body instanceof Blob;
    const response = await fetch(`${this.app.url}${path}`, {
      method,
      headers: body === undefined || raw ? headers : { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  }

  /** A connection with golden records to train on. */
  async seed(count = 12) {
    const connection = await this.trpc.dbConnections.create.mutate({
      alias: 'library',
      schema_sql: 'CREATE TABLE books (id integer, title text);',
    });
    const records = await this.trpc.goldenRecords.add.mutate(
      Array.from({ length: count }, (_, index) => ({
        prompt_text: `How many books have an id above ${index}?`,
        sql: `SELECT count(*) FROM books WHERE id > ${index}`,
        db_connection_id: connection.id,
      })),
    );
    return { connection, records };
  }

  /** A new run on records of its own. */
  async create(input: { alias?: string; metadata?: Record<string, string> } = {}): Promise<View> {
    const { connection } = await this.seed();
    return this.trpc.finetunings.create.mutate({ db_connection_id: connection.id, ...input });
  }

  /** A run that has got as far as the given status; `queued` alone is right after its creation, as a rule. */
  async createIn(status: View['status'] | 'queued with a job'): Promise<View> {
    const run = await this.create();
    const submitted = () => this.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
    switch (status) {
      case 'queued':
        return run;
      case 'validating_files':
        return this.reached(run.id, (seen) => seen.status === status, status);
      case 'queued with a job':
        this.ledger.queueNow((await submitted()).finetuning_job_id ?? '');
        return this.reached(run.id, (seen) => seen.finetuning_job_id !== null && seen.status === 'queued', status);
      case 'running':
        this.ledger.startRunningNow((await submitted()).finetuning_job_id ?? '');
        break;
      case 'succeeded':
      case 'failed':
        this.ledger.finishNow((await submitted()).finetuning_job_id ?? '', status);
        break;
      case 'cancelled':
        await this.cancel(run.id);
        break;
      default:
        return status satisfies never;
    }
    return this.reached(run.id, (seen) => seen.status === status, status);
  }

  cancel(id: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request('POST', `/api/v1/finetunings/${id}/cancel`, body, headers);
  }

  get(id: string): Promise<View> {
    return this.trpc.finetunings.get.query({ id });
  }

  /** Waits until the run is as described. */
  reached(id: string, isReached: (seen: View) => boolean, what: string): Promise<View> {
    return until(async () => {
      const seen = await this.get(id);
      return isReached(seen) ? seen : null;
    }, `finetuning ${id} is ${what}`);
  }

  until(isSo: () => boolean | Promise<boolean>, what: string): Promise<boolean> {
    return until(isSo, what);
  }

  /** Waits until it logs an error that holds these words. */
  says(words: string): Promise<boolean> {
    return this.until(
      () => this.log.some(({ level, message }) => level === 'error' && message.includes(words)),
      `an error is logged: ${words}`,
    );
  }

  /** One round of the janitor, which otherwise comes by every few minutes. */
  sweep(): Promise<void> {
    return this.app.tidyProvider();
  }

  /** The provider trains the run's jobs from now on: that their file is removed does not stop them any more. */
  startTraining(id: string): void {
    for (const job of this.jobsOf(id)) this.ledger.startRunningNow(job.id);
  }

  /** Provider jobs of one finetuning, as the provider itself holds them. */
  jobsOf(id: string) {
    return this.ledger.jobs().filter((job) => job.metadata?.['goldtune_finetuning'] === id);
  }

  #recorder(): Log {
    const note = (level: string) => (_fields: Record<string, unknown>, message: string) => {
      this.log.push({ level, message });
      if (process.env['TEST_LOG']) console.log(level, message, _fields);
    };
    return { info: note('info'), warn: note('warn'), error: note('error') };
  }

  /** What must hold at the end of every test, whatever it was about. */
  async expectSound(): Promise<void> {
    if (this.#app) await expectSafe(this.#app.db, this.ledger);
  }
}

/** Starts a provider, a database of its own and goldtune. `env` overrides; give `start: false` to start it yourself. `countedBy` is the clock of limits. */
export async function startWorld(
  options: { env?: Record<string, string>; start?: boolean; webhooksOut?: Patience; countedBy?: Clock } = {},
): Promise<World & AsyncDisposable> {
  await using resources = new AsyncDisposableStack();
  const faults = resources.use(new Faults());
  const sandbox = resources.use(
    await startSandbox({ ledgerPath: ':memory:', intercept: faults.intercept, now: () => NOW }),
  );
  const directory = await mkdtemp(join(tmpdir(), 'goldtune-test-'));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  const env: Record<string, string> = {
    ...quick,
    PORT: '0',
    DATA_DIR: directory,
    OPENAI_API_KEY: 'sandbox',
    OPENAI_BASE_URL: sandbox.url,
    ...options.env,
  };
  if (process.env['TEST_DATABASE'] === 'postgres') {
    env['DATABASE_URL'] ??= resources.use(await createDatabase()).url;
  } else {
    copyTemplate(inject('embeddedTemplate'), directory);
  }
  const world = new World(sandbox, faults, env, options.countedBy);
  resources.defer(() => world.stop());
  if (options.webhooksOut) world.webhooksOut = options.webhooksOut;
  if (options.start !== false) await world.start();
  const held = resources.move();
  return Object.assign(world, {
    async [Symbol.asyncDispose]() {
      await using _ = held;
      faults.clear();
      await world.expectSound();
    },
  });
}

/** The JSON of an answer, asserted to have that status. */
export function bodyOf(answer: Answer, status: number): Record<string, unknown> {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
  return Object(answer.body);
}
