// A cancel that is done with its run tells the queue of what is left to clean up; where nothing is, nobody is told.
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { providerCalls } from '../../drizzle/schema.ts';
import { newId } from '../../server/finetuning/object-id.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { bodyOf, startWorld } from '../world.ts';

test('a run that was cancelled while its file was uploaded is looked at at once, one that had none is not', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { db } = world.app;
  const [plain, uploading] = [await world.create(), await world.create()];
  const now = new Date().toISOString();
  const times = { opened_at: now, lease_until: now };
  const call = {
    id: newId(),
    organization_id: DEFAULT_ORGANIZATION,
    finetuning_id: uploading.id,
    attempt: 1,
    ...times,
  };
  await db.insert(providerCalls).values({ ...call, kind: 'upload', state: 'open' });
  const told = async () => Object(await db.execute(sql`select data ->> 'id' as id from pgboss.job`)).rows;
  await world.until(async () => (await told()).length === 2, 'the queue was told of both');
  await db.execute(sql`delete from pgboss.job`);
  for (const { id } of [plain, uploading]) {
    expect(bodyOf(await world.cancel(id), 200)).toMatchObject({ status: 'cancelled' });
  }
  await world.until(async () => (await told()).length > 0, 'the queue was told');
  expect(await told()).toEqual([{ id: uploading.id }]);
  await db.update(providerCalls).set({ state: 'settled' }).where(eq(providerCalls.id, call.id));
});
