// Processes that share a Postgres share the sandbox too: what one of them starts there, each of them follows and stops.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { jobSchema, type LedgerJob } from '../../server/provider/sandbox/entries.ts';
import { Ledger } from '../../server/provider/sandbox/ledger.ts';
import { createDatabase } from '../postgres/database.ts';
import { execute } from '../postgres/execute.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { until } from '../until.ts';
import { type Child, startChild } from './child.ts';

type Run = {
  id: string;
  status: string;
  created_at: string;
  waiting: unknown;
  finetuning_job_id: string | null;
  cancellation: unknown;
  error: string | null;
};

/** Runs last as long as a test likes: an hour a step. */
const SLOW = { SANDBOX_TIME_SCALE: '0.001', POLL_INTERVAL_MS: '100', SETTLE_WINDOW_MS: '300' };

async function stage() {
  const resources = new AsyncDisposableStack();
  const { url: DATABASE_URL } = resources.use(await createDatabase());
  /** Each on a directory of its own, as on machines of their own. */
  const start = async (env: Record<string, string>, directory?: string): Promise<Child> => {
    const DATA_DIR = directory ?? resources.use(await temporaryDirectory()).path;
    return resources.use(startChild({ PORT: '0', LOG_LEVEL: 'error', DATABASE_URL, DATA_DIR, ...SLOW, ...env }));
  };
  return { start, DATABASE_URL, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

async function call(url: string, method: string, path: string, body?: unknown, headers = {}): Promise<unknown> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}

async function createRun(url: string): Promise<Run> {
  const connection = Object(await call(url, 'POST', '/database-connections', { alias: 'library' }));
  const records = Array.from({ length: 12 }, (_, index) => ({
    prompt_text: `question ${index}`,
    sql: `SELECT ${index}`,
    db_connection_id: connection.id,
  }));
  await call(url, 'POST', '/golden-sqls', records);
  return Object(await call(url, 'POST', '/finetunings', { db_connection_id: connection.id }));
}

async function jobOnDatabase(url: string): Promise<LedgerJob> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT document FROM sandbox_entries WHERE kind = 'job'");
    return jobSchema.parse(rows[0]?.document);
  } finally {
    await client.end();
  }
}

const shown = async (url: string, id: string): Promise<Run> => Object(await call(url, 'GET', `/finetunings/${id}`));
const submitted = (url: string, id: string) =>
  until(async () => {
    const run = await shown(url, id);
    return run.finetuning_job_id !== null && run.status === 'validating_files' ? run : null;
  }, 'the run has a job');
const cancelled = (url: string, id: string) =>
  until(async () => {
    const run = await shown(url, id);
    return run.status === 'cancelled' ? run : null;
  }, 'the run is cancelled');

const proven = { error: 'Fine tuning cancelled by the user', cancellation: { evidence: 'provider_cancelled' } };

test('a `web` and a `worker` with directories of their own: the run stayed queued for ever', async () => {
  await using world = await stage();
  const web = await (await world.start({ ROLE: 'web' })).url;
  await world.start({ ROLE: 'worker' });
  const run = await createRun(web);
  await submitted(web, run.id);
  await call(web, 'POST', `/finetunings/${run.id}/cancel`, {}, { prefer: 'respond-async' });
  expect(await cancelled(web, run.id)).toMatchObject(proven);
});

test('a run outlives the process that started it, killed, and its directory: another goes on with it', async () => {
  await using world = await stage();
  const first = await world.start({});
  const second = await (await world.start({})).url;
  const run = await createRun(await first.url);
  const { finetuning_job_id } = await submitted(second, run.id);
  first.process.kill('SIGKILL');
  await first.life;
  const third = await (await world.start({})).url;
  expect(await shown(third, run.id)).toMatchObject({ status: 'validating_files', finetuning_job_id });
  await call(third, 'POST', `/finetunings/${run.id}/cancel`, {}, { prefer: 'wait=100' });
  expect(await shown(second, run.id)).toMatchObject({ ...proven, finetuning_job_id });
});

test('a run that lives in the file of an earlier version is gone on with, whoever starts first on that file', async () => {
  await using world = await stage();
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'sandbox.sqlite');
  const first = await world.start({});
  const run = await createRun(await first.url);
  const { finetuning_job_id } = await submitted(await first.url, run.id);
  first.process.kill('SIGTERM');
  await first.ended;
  const job = await jobOnDatabase(world.DATABASE_URL);
  // As that version left it: the job in the file, and nothing of the sandbox on the database.
  const file = new Ledger(path);
  file.addJob([], () => job);
  await execute(
    world.DATABASE_URL,
    `DELETE FROM sandbox_entries; DELETE FROM sandbox_ledgers; UPDATE finetunings SET provider_ledger = 'sandbox:${file.id}'`,
  );
  file.close();
  await using copy = await temporaryDirectory();
  await cp(directory.path, copy.path, { recursive: true });

  const [one, other] = [await world.start({}, directory.path), await world.start({}, copy.path)];
  await other.url;
  await call(await one.url, 'POST', `/finetunings/${run.id}/cancel`, {}, { prefer: 'wait=100' });
  expect(await shown(await other.url, run.id)).toMatchObject({ ...proven, finetuning_job_id });
});

test('a statement that failed in the sandbox was shown with the training data in it', async () => {
  await using world = await stage();
  const child = await world.start({});
  const url = await child.url;
  await execute(world.DATABASE_URL, 'ALTER TABLE sandbox_entries RENAME TO elsewhere');
  const run = await createRun(url);
  const waiting = await until(async () => {
    const seen = await shown(url, run.id);
    return JSON.stringify(seen.waiting).includes('The sandbox failed') ? seen : null;
  }, 'the run waits for the sandbox');
  const events = await call(url, 'GET', `/finetunings/${run.id}/events`);
  expect(JSON.stringify([waiting, events])).not.toMatch(/insert into|params|question \d/);
  await until(() => child.printed().includes('"msg":"the sandbox failed"'), 'the cause is logged');
  expect(child.printed()).toContain('relation \\"sandbox_entries\\" does not exist');
  expect(child.printed()).not.toMatch(/insert into|question \d/);

  await execute(world.DATABASE_URL, 'ALTER TABLE elsewhere RENAME TO sandbox_entries');
  await submitted(url, run.id);
});

test('a database that was away for the sandbox alone was told as a failure of it', async () => {
  await using world = await stage();
  const child = await world.start({ LOG_LEVEL: 'warn' });
  const url = await child.url;
  // As a disk without room answers.
  await execute(
    world.DATABASE_URL,
    `CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$;
     CREATE TRIGGER no_room BEFORE INSERT ON sandbox_entries EXECUTE FUNCTION no_room()`,
  );
  const run = await createRun(url);
  await until(
    async () => JSON.stringify((await shown(url, run.id)).waiting).includes('503 The sandbox cannot reach its ledger'),
    'the run waits for the ledger',
  );
  expect(child.printed()).toContain('"msg":"the sandbox could not reach its ledger"');
  await execute(world.DATABASE_URL, 'DROP TRIGGER no_room ON sandbox_entries');
  await submitted(url, run.id);
});

test('a file whose runs nobody follows, since the database has another sandbox, was passed over in silence', async () => {
  await using world = await stage();
  await using directory = await temporaryDirectory();
  const first = await world.start({});
  const run = await createRun(await first.url);
  await submitted(await first.url, run.id);
  first.process.kill('SIGTERM');
  await first.ended;
  const path = join(directory.path, 'sandbox.sqlite');
  const file = new Ledger(path);
  await execute(world.DATABASE_URL, `UPDATE finetunings SET provider_ledger = 'sandbox:${file.id}'`);
  file.close();

  const second = await world.start({}, directory.path);
  await second.url;
  const lines = second
    .printed()
    .split('\n')
    .filter((line) => line.includes('neither followed nor stopped;'));
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    expect.objectContaining({ file: path, runs: 1, msg: expect.stringContaining('create them anew') }),
  ]);
});
