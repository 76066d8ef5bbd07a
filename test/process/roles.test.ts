// One process that answers, another that works: a run created at the one is started and stopped by the other.
import { expect, test } from 'vitest';
import { until } from '../until.ts';
import { startWorld } from '../world.ts';
import { startChild } from './child.ts';

test('a `web` and a `worker` on one Postgres make one job of a run, and a cancel stops it', async () => {
  await using world = await startWorld({ env: { ROLE: 'web' } });
  const run = await world.create();
  const asleep = world.ledger.jobs();
  await using worker = startChild({ ...world.env, ROLE: 'worker' });
  const submitted = await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
  await world.cancel(run.id);
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');

  expect(asleep).toEqual([]);
  expect(world.ledger.jobs().map((job) => [job.id, job.status])).toEqual([[submitted.finetuning_job_id, 'cancelled']]);
  worker.process.kill('SIGTERM');
  expect(await worker.ended).toMatchObject({ code: 0 });
});

test('a `worker` answers probes where PORT is given, and nothing else', async () => {
  await using world = await startWorld({ start: false });
  await using worker = startChild({ ...world.env, ROLE: 'worker' });
  const url = await worker.url;
  const asked = async (path: string) => {
    const answer = await fetch(`${url}${path}`);
    return [answer.status, await answer.json()];
  };
  expect(await asked('/healthz')).toEqual([200, { status: 'ok' }]);
  expect(await asked('/readyz')).toEqual([200, { status: 'ready' }]);
  expect(await asked('/api/v1/finetunings')).toEqual([404, { detail: expect.stringContaining('is a worker') }]);
});

test('a `worker` without PORT takes no port from the `web` beside it', async () => {
  await using world = await startWorld({ start: false });
  const { PORT: _, ...env } = world.env;
  await using worker = startChild({ ...env, ROLE: 'worker' });
  await until(() => worker.printed().includes('works on the queue; with PORT set'), 'it works');
});
