// What the sweep is told of a run that is due.
import { eq, sql } from 'drizzle-orm';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { finetunings, providerCalls } from '../../drizzle/schema.ts';
import { newId } from '../../server/finetuning/object-id.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { storeOn } from '../store.ts';
import { startWorld } from '../world.ts';

const FARTHEST = '9999-01-01T00:00:00.000Z';
const LATER = '2100-01-01T00:00:00.000Z';

test('a run with an open call was taken for one without, since its call was looked for under its own id', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const { db } = world.app;
  const [open, plain] = [await world.create(), await world.create()];
  const now = new Date().toISOString();
  const times = { opened_at: now, lease_until: now };
  const call = { id: newId(), organization_id: DEFAULT_ORGANIZATION, finetuning_id: open.id, attempt: 1, ...times };
  await db.insert(providerCalls).values({ ...call, kind: 'upload', state: 'open' });
  const due = await storeOn(db).finetunings.due(LATER, FARTHEST, 10);
  expect(new Map(due.map((run) => [run.id, run.hasOpenCall]))).toEqual(
    new Map([
      [open.id, true],
      [plain.id, false],
    ]),
  );
  await db.update(providerCalls).set({ state: 'settled' }).where(eq(providerCalls.id, call.id));
});

test('only what is as it was read is put off', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const [same, changed] = [await world.create(), await world.create()];
  const store = storeOn(world.app.db).finetunings;
  const due = await store.due(LATER, FARTHEST, 10);
  await world.cancel(changed.id, undefined, { prefer: 'wait=0' });
  expect(await store.schedule(due, LATER)).toEqual([same.id]);
  const [row] = await world.app.db.select().from(finetunings).where(eq(finetunings.id, same.id));
  expect(row?.due_at).toBe(LATER);
});

test('a row that somebody held kept all that were put off with it from that, and ended the sweep', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const [held, free] = [await world.create(), await world.create()];
  const due = await storeOn(world.app.db).finetunings.due(LATER, FARTHEST, 10);
  const client = new Client({ connectionString: world.env['DATABASE_URL'] });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT FROM finetunings WHERE id = $1 FOR UPDATE', [held.id]);
    expect(await storeOn(world.app.db).finetunings.schedule(due, LATER)).toEqual([free.id]);
  } finally {
    await client.end();
  }
});

test('runs that another version has written took the place of others in each sweep', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const [newer, plain] = [await world.create(), await world.create()];
  await world.app.db.execute(sql`update finetunings set job_stage = 'paused' where id = ${newer.id}`);
  const due = await storeOn(world.app.db).finetunings.due(LATER, FARTHEST, 10);
  expect(due.map(({ id }) => id)).toEqual([plain.id]);
  await world.app.db.execute(sql`update finetunings set job_stage = null where id = ${newer.id}`);
});

test('what is to be stopped comes first, however long others are due', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const [other, stopped] = [await world.create(), await world.create()];
  const { db } = world.app;
  await db.update(finetunings).set({ due_at: '2000-01-01T00:00:00.000Z' }).where(eq(finetunings.id, other.id));
  await world.request('DELETE', `/api/v1/finetunings/${stopped.id}`, undefined, { prefer: 'wait=0' });
  const due = async (limit: number) => (await storeOn(db).finetunings.due(LATER, FARTHEST, limit)).map(({ id }) => id);
  expect(await due(1)).toEqual([stopped.id]);
  expect(await due(2)).toEqual([stopped.id, other.id]);
});
