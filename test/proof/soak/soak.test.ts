// Three servers, one database, one provider, many runs, and somebody who kills the servers while they serve.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../server/provider/sandbox/ledger.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { execute } from '../../postgres/execute.ts';
import { type PostgresServer, startPostgres } from '../../postgres/server.ts';
import { startProcess } from '../../process/child.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { until } from '../../until.ts';
import { collect, keeping } from '../evidence.ts';
import { plantForeign } from '../foreign.ts';
import { atLevel, LONGEST_MS } from '../level.ts';
import { progressOf } from '../progress.ts';
import { reportWhenPassed } from '../report.ts';
import { chance, seedOf } from '../seed.ts';
import { sideBySide } from '../side-by-side.ts';
import { judge } from './judge.ts';
import { Servers } from './servers.ts';
import { actsOf, drawUser, type User, Users } from './users.ts';

const PROVIDER = fileURLToPath(new URL('provider-process.ts', import.meta.url));
const SERVERS = 3;
const RUNS = atLevel({ small: 10, proof: 200, deep: 1000 });
const AT_ONCE = 12;
const KILLS = atLevel({ small: 5, proof: 50, deep: 500 });
const RESTARTS = atLevel({ small: 1, proof: 3, deep: 20 });
const TERMINATIONS = atLevel({ small: 1, proof: 10, deep: 100 });
/** What the wall clock of a server is set to be ahead by, while it runs. */
const AHEAD_MS = [0, 86_400_000, 180_000, -90_000, -3_600_000];
/** Of what users do, so much is done while servers are still being killed. */
const UNDER_FIRE = 0.8;

describe('an installation that is killed all the time', () => {
  const done = {
    runs: 0,
    acts: 0,
    acts_before_the_last_kill: 0,
    acknowledged_cancels: 0,
    acknowledged_deletes: 0,
    kills: 0,
    postgres_restarts: 0,
    terminated_backends: 0,
    steps_of_clocks: 0,
  };

  it('loses no acknowledged stop, starts no second job, and comes to rest', { timeout: LONGEST_MS }, async () => {
    const seed = seedOf('soak');
    await using resources = new AsyncDisposableStack();
    const home = resources.use(await temporaryDirectory());
    const postgres = resources.use(await startPostgres());
    const paths = { ledger: join(home.path, 'sandbox.sqlite'), requests: join(home.path, 'requests.jsonl') };
    const provider = resources.use(startProcess([PROVIDER, paths.ledger, paths.requests, String(seed)]));
    const providerUrl = await provider.url;
    const ledger = resources.adopt(new Ledger(paths.ledger), (open) => open.close());
    const foreignFiles = plantForeign(ledger);
    const env = {
      PORT: '0',
      DATABASE_URL: postgres.url(),
      OPENAI_API_KEY: 'sandbox',
      OPENAI_BASE_URL: providerUrl,
      POLL_INTERVAL_MS: '500',
      SETTLE_WINDOW_MS: '1000',
      // Nothing hangs here; what the killed leave behind is taken over after this and five seconds more.
      PROVIDER_TIMEOUT_MS: '5000',
      CANCEL_WAIT_MS: '2000',
      LOG_LEVEL: 'fatal',
    };
    const servers = resources.use(new Servers(SERVERS, env, home.path));
    const users = new Users(servers);
    const evidence = async () => {
      await using opened = await openDatabase({ url: postgres.url() }, () => {});
      // Awaited here: the database is closed on the way out.
      return await collect(opened.db, ledger);
    };
    await keeping('soak', evidence, async () => {
      await liveUnderFire(seed, postgres, servers, users);
      expect(users.wrong).toEqual([]);
      expect(servers.endedByThemselves).toEqual([]);
      const requests = (await readFile(paths.requests, 'utf8')).split('\n').filter(Boolean);
      expect(
        await judge({
          databaseUrl: postgres.url(),
          providerUrl,
          ledger,
          users,
          foreignFiles,
          requests: requests.map((line) => JSON.parse(line)),
        }),
      ).toEqual([]);
    });
    // Otherwise an idle installation was killed.
    expect(done.acts_before_the_last_kill).toBeGreaterThanOrEqual(UNDER_FIRE * done.acts);
    expect(done.acknowledged_cancels).toBeGreaterThan(0);
    expect(done.acknowledged_deletes).toBeGreaterThan(0);
    expect(done.runs).toBe(RUNS);
  });

  reportWhenPassed('soak', () => done);

  async function liveUnderFire(seed: number, postgres: PostgresServer, servers: Servers, users: Users) {
    const luck = chance(seed);
    const connection = await users.ask(luck, 'POST', '/database-connections', { alias: 'library' });
    const db_connection_id = String(connection.body.id);
    const records = Array.from({ length: 10 }, (_, index) => ({
      prompt_text: `question ${index}`,
      sql: `SELECT ${index}`,
      db_connection_id,
    }));
    await users.ask(luck, 'POST', '/golden-sqls', records);

    const all = Array.from({ length: RUNS }, (_, index): User => drawUser(seed, index));
    done.acts = all.reduce((sum, user) => sum + actsOf(user), 0);
    const living = sideBySide(all, AT_ONCE, (user) => users.live(user, db_connection_id));
    const step = progressOf('soak', KILLS, 'kills');
    while (done.kills < KILLS) {
      // Nobody is killed before users have got on, and somebody always serves them.
      const due = (done.kills * done.acts) / KILLS;
      const isDue = () => users.acts >= due && servers.urls.length > 1;
      await until(isDue, () => `the users get on (${users.acts} of ${done.acts} acts)`);
      if (!servers.kill(luck.below(SERVERS))) continue;
      done.kills += 1;
      step();
      done.acts_before_the_last_kill = users.acts;
      await servers.setClock(luck.below(SERVERS), luck.pick(AHEAD_MS));
      done.steps_of_clocks += 1;
      const progress = done.kills / KILLS;
      if (done.postgres_restarts < Math.floor(progress * RESTARTS)) {
        await postgres.restart('immediate');
        done.postgres_restarts += 1;
      }
      if (done.terminated_backends < Math.floor(progress * TERMINATIONS)) {
        done.terminated_backends += await terminateBackend(postgres.url());
      }
    }
    expect(await living).toEqual([]);
    done.runs = users.acknowledged.size;
    const wanted = [...users.acknowledged.values()];
    done.acknowledged_cancels = wanted.filter((intent) => intent === 'cancel').length;
    done.acknowledged_deletes = wanted.filter((intent) => intent === 'delete').length;
  }
});

/** Cuts one connection of a server, as an administrator or a failing proxy does. @returns how many */
function terminateBackend(url: string): Promise<number> {
  const victim = `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'goldtune%' ORDER BY random() LIMIT 1`;
  return execute(url, `SELECT pg_terminate_backend(pid) FROM (${victim}) AS one`);
}
