// A server, a database or a role has defaults of its own for everything; goldtune keeps its word on all of them.
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { openDatabase } from '../../server/storage/database.ts';
import { createDatabase } from '../postgres/database.ts';
import { execute } from '../postgres/execute.ts';
import { level } from '../proof/level.ts';
import { until } from '../until.ts';
import { startWorld } from '../world.ts';
import { expectContract } from './contract.ts';

type Default = [name: string, value: string];

/**
 * Each far from the usual. The time-outs end what runs under them; those that hold while a session begins leave the time
 * that a busy machine needs for it.
 */
const SET_BY_US: Default[] = [
  ['default_transaction_isolation', 'serializable'],
  ['default_transaction_deferrable', 'on'],
  ['search_path', 'pg_catalog'],
  ['DateStyle', 'SQL, DMY'],
  ['TimeZone', 'Asia/Kathmandu'],
  ['IntervalStyle', 'iso_8601'],
  ['bytea_output', 'escape'],
  ['extra_float_digits', '-15'],
  ['client_encoding', 'LATIN1'],
  ['standard_conforming_strings', 'off'],
  ['array_nulls', 'off'],
  ['synchronous_commit', 'off'],
  ['session_replication_role', 'replica'],
  ['statement_timeout', '100ms'],
  ['lock_timeout', '1ms'],
  ['idle_in_transaction_session_timeout', '1ms'],
  ['idle_session_timeout', '1s'],
];
/** That change nothing for us. */
const BESIDES: Default[] = [
  ['backslash_quote', 'off'],
  ['transform_null_equals', 'on'],
  ['quote_all_identifiers', 'on'],
  ['row_security', 'off'],
  ['check_function_bodies', 'off'],
  ['xmloption', 'document'],
  ['enable_seqscan', 'off'],
  ['plan_cache_mode', 'force_generic_plan'],
];

/** In one statement: the default would hold for the next. */
function setDefaults(url: string, defaults: Default[]): Promise<number> {
  const name = new URL(url).pathname.slice(1);
  return execute(
    url,
    defaults.map(([setting, value]) => `ALTER DATABASE ${name} SET ${setting} = '${value}'`).join(';'),
  );
}

/** Small, all of them at once have to do, below. */
const oneByOne = level === 'small' ? [] : SET_BY_US;

test.each(oneByOne)('where the default of %s is %s, all is as everywhere', async (name, value) => {
  await using database = await createDatabase();
  await setDefaults(database.url, [[name, value]]);
  await using world = await startWorld({ env: { DATABASE_URL: database.url } });
  await expectContract(world);
});

test('where every default is another, all is as everywhere, from an empty database on', async () => {
  await using database = await createDatabase();
  await execute(database.url, 'DROP SCHEMA public, drizzle, pgboss CASCADE; CREATE SCHEMA public');
  await setDefaults(database.url, [...SET_BY_US, ...BESIDES]);
  await using world = await startWorld({ env: { DATABASE_URL: database.url } });
  await expectContract(world);
  await world.stop();
  await world.start();
  await expectContract(world);
});

test('what the address asks for does not change what a session is, but how it is called', async () => {
  await using database = await createDatabase();
  const options = encodeURIComponent(
    '-c search_path=pg_catalog -c DateStyle=German -c default_transaction_isolation=serializable',
  );
  const url = `${database.url}?options=${options}&application_name=billing&statement_timeout=100`;
  await using world = await startWorld({ env: { DATABASE_URL: url } });
  await expectContract(world);
  expect(
    await execute(database.url, "SELECT FROM pg_stat_activity WHERE application_name = 'billing'"),
  ).toBeGreaterThan(0);
});

test('every connection has the session: of requests, of work, of the queue, of stops, and of what changes tables', async () => {
  await using database = await createDatabase();
  await setDefaults(database.url, SET_BY_US);
  await using opened = await openDatabase({ url: database.url }, () => {});
  const { queue } = opened;
  const shown = `SELECT current_setting('default_transaction_isolation') AS isolation, current_setting('TimeZone') AS zone,
    current_setting('search_path') AS path, current_setting('statement_timeout') AS patience`;
  const answers = [
    await opened.db.execute(shown),
    await opened.work.execute(shown),
    await queue.query(shown),
    await opened.stops(performance.now() + 60_000, 'reads', (db) => db.execute(shown)),
    await opened.setUp((db) => db.execute(shown)),
  ].map((answer) => Object(answer).rows[0]);
  const session = { isolation: 'read committed', zone: 'UTC', path: 'public' };
  expect(answers).toEqual([
    { ...session, patience: '15s' },
    { ...session, patience: '10s' },
    { ...session, patience: '10s' },
    { ...session, patience: '5s' },
    { ...session, patience: '0' },
  ]);
});

test('a connection that only listens is not ended for being idle', async () => {
  await using database = await createDatabase();
  await setDefaults(database.url, [['idle_session_timeout', '1s']]);
  const heard: string[] = [];
  let listened = 0;
  await using opened = await openDatabase({ url: database.url }, () => {});
  const listening = await opened.listen('a channel', {
    hear: (payload) => heard.push(payload),
    listens: () => {
      listened += 1;
    },
    failed: () => {},
  });
  // One that was made later and has the default is ended meanwhile.
  const idle = new Client({ connectionString: database.url });
  const ended = new Promise((resolve) => idle.on('error', resolve));
  await idle.connect();
  await ended;
  await execute(database.url, `NOTIFY "a channel", 'still there'`);
  await until(() => heard.length > 0, 'it is heard');
  expect({ heard, listened }).toEqual({ heard: ['still there'], listened: 1 });
  await listening.close();
});
