// Real processes whose wall clocks differ, or step: no stop is called proven before the window has really passed.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startSandbox } from '../../server/provider/sandbox/server.ts';
import { startedBefore } from '../embedded/template.ts';
import { createDatabase } from '../postgres/database.ts';
import { Faults } from '../provider/faults.ts';
import { until } from '../until.ts';
import { startProcess } from './child.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const CLOCK = fileURLToPath(new URL('clock.js', import.meta.url));
/** Far longer than a test takes: whatever is concluded before the list is whole was concluded too early. */
const WINDOW_MS = 120_000;
const STEP_MS = 3 * WINDOW_MS;

async function stage() {
  const resources = new AsyncDisposableStack();
  const faults = resources.use(new Faults());
  const sandbox = resources.use(await startSandbox({ ledgerPath: ':memory:', intercept: faults.intercept }));
  const start = async (name: string, env: Record<string, string> = {}) => {
    const directory = resources.use(await startedBefore());
    const clockFile = join(directory.path, `clock-of-${name}`);
    const child = resources.use(
      startProcess(['--import', CLOCK, MAIN], {
        CLOCK_AHEAD: clockFile,
        PORT: '0',
        DATA_DIR: directory.path,
        OPENAI_API_KEY: 'sandbox',
        OPENAI_BASE_URL: sandbox.url,
        POLL_INTERVAL_MS: '50',
        SETTLE_WINDOW_MS: String(WINDOW_MS),
        LOG_LEVEL: 'error',
        ...env,
      }),
    );
    const setAhead = (ms: number) => writeFile(clockFile, String(ms));
    return { child, setAhead };
  };
  return { faults, sandbox, resources, start, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
type Stage = Awaited<ReturnType<typeof stage>>;

async function call(url: string, method: string, path: string, body?: unknown, headers = {}): Promise<unknown> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}

/** A run whose create was executed, was not answered, and is not on the list yet. */
async function withHiddenJob({ faults, sandbox }: Stage, url: string): Promise<string> {
  faults.next('jobs.create', { kind: 'reset_after' });
  faults.always('jobs.list', { kind: 'status', status: 200, body: { object: 'list', data: [], has_more: false } });
  const connection = Object(await call(url, 'POST', '/database-connections', { alias: 'library' }));
  const records = Array.from({ length: 12 }, (_, index) => ({
    prompt_text: `question ${index}`,
    sql: `SELECT ${index}`,
    db_connection_id: connection.id,
  }));
  await call(url, 'POST', '/golden-sqls', records);
  const run = Object(await call(url, 'POST', '/finetunings', { db_connection_id: connection.id }));
  await until(() => sandbox.ledger.jobs().length === 1, 'the job is created');
  // It trains: a file that is removed does not stop it any more.
  sandbox.ledger.startRunningNow(sandbox.ledger.jobs()[0]?.id ?? '');
  return run.id;
}

/** Waits until the file is gone, and the list was asked so often since; then the job shows. */
async function afterTheFence({ faults, sandbox }: Stage, meanwhile: () => Promise<void> = async () => {}) {
  await until(() => sandbox.ledger.files().length === 0, 'the file is removed');
  await meanwhile();
  const looks = () => faults.requests.filter(({ operation }) => operation === 'jobs.list').length;
  const before = looks();
  await until(() => looks() > before + 6, 'the list is asked');
  faults.clear();
}

const stopped = { status: 'cancelled', cancellation: { evidence: 'provider_cancelled' } };

test('a replica whose clock runs ahead does not take a fence for old: the job is found, and stopped', async () => {
  await using world = await stage();
  const { url: DATABASE_URL } = world.resources.use(await createDatabase());
  const first = await world.start('first', { DATABASE_URL });
  const second = await world.start('second', { DATABASE_URL });
  await second.setAhead(STEP_MS);
  const url = await first.child.url;
  await second.child.url;
  const id = await withHiddenJob(world, url);
  const cancelling = call(url, 'POST', `/finetunings/${id}/cancel`, {}, { prefer: 'wait=100' });
  await afterTheFence(world);
  expect(await cancelling).toMatchObject(stopped);
  expect(world.sandbox.ledger.jobs().map(({ status }) => status)).toEqual(['cancelled']);
});

test.each(['postgres', 'embedded'])(
  'one process on the %s database whose clock steps forwards after the fence',
  async (database) => {
    await using world = await stage();
    const env: Record<string, string> =
      database === 'postgres' ? { DATABASE_URL: world.resources.use(await createDatabase()).url } : {};
    const { child, setAhead } = await world.start('only', env);
    const url = await child.url;
    const id = await withHiddenJob(world, url);
    const cancelling = call(url, 'POST', `/finetunings/${id}/cancel`, {}, { prefer: 'wait=100' });
    await afterTheFence(world, () => setAhead(STEP_MS));
    expect(await cancelling).toMatchObject(stopped);
  },
);

test('a clock that is set back by an hour holds no run up: it is followed to its end', async () => {
  await using world = await stage();
  const { child, setAhead } = await world.start('only');
  const url = await child.url;
  const id = await withHiddenJob(world, url);
  world.faults.clear();
  const shown = async () => Object(await call(url, 'GET', `/finetunings/${id}`));
  await until(async () => (await shown()).status === 'running', 'it trains');
  await setAhead(-3_600_000);
  const [job] = world.sandbox.ledger.jobs();
  world.sandbox.ledger.finishNow(job?.id ?? '', 'succeeded');
  await until(async () => (await shown()).status === 'succeeded', 'its end is seen');
});
