// A worker that is killed while it tells something: another one tells it again, under the same id, and goes on from there.
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { webhookDeliveries } from '../../drizzle/webhook-tables.ts';
import { startReceiver, taken } from '../api/receiver.ts';
import { startWorld } from '../world.ts';
import { startChild } from './child.ts';

test('what a worker was telling as it was killed comes again under the same id, and then the rest, once', async () => {
  await using receiver = await startReceiver();
  await using world = await startWorld({ env: { ROLE: 'web', WEBHOOK_PRIVATE_ADDRESSES: 'allow' } });
  const { id } = await world.trpc.webhookEndpoints.create.mutate({ url: receiver.url });
  receiver.answer = () => {};
  const killed = startChild({ ...world.env, ROLE: 'worker' });
  await using _ = killed;
  const run = await world.create();
  await world.until(() => receiver.of(run).length === 1, 'one is on its way');
  killed.process.kill('SIGKILL');
  await killed.ended;
  await world.cancel(run.id, undefined, { prefer: 'wait=0' });
  receiver.answer = taken;

  await using other = startChild({ ...world.env, ROLE: 'worker' });
  await world.until(() => other.printed().includes('works on the queue'), 'another one works');
  await world.reached(run.id, ({ status }) => status === 'cancelled', 'cancelled');
  // It had the first one for a minute, and all of the run waits for that.
  expect(receiver.of(run)).toHaveLength(1);
  const due_at = new Date().toISOString();
  await world.app.db.update(webhookDeliveries).set({ due_at }).where(eq(webhookDeliveries.state, 'pending'));
  await world.until(() => receiver.types(run).includes('cancelled'), 'all of it is told');

  const [first, again, ...rest] = receiver.of(run);
  expect([again?.id, again?.body]).toEqual([first?.id, first?.body]);
  expect(again?.headers['webhook-signature']).toContain('v1,');
  const told = (await world.trpc.webhookEndpoints.deliveries.query({ id })).toReversed();
  expect([again, ...rest].map((received) => received?.id)).toEqual(told.map((delivery) => delivery.id));
});
