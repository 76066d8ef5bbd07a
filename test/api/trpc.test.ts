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
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body)).toContain('at most 50 calls');
});

test('text that could not be stored as it is, is refused by the name of its field', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  await expect(world.trpc.finetunings.cancel.mutate({ id: run.id, reason: 'half \ud800' })).rejects.toMatchObject({
    data: { code: 'BAD_REQUEST', httpStatus: 422, reason: 'invalid', fields: [{ loc: ['body', 'reason'] }] },
  });
  expect(await world.get(run.id)).toMatchObject({ cancellation: null });
});

test('malformed JSON is refused as REST refuses it, and nothing is stored', async () => {
  await using world = await startWorld();
  const answer = await world.request('POST', '/trpc/dbConnections.create', '{"alias": ', {
    'content-type': 'application/json',
  });
  expect(answer).toMatchObject({
    status: 422,
    body: {
      error: { data: { reason: 'invalid', httpStatus: 422, fields: [{ loc: ['body'], type: 'json_invalid' }] } },
    },
  });
  expect(await world.trpc.dbConnections.list.query({})).toEqual([]);
});

test('a field that was not met is called and worded as over REST, and named in the one line for people', async () => {
  await using world = await startWorld();
  const rest = await world.request('POST', '/api/v1/finetunings', { base_llm: { model_name: 5 } });
  const trpc = await world.request('POST', '/trpc/finetunings.create', { base_llm: { model_name: 5 } });
  expect(trpc).toMatchObject({
    status: 422,
    body: {
      error: {
        message: 'db_connection_id: Field required; base_llm.model_name: Input should be a valid string',
        data: { fields: Object(rest.body).detail },
      },
    },
  });
  expect(Object(rest.body).detail).toEqual([
    { loc: ['body', 'db_connection_id'], msg: 'Field required', type: 'missing' },
    { loc: ['body', 'base_llm', 'model_name'], msg: 'Input should be a valid string', type: 'string_type' },
  ]);
});

test('of a batch each call has its own status, as one that is alone', async () => {
  await using world = await startWorld();
  const answer = await world.request('POST', '/trpc/dbConnections.create,dbConnections.create?batch=1', {
    0: {},
    1: { alias: 'x' },
  });
  expect(answer).toMatchObject({
    status: 207,
    body: [{ error: { data: { httpStatus: 422 } } }, { result: { data: { alias: 'x' } } }],
  });
});
