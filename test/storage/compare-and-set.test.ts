// Compare-and-set on the version: of two that have read the same row one writes, however they fall together.
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { events } from '../../drizzle/schema.ts';
import { requestStop } from '../../server/finetuning/lifecycle/stop.ts';
import { storeOn } from '../store.ts';
import { startWorld } from '../world.ts';

test('who has lost to another write changes nothing, and is told so', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { db } = world.app;
  const { id } = await world.create();
  const { finetunings } = storeOn(db);
  const before = await finetunings.findAny(id);
  if (!before) throw new Error('it was created');
  const now = new Date().toISOString();
  const ask = (requested_by: string) => {
    const wish = { intent: 'cancel', requested_by, metadata: null, reason: null } as const;
    const transition = requestStop(before, wish, now);
    if (!transition) throw new Error('nobody has asked before');
    return finetunings.save(before, transition, now);
  };
  expect(await ask('first')).toMatchObject({ version: 2 });
  expect(await ask('second')).toBeNull();
  expect(await finetunings.findAny(id)).toMatchObject({ version: 2, state: { cancel_requested_by: 'first' } });
  const told = await db.select().from(events).where(eq(events.finetuning_id, id));
  expect(told.map(({ version }) => version).sort()).toEqual([1, 2]);
});
