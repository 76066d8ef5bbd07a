// What a statement costs does not grow with the tables: none that the service issues reads more of them than it needs.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { later } from '../../server/finetuning/lifecycle/state.ts';
import { newId } from '../../server/finetuning/object-id.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { routes } from '../../server/http/rest/routes.ts';
import { tellNobody } from '../../server/storage/after-commit.ts';
import { countStore } from '../../server/storage/limit-counts.ts';
import { outboxStore } from '../../server/storage/outbox.ts';
import { hasRunsAt } from '../../server/storage/sandbox-shelf.ts';
import { forgetUnfinishedImports } from '../../server/storage/staged-import.ts';
import { createStore } from '../../server/storage/store.ts';
import { peopleEnv } from '../api/people/browser.ts';
import { execute } from '../postgres/execute.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { prepareDatabase } from '../prepare.ts';
import { atLevel } from '../proof/level.ts';
import { by } from '../store.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { fill } from './plans/big-tables.ts';
import { lengthOfLog, logPlans, type Planned, plansSince } from './plans/plan-log.ts';
import { useEverything } from './plans/workload.ts';

const ROWS = atLevel({ small: 50_000, proof: 1_000_000, deep: 1_000_000 });
/** A page of a hundred, from several indexes at once; of tables as large as these nothing else needs as many. */
const MOST_READ = 1500;
const GROWING = ['finetunings', 'provider_calls', 'events', 'golden_records', 'db_connections', 'imports', 'api_keys'];
const BESIDES = ['idempotency_keys', 'sandbox_entries', 'limit_counts', 'webhook_deliveries', 'audit_entries'];
const OF_PEOPLE = ['people', 'sign_in_accounts', 'sessions', 'members', 'invitations'];
const growing = new Set([...GROWING, ...BESIDES, ...OF_PEOPLE]);

const quiet = { info() {}, warn() {}, error() {} };
const resources = new AsyncDisposableStack();
let server: PostgresServer;
let app: App;
let plans: Planned[];
let asked: ReadonlySet<string>;

beforeAll(async () => {
  server = resources.use(await startPostgres());
  await execute(server.url(), 'CREATE DATABASE goldtune');
  const url = server.url('goldtune');
  await prepareDatabase({ url });
  await fill(url, ROWS);
  await logPlans(url);
  const began = await lengthOfLog(server);
  const { path: DATA_DIR } = resources.use(await temporaryDirectory());
  const env = {
    ...peopleEnv,
    DATABASE_URL: url,
    DATA_DIR,
    PORT: '0',
    POLL_INTERVAL_MS: '200',
    SANDBOX_TIME_SCALE: '0.001',
  };
  app = resources.use(await startApp(readConfig(env), { log: quiet, version: 'test' }));
  asked = await useEverything(app);
  await app.tidyProvider();
  await behind(app);
  plans = await plansSince(server, began);
});
afterAll(() => resources.disposeAsync());

/** What only other roles, another database or another day ask for. */
async function behind({ db }: App): Promise<void> {
  const store = createStore(db, tellNobody, (_by, _effect, work) => work(db), 'one');
  const now = new Date().toISOString();
  await store.finetunings.unattended(now, 200);
  await store.finetunings.untold('ftjob-of-nobody', { type: 'provider_hint', message: 'There is news.' });
  const connection = { id: newId(), organization_id: DEFAULT_ORGANIZATION, alias: 'x', dialect: 'x', schema_sql: '' };
  await store.dbConnections.insert({ ...connection, metadata: null, created_at: now, updated_at: now }, by);
  const records = Array.from({ length: 150 }, (_, index) => ({
    id: newId(),
    organization_id: DEFAULT_ORGANIZATION,
    db_connection_id: connection.id,
    prompt_text: `question ${index}`,
    sql: `SELECT ${index}`,
    metadata: null,
    warnings: [],
    content_hash: `of ${index}`,
    created_at: now,
    deleted_at: null,
  }));
  await store.goldenRecords.add(DEFAULT_ORGANIZATION, records, by);
  await forgetUnfinishedImports(db);
  await countStore(db).add(
    1,
    new Map([
      ['calls of 7', 1],
      ['calls of a new caller', 1],
    ]),
  );
  await hasRunsAt(db, 'nowhere');
  await tell(db, now);
}

/** All that a delivery comes to: put off, taken and given back, taken and told, and the next. */
async function tell(db: App['db'], now: string): Promise<void> {
  const outbox = outboxStore(db);
  const inTwoHours = later(now, 7_200_000);
  await outbox.promote(now);
  const heads = await outbox.due(inTwoHours, 16);
  expect(heads.length).toBeGreaterThan(2);
  const [one, other] = heads;
  if (!one || !other) throw new Error('nothing is to be told');
  await outbox.putOff({ ...other, due_at: inTwoHours });
  const taken = await outbox.claim(one, inTwoHours);
  if (!taken) throw new Error('nothing was taken');
  await outbox.release(taken, now);
  const again = await outbox.claim({ ...one, due_at: now }, inTwoHours);
  if (!again) throw new Error('nothing was taken again');
  const came = { last_attempt_at: now, last_duration_ms: 1, last_status: 204, last_answer: '', last_error: null };
  expect(await outbox.settle(again, { state: 'delivered', due_at: now, ...came })).not.toBeNull();
  expect(await outbox.forget(inTwoHours, 100)).toBe(100);
  expect(await outbox.drop('2000-01-01T00:00:00.000Z', now, 100)).toBe(100);
  await outbox.disable({ endpoint_id: one.endpoint_id, url: taken.url }, 'It is over.', now);
}

test('each operation of the API was among what was asked for', () => {
  const all = routes.map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`);
  expect(all.filter((operation) => !asked.has(operation))).toEqual([]);
});

test('the log has the plans of statements, and of the triggers and keys behind them', () => {
  const told = plans.map(({ statement }) => statement).join('\n');
  expect(told).toContain('from "finetunings"');
  expect(told).toContain('NEW.finetuning_id AND intent');
  expect(told).toContain('FOR KEY SHARE');
  expect(new Set(plans.flatMap(({ readings }) => readings.map(({ table }) => table)))).toEqual(
    expect.objectContaining(growing),
  );
});

test('none reads a growing table from its beginning to its end', () => {
  expect(toldOf(({ how }) => how.startsWith('Seq Scan'))).toEqual([]);
  expect(plans.some(({ statement }) => RARE.test(statement))).toBe(true);
});

test('none reads more rows than a page or a run has, to filter, to sort or to count them', () => {
  expect(toldOf(({ rows }) => rows > MOST_READ)).toEqual([]);
});

/** At the start of a process that finds the sandbox of an earlier version in a file, and never again. */
const RARE = /^select .* from "finetunings" where "finetunings"."provider_ledger" = \$1 limit/;

/** Each such statement once, with the worst that it did. */
function toldOf(isBad: (reading: Planned['readings'][number]) => boolean): string[] {
  const usual = plans.filter(({ statement }) => !RARE.test(statement));
  const found = usual.flatMap(({ statement, readings }) =>
    readings
      .filter((reading) => growing.has(reading.table) && isBad(reading))
      .map(({ how, table, rows }) => ({ of: `${how} (${table})`, rows, statement: shortened(statement) })),
  );
  const worst = new Map<string, string>();
  for (const { of, rows, statement } of found.sort((one, other) => one.rows - other.rows)) {
    worst.set(`${of} ${statement}`, `${of}: ${rows} rows: ${statement}`);
  }
  return [...worst.values()];
}

const shortened = (statement: string) =>
  statement
    .replace(/select .*? from/is, 'select … from')
    .replace(/(\$\d+, )+/g, '')
    .replace(/\s+/g, ' ');
