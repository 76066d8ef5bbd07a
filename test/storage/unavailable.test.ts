// While Postgres cannot be reached, callers are told to come back, and once it can be again all is as before.
import { expect, test } from 'vitest';
import { keysFor } from '../../server/access/keys.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { keyStore } from '../../server/storage/api-keys.ts';
import { openLine } from '../client/connection.ts';
import { createDatabase } from '../postgres/database.ts';
import { execute } from '../postgres/execute.ts';
import { startPostgres } from '../postgres/server.ts';
import { prepareDatabase } from '../prepare.ts';
import { bodyOf, startWorld } from '../world.ts';

test('a database that cannot be reached is answered 503 with Retry-After, and nobody is told of its address', async () => {
  await using database = await createDatabase();
  const url = new URL(database.url);
  await using line = await openLine(`http://${url.host}`);
  url.host = new URL(line.url).host;
  await using world = await startWorld({ env: { DATABASE_URL: url.href } });
  const run = await world.createIn('running');

  line.leadTo(null);
  for (const [method, path, body] of [
    ['GET', `/api/v1/finetunings/${run.id}`, undefined],
    ['POST', `/api/v1/finetunings/${run.id}/cancel`, undefined],
    ['POST', '/api/v1/database-connections', { alias: 'library' }],
  ] as const) {
    const answer = await world.request(method, path, body);
    expect(answer).toMatchObject({ status: 503, body: { detail: expect.stringContaining('database') } });
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(JSON.stringify(answer.body)).not.toMatch(/127\.0\.0\.1|ECONN|select|\d{4}/);
  }
  const trpc = await world.request('GET', `/trpc/finetunings.get?input={"id":"${run.id}"}`);
  expect(trpc).toMatchObject({
    status: 503,
    body: { error: { data: { code: 'SERVICE_UNAVAILABLE', reason: 'unavailable' } } },
  });
  expect(trpc.headers.get('retry-after')).toBe('2');
  expect(world.log).toEqual(
    expect.arrayContaining([
      { level: 'warn', message: 'a request could not be served' },
      { level: 'warn', message: 'a procedure could not be served' },
    ]),
  );

  line.leadTo(`http://${new URL(database.url).host}`);
  await world.until(async () => (await world.request('GET', '/readyz')).status === 200, 'the database is back');
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ status: 'cancelled' });
});

test('a database that cannot be reached does not make a key wrong: who cancels with it is told to come back', async () => {
  await using database = await createDatabase();
  const url = new URL(database.url);
  await using line = await openLine(`http://${url.host}`);
  url.host = new URL(line.url).host;
  const ADMIN_API_KEY = 'a-secret-of-the-test';
  await using world = await startWorld({ env: { DATABASE_URL: url.href, ADMIN_API_KEY } });
  const keys = keysFor(
    keyStore(world.app.db),
    () => new Date().toISOString(),
    () => {},
    { organization_id: DEFAULT_ORGANIZATION, who: 'key', id: 'admin', name: 'admin', scopes: ['admin'] },
  );
  const { key } = await keys.create({ name: 'on call', scopes: ['cancel'], expires_at: null });
  const cancel = () =>
    world.request('POST', `/api/v1/finetunings/${'a'.repeat(24)}/cancel`, undefined, {
      authorization: `Bearer ${key}`,
    });

  line.leadTo(null);
  const answer = await cancel();
  expect(answer).toMatchObject({ status: 503, body: { detail: expect.stringContaining('database') } });
  expect(answer.headers.get('retry-after')).toBe('2');
  line.leadTo(`http://${new URL(database.url).host}`);
  await world.until(async () => (await cancel()).status === 404, 'the key is known again');
});

test('a server that crashes and comes back is found again, by requests, queue and streams alike', async () => {
  await using server = await startPostgres();
  await prepareDatabase({ url: server.url() });
  await using world = await startWorld({ env: { DATABASE_URL: server.url() } });
  const run = await world.createIn('running');
  await server.restart('immediate');
  await world.until(async () => (await world.request('GET', '/readyz')).status === 200, 'the database is back');
  world.ledger.finishNow(run.finetuning_job_id ?? '', 'succeeded');
  await world.reached(run.id, (seen) => seen.status === 'succeeded', 'succeeded');
  const listening =
    "SELECT FROM pg_stat_activity WHERE application_name = 'goldtune-events' AND query ~ '^(LISTEN|SELECT$)'";
  await world.until(async () => (await execute(server.url(), listening)) === 2, 'both listeners are back');
});

test('too many connections were told as a failure of ours', async () => {
  await using database = await createDatabase();
  const url = new URL(database.url);
  const name = `${url.pathname.slice(1)}_app`;
  await execute(database.url, `CREATE ROLE ${name} LOGIN; GRANT pg_read_all_data, pg_write_all_data TO ${name}`);
  url.username = name;
  try {
    await using world = await startWorld({ env: { DATABASE_URL: url.href } });
    const run = await world.createIn('running');
    await execute(
      database.url,
      `ALTER ROLE ${name} CONNECTION LIMIT 0; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${name}'`,
    );
    await world.until(async () => (await world.request('GET', '/readyz')).status === 503, 'the limit is felt');
    const answer = await world.cancel(run.id);
    expect(answer).toMatchObject({ status: 503, body: { detail: expect.stringContaining('try again') } });
    await execute(database.url, `ALTER ROLE ${name} CONNECTION LIMIT -1`);
    expect(await world.request('GET', '/readyz')).toMatchObject({ status: 200 });
    expect([200, 202]).toContain((await world.cancel(run.id)).status);
  } finally {
    await execute(database.url, `DROP OWNED BY ${name}; DROP ROLE ${name}`);
  }
});
