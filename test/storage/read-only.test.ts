// A primary that becomes read-only and comes back, as in a fail-over, for a full disk, or by an operator's hand.
import { expect, test } from 'vitest';
import { createDatabase } from '../postgres/database.ts';
import { execute } from '../postgres/execute.ts';
import { bodyOf, startWorld } from '../world.ts';

/** As many connections as serve requests. */
const POOL = 10;

const readOnly = (url: string, value: 'on' | 'off') => {
  const name = new URL(url).pathname.slice(1);
  return execute(url, `BEGIN READ WRITE; ALTER DATABASE ${name} SET default_transaction_read_only = ${value}; COMMIT`);
};
const disconnect = (url: string) =>
  execute(
    url,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );

test('after a fail-over to read-only and back, writes were refused for ever and readiness did not know', async () => {
  await using database = await createDatabase();
  await using world = await startWorld({ env: { DATABASE_URL: database.url } });
  const run = await world.createIn('running');

  await readOnly(database.url, 'on');
  await disconnect(database.url);
  const unready = async () => {
    const { status, body } = await world.request('GET', '/readyz');
    return status === 503 && JSON.stringify(body).includes('takes no writes');
  };
  await world.until(unready, 'it is not ready, and says why');
  // So many at once that each connection of the pool has been refused a write.
  const refused = await Promise.all([
    ...Array.from({ length: 24 }, () => world.cancel(run.id)),
    world.request('POST', '/api/v1/database-connections', { alias: 'library' }),
    world.request('POST', '/trpc/dbConnections.create', { alias: 'library' }),
  ]);
  expect(new Set(refused.map((answer) => `${answer.status}, after ${answer.headers.get('retry-after')} s`))).toEqual(
    new Set(['503, after 2 s']),
  );
  // What needs no write is served.
  expect(bodyOf(await world.request('GET', `/api/v1/finetunings/${run.id}`), 200)).toMatchObject({ status: 'running' });

  await readOnly(database.url, 'off');
  expect(await world.request('GET', '/readyz')).toMatchObject({ status: 200 });
  const answers = await Promise.all(Array.from({ length: 24 }, () => world.cancel(run.id)));
  expect(answers.filter((answer) => answer.status !== 200 && answer.status !== 202)).toEqual([]);
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
});

test('a session that becomes read-only while it is open is given up with the first write it refuses', async () => {
  await using database = await createDatabase();
  await using world = await startWorld({ env: { DATABASE_URL: database.url } });
  const run = await world.createIn('running');
  // Every connection of the pool at once.
  let open = 0;
  await Promise.all(
    Array.from({ length: POOL }, () =>
      world.app.db.transaction(async (tx) => {
        await tx.execute('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY');
        open += 1;
        await world.until(() => open === POOL, 'all are open');
      }),
    ),
  );
  let refusals = 0;
  for (let answer = await world.cancel(run.id); answer.status === 503; answer = await world.cancel(run.id)) {
    refusals += 1;
    expect(refusals).toBeLessThanOrEqual(POOL);
  }
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
});

test('a start on a database that takes no writes says so', async () => {
  await using database = await createDatabase();
  await execute(database.url, 'DROP SCHEMA public, drizzle, pgboss CASCADE; CREATE SCHEMA public');
  await readOnly(database.url, 'on');
  await expect(startWorld({ env: { DATABASE_URL: database.url } })).rejects.toThrow(
    /^goldtune cannot use the database of DATABASE_URL: .*read-only transaction.*it takes no writes/,
  );
});
