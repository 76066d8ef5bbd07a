// While Postgres cannot be reached, callers are told to come back, and once it can be again all is as before.
import { expect, test } from 'vitest';
import { openLine } from '../client/connection.ts';
import { createDatabase } from '../postgres/database.ts';
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
