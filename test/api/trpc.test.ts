// What the tRPC transport adds of its own: its limits, and errors that tell nothing of our inside.
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { startWorld } from '../world.ts';

test('an unexpected error is logged in full, and answered without its words', async () => {
  await using world = await startWorld();
  await world.app.db.execute(sql`alter table db_connections rename to elsewhere`);
  const answer = await world.request('GET', '/trpc/dbConnections.list');
  await world.app.db.execute(sql`alter table elsewhere rename to db_connections`);
  expect(answer.status).toBe(500);
  expect(answer.body).toMatchObject({ error: { message: 'Internal Server Error' } });
  expect(JSON.stringify(answer.body)).not.toMatch(/db_connections|select|stack|\.ts/);
  expect(world.log).toContainEqual({ level: 'error', message: 'a procedure failed' });
});

test('a conflict carries the finetuning as it is, its receipt included', async () => {
  await using world = await startWorld();
  const run = await world.createIn('succeeded');
  await expect(world.trpc.finetunings.cancel.mutate({ id: run.id })).rejects.toMatchObject({
    data: {
      code: 'CONFLICT',
      reason: 'already_succeeded',
      finetuning: { id: run.id, status: 'succeeded', cancellation: { state: 'too_late' } },
    },
  });
});

test('a batch of more than fifty calls is refused whole', async () => {
  await using world = await startWorld();
  const path = Array.from({ length: 51 }, () => 'dbConnections.list').join(',');
  const answer = await world.request('GET', `/trpc/${path}?batch=1&input={}`);
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain('Batch call exceeds maximum size');
});

test('text that could not be stored as it is, is refused by the name of its field', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  await expect(world.trpc.finetunings.cancel.mutate({ id: run.id, reason: 'half \ud800' })).rejects.toMatchObject({
    data: { code: 'BAD_REQUEST', reason: 'invalid', fields: [{ loc: ['reason'] }] },
  });
  expect(await world.get(run.id)).toMatchObject({ cancellation: null });
});

test('malformed JSON is refused as a bad request, and nothing is stored', async () => {
  await using world = await startWorld();
  const answer = await world.request('POST', '/trpc/dbConnections.create', '{"alias": ', {
    'content-type': 'application/json',
  });
  expect(answer.status).toBe(400);
  expect(await world.trpc.dbConnections.list.query({})).toEqual([]);
});
