// Real processes, killed for real, between a provider call and the record of its outcome.
import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../server/provider/sandbox/server.ts';
import { startedBefore } from '../embedded/template.ts';
import { createDatabase } from '../postgres/database.ts';
import { atLevel } from '../proof/level.ts';
import { Faults } from '../provider/faults.ts';
import { until } from '../until.ts';
import { startChild } from './child.ts';

type Seen = { id: string; status: string; finetuning_job_id: string | null; cancellation: { state: string } | null };

async function stage(database: 'postgres' | 'embedded') {
  const resources = new AsyncDisposableStack();
  const faults = resources.use(new Faults());
  const sandbox = resources.use(await startSandbox({ ledgerPath: ':memory:', intercept: faults.intercept }));
  const directory = resources.use(await startedBefore());
  const env: Record<string, string> = {
    PORT: '0',
    DATA_DIR: directory.path,
    OPENAI_API_KEY: 'sandbox',
    OPENAI_BASE_URL: sandbox.url,
    POLL_INTERVAL_MS: '50',
    SETTLE_WINDOW_MS: '300',
    // What a killed server leaves behind is taken over after this and five seconds more.
    PROVIDER_TIMEOUT_MS: '4000',
    CANCEL_WAIT_MS: '120000',
    LOG_LEVEL: 'error',
    ...(database === 'postgres' ? { DATABASE_URL: resources.use(await createDatabase()).url } : {}),
  };
  return { faults, sandbox, env, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

async function post(url: string, path: string, body: unknown): Promise<Seen & { status_code: number }> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { ...Object(await response.json()), status_code: response.status };
}

const show = async (url: string, id: string): Promise<Seen> =>
  Object(await (await fetch(`${url}/api/v1/finetunings/${id}`)).json());

async function createRun(url: string): Promise<Seen> {
  const connection = await post(url, '/database-connections', { alias: 'library' });
  const records = Array.from({ length: 12 }, (_, index) => ({
    prompt_text: `question ${index}`,
    sql: `SELECT ${index}`,
    db_connection_id: connection.id,
  }));
  await post(url, '/golden-sqls', records);
  return post(url, '/finetunings', { db_connection_id: connection.id });
}

/** Servers on Postgres are killed by the soak as well, at every size. */
const databases = atLevel<readonly ('postgres' | 'embedded')[]>({
  small: ['embedded'],
  proof: ['postgres'],
  deep: ['postgres', 'embedded'],
});

describe.each(databases)('on the %s database', (database) => {
  test.each(['before', 'after'] as const)(
    'a server killed while its create is on its way (%s it is executed) ends up with one job, and a cancel stops it',
    async (moment) => {
      await using world = await stage(database);
      const create = world.faults.hold('jobs.create', moment);
      const killed = startChild(world.env);
      await using _killed = killed;
      const run = await createRun(await killed.url);
      await create.reached;
      killed.process.kill('SIGKILL');
      await killed.ended;
      create.release();

      await using again = startChild(world.env);
      const url = await again.url;
      await until(async () => (await show(url, run.id)).finetuning_job_id !== null, 'the run has its job again');
      expect(world.sandbox.ledger.jobs().filter((job) => job.status !== 'failed')).toHaveLength(1);

      const cancelled = await post(url, `/finetunings/${run.id}/cancel`, {});
      expect(cancelled).toMatchObject({ status: 'cancelled', cancellation: { state: 'confirmed' } });
      expect(world.sandbox.ledger.jobs().map((job) => job.status)).toEqual(['cancelled']);
    },
  );

  test('a server killed right after it acknowledged a cancel goes on with it after the restart', async () => {
    await using world = await stage(database);
    const killed = startChild(world.env);
    await using _killed = killed;
    const before = await killed.url;
    const run = await createRun(before);
    await until(async () => (await show(before, run.id)).finetuning_job_id !== null, 'the run is submitted');
    world.faults.always('jobs.cancel', { kind: 'status', status: 503 });
    const response = await fetch(`${before}/api/v1/finetunings/${run.id}/cancel`, {
      method: 'POST',
      headers: { prefer: 'respond-async' },
    });
    expect(response.status).toBe(202);
    killed.process.kill('SIGKILL');
    await killed.ended;
    world.faults.clear();

    await using again = startChild(world.env);
    const url = await again.url;
    await until(async () => (await show(url, run.id)).status === 'cancelled', 'the cancel is proven');
    expect(world.sandbox.ledger.jobs().map((job) => job.status)).toEqual(['cancelled']);
  });
});

test('three processes on one Postgres make one job of one run', async () => {
  await using world = await stage('postgres');
  const children = [startChild(world.env), startChild(world.env), startChild(world.env)];
  await using stack = new AsyncDisposableStack();
  for (const child of children) stack.use(child);
  const urls = await Promise.all(children.map((child) => child.url));
  const runs = await Promise.all(urls.map((url) => createRun(url)));
  const [first] = urls;
  for (const run of runs) {
    await until(async () => (await show(first ?? '', run.id)).finetuning_job_id !== null, 'the run is submitted');
  }
  expect(world.sandbox.ledger.jobs()).toHaveLength(runs.length);
  const cancelled = await Promise.all(
    runs.map((run, index) => post(urls[(index + 1) % urls.length] ?? '', `/finetunings/${run.id}/cancel`, {})),
  );
  expect(cancelled.map((run) => run.status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  expect(world.sandbox.ledger.jobs().map((job) => job.status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
});
