// A database connection is deleted when nothing uses it any more, and is then gone for everybody.
import { describe, expect, test } from 'vitest';
import { rowCounts } from '../picture.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const BASE = '/api/v1/database-connections';

const refusedOver = {
  REST: (world: World, id: string) => world.request('DELETE', `${BASE}/${id}`),
  tRPC: (world: World, id: string) => world.request('POST', '/trpc/dbConnections.delete', { id }),
};

describe.each(['REST', 'tRPC'] as const)('over %s', (transport) => {
  const remove = refusedOver[transport];
  const told = ({ body }: { body: unknown }) =>
    transport === 'REST' ? Object(body).detail : Object(body).error?.message;

  test('one that is used is refused with 409, by how many and what to do, and stays as it is', async () => {
    await using world = await startWorld();
    const run = await world.createIn('succeeded');
    const id = run.db_connection_id;
    const before = await world.trpc.dbConnections.get.query({ id });

    const both = await remove(world, id);
    expect(both.status).toBe(409);
    expect(told(both)).toBe(
      `Database connection ${id} is used by 1 finetuning and 12 golden records, and was not deleted. Delete those first, then the connection.`,
    );
    for (const record of await world.trpc.goldenRecords.list.query({ db_connection_id: id })) {
      await world.trpc.goldenRecords.delete.mutate({ id: record.id });
    }
    expect(told(await remove(world, id))).toContain('is used by 1 finetuning, and was not deleted');
    expect(await world.trpc.dbConnections.get.query({ id })).toEqual(before);

    expect(await world.trpc.finetunings.delete.mutate({ id: run.id })).toMatchObject({ forgotten: true });
    expect(await remove(world, id)).toMatchObject({ status: 200 });
  });

  test('one that was deleted is answered 404, as one that never was', async () => {
    await using world = await startWorld();
    const { connection, records } = await world.seed(1);
    const record = records[0]?.id ?? '';
    await world.trpc.goldenRecords.delete.mutate({ id: record });
    expect(await remove(world, connection.id)).toMatchObject({ status: 200 });

    const gone = `Database connection not found: ${connection.id}`;
    for (const id of [connection.id, 'a'.repeat(24)]) {
      const again = await remove(world, id);
      expect([again.status, told(again)]).toEqual([404, `Database connection not found: ${id}`]);
    }
    const requests = [
      ['GET', `${BASE}/${connection.id}`, undefined],
      ['PUT', `${BASE}/${connection.id}`, { alias: 'back' }],
      ['POST', '/api/v1/finetunings', { db_connection_id: connection.id }],
    ] as const;
    for (const [method, path, body] of requests) {
      expect([method, bodyOf(await world.request(method, path, body), 404)]).toEqual([method, { detail: gone }]);
    }
    const added = await world.request('POST', '/api/v1/golden-sqls', [
      { prompt_text: 'Who?', sql: 'SELECT 1', db_connection_id: connection.id },
    ]);
    expect(added).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 0, 'db_connection_id'] }] } });
    expect(await world.trpc.dbConnections.list.query({})).toEqual([]);
    expect(await rowCounts(world.app.db)).toMatchObject({ finetunings: 0, golden_records: 1 });
    // What was hidden before still says where it belonged.
    expect(await world.trpc.goldenRecords.get.query({ id: record })).toMatchObject({ db_connection_id: connection.id });
  });
});

test('an id of another form is answered 404 over REST', async () => {
  await using world = await startWorld();
  expect(await world.request('DELETE', `${BASE}/7`)).toMatchObject({
    status: 404,
    body: { detail: 'Database connection not found: 7' },
  });
});
