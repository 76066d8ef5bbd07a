// The sample on a start: there once, whole, and never in the way of what somebody made.
import { expect, test } from 'vitest';
import { ensureSample } from '../../server/sample.ts';
import { startWorld } from '../world.ts';

test('a load that was cut off between the connection and its records is completed by the next start', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { service } = world.app;
  const add = () => Promise.reject(new Error('stopped here'));
  const cutOff = ensureSample({ ...service, goldenRecords: { ...service.goldenRecords, add } });
  await expect(cutOff).rejects.toThrow('stopped here');

  const sample = await ensureSample(service);
  const connections = await service.dbConnections.list({ limit: 10 });
  expect(connections.map(({ id }) => id)).toEqual([sample?.id]);
  await world.trpc.finetunings.create.mutate({ db_connection_id: sample?.id ?? '' });
});

test('the sample is loaded once, and named as long as it has records, whatever is made beside it', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { service } = world.app;
  const sample = await ensureSample(service);
  const before = await service.goldenRecords.list({}, { limit: 1000 });
  await world.seed(12);
  await service.dbConnections.create({ alias: 'empty', dialect: 'sqlite', schema_sql: '' });

  expect(await ensureSample(service)).toEqual(sample);
  expect(await service.goldenRecords.list({}, { limit: 1000 })).toHaveLength(before.length + 12);
});

test('an installation that never had the sample names its newest connection with ten records, or none', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { service } = world.app;
  await world.seed(9);
  expect(await ensureSample(service)).toBeNull();
  const { connection } = await world.seed(10);
  await world.seed(9);
  expect((await ensureSample(service))?.id).toBe(connection.id);
  expect(await service.dbConnections.list({ limit: 10 })).toHaveLength(3);
});
