// Configured for another provider: runs that live elsewhere are neither judged nor forgotten.
import { expect, test } from 'vitest';
import { startSandbox } from '../../server/provider/sandbox/server.ts';
import { bodyOf, startWorld } from '../world.ts';

test('a run started at one provider is never judged by another that does not know it', async () => {
  await using world = await startWorld();
  await using other = await startSandbox({ ledgerPath: ':memory:' });
  const run = await world.createIn('running');
  const { OPENAI_BASE_URL: home = '' } = world.env;

  await world.stop();
  world.env['OPENAI_BASE_URL'] = other.url;
  await world.start();
  expect(bodyOf(await world.cancel(run.id, {}, { prefer: 'wait=1' }), 202)).toMatchObject({
    status: 'running',
    cancellation: { state: 'requested' },
  });
  await world.says(
    'this finetuning lives at a provider that is not configured; configure that one again to go on with it',
  );

  const waiting = { for: expect.stringContaining('another provider'), since: expect.any(String) };
  expect(await world.get(run.id)).toMatchObject({ waiting: { ...waiting, next_look_at: expect.any(String) } });
  const told = await world.trpc.finetunings.events.query({ id: run.id });
  expect(told.filter(({ type }) => type === 'other_provider')).toHaveLength(1);

  await world.stop();
  world.env['OPENAI_BASE_URL'] = home;
  await world.start();
  await world.cancel(run.id);
  expect(await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled')).toMatchObject({
    waiting: null,
  });
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
  expect(other.ledger.jobs()).toEqual([]);
});

test('the sandbox of a goldtune showed its files to every user of the machine, ADMIN_API_KEY or not', async () => {
  const ADMIN_API_KEY = 'the-key-of-this-goldtune';
  await using world = await startWorld({ env: { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', ADMIN_API_KEY } });
  const { sandboxUrl, sandboxKey } = world.app;
  const asked = (key: string | null) => fetch(`${sandboxUrl}/files`, { headers: { authorization: `Bearer ${key}` } });
  for (const key of ['sandbox', ADMIN_API_KEY, '']) expect((await asked(key)).status).toBe(401);
  expect((await asked(sandboxKey)).status).toBe(200);
  await world.stop();
  await world.start();
  expect(world.app.sandboxKey).not.toBe(sandboxKey);
});
