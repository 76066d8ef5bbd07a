// An Idempotency-Key: the same request makes one record, however often and however it is written.
import { describe, expect, test } from 'vitest';
import { rowCounts } from '../picture.ts';
import { until } from '../until.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const PATH = '/api/v1/finetunings';
/** Again where a starved machine had no answer in time: with a key that is safe. */
const send = (world: World, body: unknown, key = 'monday') =>
  until(async () => {
    const answer = await world.request('POST', PATH, body, { 'idempotency-key': key });
    return answer.status === 503 ? null : answer;
  }, 'a request with a key is answered');

test('makes one record of the same request sent many times at once', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(world, { db_connection_id: connection.id })));
  expect(new Set(answers.map((answer) => bodyOf(answer, 201)['id'])).size).toBe(1);
  expect((await rowCounts(world.app.db))['finetunings']).toBe(1);
});

test('used for another request is refused with 409, and nothing is created', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const metadata = { a: '1', b: '2' };
  const first = { db_connection_id: connection.id, alias: 'one', metadata };
  bodyOf(await send(world, first), 201);
  for (const other of [
    { ...first, alias: 'other' },
    { ...first, metadata: { a: '2', b: '1' } },
    { ...first, base_llm: { model_parameters: { n_epochs: 4 } } },
  ]) {
    expect(await send(world, other)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('another request') },
    });
  }
  expect((await rowCounts(world.app.db))['finetunings']).toBe(1);
});

describe('does not mind how the same request is written', () => {
  test('keys in another order, null for what was left out, defaults named', async () => {
    await using world = await startWorld();
    const { connection } = await world.seed();
    const db_connection_id = connection.id;
    const first = bodyOf(await send(world, { db_connection_id, alias: 'one', metadata: { a: '1', b: '2' } }), 201);
    const parameters = { batch_size: null, learning_rate_multiplier: 'auto' };
    for (const again of [
      { metadata: { b: '2', a: '1' }, alias: 'one', db_connection_id },
      { db_connection_id, alias: 'one', base_llm: null, golden_sqls: null, metadata: { a: '1', b: '2' } },
      {
        base_llm: { model_name: null, model_provider: null, model_parameters: null },
        golden_records: null,
        metadata: { a: '1', b: '2' },
        db_connection_id,
        alias: 'one',
      },
      {
        db_connection_id,
        alias: 'one',
        metadata: { a: '1', b: '2' },
        base_llm: { model_parameters: parameters },
      },
    ]) {
      expect(bodyOf(await send(world, again), 201)['id']).toBe(first['id']);
    }
  });

  test('nor over which transport it comes', async () => {
    await using world = await startWorld();
    const { connection } = await world.seed();
    const first = bodyOf(await send(world, { db_connection_id: connection.id, alias: null }), 201);
    const again = await world.trpc.finetunings.create.mutate({
      idempotency_key: 'monday',
      db_connection_id: connection.id,
    });
    expect(again.id).toBe(first['id']);
  });
});

test('of a record that was deleted is refused with 409, and nothing is started behind the back of who deleted it', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const body = { db_connection_id: connection.id };
  const { id } = bodyOf(await send(world, body), 201);
  expect(await world.request('DELETE', `${PATH}/${id}`)).toMatchObject({ status: 200 });
  expect(await send(world, body)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('was deleted') },
  });
  expect((await rowCounts(world.app.db))['finetunings']).toBe(1);
  const { id: next } = bodyOf(await send(world, body, 'tuesday'), 201);
  expect(next).not.toBe(id);
});

test('a create that finds the run made before says so, over both transports, and a new one does not', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const body = { db_connection_id: connection.id };
  const first = await send(world, body);
  const again = await send(world, body);
  expect([first, again].map(({ status, headers }) => [status, headers.get('idempotent-replayed')])).toEqual([
    [201, null],
    [201, 'true'],
  ]);
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expect(again.body).not.toHaveProperty('replayed');

  const input = { ...body, idempotency_key: 'monday' };
  expect(await world.trpc.finetunings.create.mutate(input)).toMatchObject({
    id: Object(first.body).id,
    replayed: true,
  });
  const other = await world.trpc.finetunings.create.mutate({ ...input, idempotency_key: 'tuesday' });
  expect(other).not.toHaveProperty('replayed');
  const without = await world.trpc.finetunings.create.mutate(body);
  expect(without).not.toHaveProperty('replayed');
});

test('of ten creates with one key at once, nine say that the run was made by the other', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(world, { db_connection_id: connection.id })));
  expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(9);
});

test('an Idempotency-Key that is empty, as from a variable that is not set, was no key: it is refused', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const body = { db_connection_id: connection.id };
  const answer = await world.request('POST', '/api/v1/finetunings', body, { 'idempotency-key': '' });
  expect(bodyOf(answer, 422)).toMatchObject({ detail: [{ loc: ['header', 'idempotency-key'] }] });
  expect(await world.trpc.finetunings.list.query({})).toEqual([]);
});
