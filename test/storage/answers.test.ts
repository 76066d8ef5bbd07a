// What a provider answered is written down, though the database is away at that moment.
import { expect, test } from 'vitest';
import { openLine } from '../client/connection.ts';
import { createDatabase } from '../postgres/database.ts';
import { startWorld } from '../world.ts';

test('a refusal that comes while the database cannot be reached stays a refusal, and does not become unknown', async () => {
  await using database = await createDatabase();
  const url = new URL(database.url);
  const home = `http://${url.host}`;
  await using line = await openLine(home);
  url.host = new URL(line.url).host;
  await using world = await startWorld({ env: { DATABASE_URL: url.href } });
  const answer = world.faults.hold('jobs.create', 'after');
  const body = { error: { message: 'this model is not yours to train' } };
  world.faults.next('jobs.create', { kind: 'status', status: 400, body });
  const run = await world.create();
  await answer.reached;

  line.leadTo(null);
  answer.release();
  await world.until(async () => (await world.request('GET', '/readyz')).status === 503, 'the database is away');
  line.leadTo(home);
  expect(await world.reached(run.id, ({ status }) => status === 'failed', 'failed')).toMatchObject({
    error: body.error.message,
  });
  const events = await world.trpc.finetunings.events.query({ id: run.id });
  expect(events.map(({ type }) => type)).not.toContain('submission_searched');
});
