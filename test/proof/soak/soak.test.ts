// Three servers, one database, one provider, 200 runs, and somebody who kills them all the time.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { tidyProvider } from '../../../server/finetuning/janitor.ts';
import { Ledger } from '../../../server/provider/sandbox/ledger.ts';
import { type Database, openDatabase } from '../../../server/storage/database.ts';
import { createStore } from '../../../server/storage/store.ts';
import { livenessViolations, safetyViolations } from '../../oracle.ts';
import { takePicture } from '../../picture.ts';
import { execute } from '../../postgres/execute.ts';
import { startPostgres } from '../../postgres/server.ts';
import { startProcess } from '../../process/child.ts';
import { until } from '../../until.ts';
import { keepingEvidence } from '../evidence.ts';
import { dependenciesOf, isAtRest, providerAt } from '../installation.ts';
import { atLevel } from '../level.ts';
import { report } from '../report.ts';
import { chance, seedOf } from '../seed.ts';
import { sideBySide } from '../side-by-side.ts';
import { Servers } from './servers.ts';
import { Users } from './users.ts';

const PROVIDER = fileURLToPath(new URL('provider-process.ts', import.meta.url));
const SERVERS = 3;
const RUNS = atLevel({ test: 200, deep: 1000 });
const AT_ONCE = 12;
const KILLS = atLevel({ test: 50, deep: 500 });
const RESTARTS = atLevel({ test: 3, deep: 20 });
const TERMINATIONS = atLevel({ test: 10, deep: 100 });
const BREATH_MS = 100;

describe('an installation that is killed all the time', () => {
  const done = {
    runs: 0,
    acknowledged_cancels: 0,
    acknowledged_deletes: 0,
    kills: 0,
    postgres_restarts: 0,
    terminated_backends: 0,
  };

  it('loses no acknowledged stop, starts no second job, and comes to rest', { timeout: 7_200_000 }, async () => {
    const seed = seedOf('soak');
    const luck = chance(seed);
    await using resources = new AsyncDisposableStack();
    const home = await mkdtemp(join(tmpdir(), 'goldtune-soak-'));
    resources.defer(() => rm(home, { recursive: true, force: true }));
    const postgres = resources.use(await startPostgres());
    const ledgerPath = join(home, 'sandbox.sqlite');
    const provider = resources.use(startProcess([PROVIDER, ledgerPath, String(seed)]));
    const providerUrl = await provider.url;
    const servers = resources.use(
      new Servers(SERVERS, {
        PORT: '0',
        DATABASE_URL: postgres.url(),
        OPENAI_API_KEY: 'sandbox',
        OPENAI_BASE_URL: providerUrl,
        POLL_INTERVAL_MS: '500',
        SETTLE_WINDOW_MS: '1000',
        PROVIDER_TIMEOUT_MS: '1000',
        CANCEL_WAIT_MS: '2000',
        LOG_LEVEL: 'fatal',
      }),
    );
    const users = new Users(servers, luck);
    const connection = await users.ask('POST', '/database-connections', { alias: 'library' });
    const db_connection_id = String(connection.body.id);
    await users.ask(
      'POST',
      '/golden-sqls',
      Array.from({ length: 10 }, (_, index) => ({
        prompt_text: `question ${index}`,
        sql: `SELECT ${index}`,
        db_connection_id,
      })),
    );

    const keys = Array.from({ length: RUNS }, (_, index) => `soak-${index}`);
    const living = sideBySide(keys, AT_ONCE, (key) => users.live(key, db_connection_id));
    while (done.kills < KILLS) {
      if (servers.kill(luck.below(SERVERS))) done.kills += 1;
      const progress = done.kills / KILLS;
      if (done.postgres_restarts < Math.floor(progress * RESTARTS)) {
        await postgres.restart('immediate');
        done.postgres_restarts += 1;
      }
      if (done.terminated_backends < Math.floor(progress * TERMINATIONS)) {
        done.terminated_backends += await terminateBackend(postgres.url());
      }
      await sleep(luck.below(5) * BREATH_MS);
    }
    expect(await living).toEqual([]);
    done.runs = users.acknowledged.size;
    const wanted = Map.groupBy(users.acknowledged.values(), (intent) => intent);
    done.acknowledged_cancels = wanted.get('cancel')?.length ?? 0;
    done.acknowledged_deletes = wanted.get('delete')?.length ?? 0;

    await using opened = await openDatabase({ url: postgres.url() }, () => {});
    const { db } = opened;
    const ids = [...users.acknowledged.keys()];
    const deps = {
      ...dependenciesOf({ store: createStore(db, async () => {}), provider: providerAt(providerUrl, providerUrl) }),
      clock: () => new Date().toISOString(),
    };
    const atRest = async () => (await unfinished(deps.store, ids)) === 0;
    const ledger = resources.adopt(new Ledger(ledgerPath), (open) => open.close());
    await keepingEvidence('soak', { db, ledger }, async () => {
      await until(atRest, 'all runs are at rest', 120_000);
      await tidyProvider({ ...deps, settings: { ...deps.settings, deployment: 'default' } });
      await until(atRest, 'all runs are at rest after the janitor', 120_000);
      expect(await violations(db, ledger, users)).toEqual([]);
    });
    expect(users.wrong).toEqual([]);
    expect(servers.endedByThemselves).toEqual([]);
    expect(done.runs).toBe(RUNS);
  });

  afterAll(() => report('soak', done));
});

/** How many runs still have something to do. */
async function unfinished(store: ReturnType<typeof createStore>, ids: readonly string[]): Promise<number> {
  const rows = await Promise.all(ids.map((id) => store.finetunings.findAny(id)));
  return rows.filter((row) => row === null || !isAtRest(row)).length;
}

async function violations(db: Database, ledger: Ledger, users: Users): Promise<string[]> {
  const picture = await takePicture(db, ledger);
  const rows = picture.rows.map((row) => ({ ...row, acknowledged: users.acknowledged.get(row.id) ?? 'run' }));
  return [...safetyViolations({ ...picture, rows }), ...livenessViolations(picture)];
}

/** Cuts one connection of a server, as an administrator or a failing proxy does. @returns how many */
function terminateBackend(url: string): Promise<number> {
  const victim = `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'goldtune%' ORDER BY random() LIMIT 1`;
  return execute(url, `SELECT pg_terminate_backend(pid) FROM (${victim}) AS one`);
}
