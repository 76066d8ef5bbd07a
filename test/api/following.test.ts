// Many runs are followed by pages of the provider's list. What it shows spares looks, and concludes nothing.
import { expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';

const RUNS = 40;
const INTERVALS = 5;

/** All of them at it. */
async function training(world: World) {
  const { connection } = await world.seed();
  const runs = await Promise.all(
    Array.from({ length: RUNS }, () => world.trpc.finetunings.create.mutate({ db_connection_id: connection.id })),
  );
  const begun = runs.map(async ({ id }) => {
    const { finetuning_job_id } = await world.reached(id, (seen) => seen.finetuning_job_id !== null, 'submitted');
    world.ledger.startRunningNow(finetuning_job_id ?? '');
    await world.reached(id, (seen) => seen.status === 'running', 'running');
    return { id, job: finetuning_job_id ?? '' };
  });
  return Promise.all(begun);
}

const asked = (world: World, operation: string) =>
  world.faults.requests.filter((request) => request.operation === operation).length;

async function pagesRead(world: World) {
  const before = asked(world, 'jobs.list');
  await world.until(() => asked(world, 'jobs.list') >= before + INTERVALS, `${INTERVALS} pages were read`);
}

/** The list shows that of each job, whatever it is. */
const listSays = (world: World, status: string) =>
  world.faults.always('jobs.list', {
    kind: 'changed_after',
    change: (body) => ({ ...body, data: Object(body['data']).map((job: object) => ({ ...job, status })) }),
  });

test('forty runs are followed by pages of the list, and what ends is seen all the same', async () => {
  await using world = await startWorld({ env: { POLL_INTERVAL_MS: '1000' } });
  const runs = await training(world);
  await pagesRead(world);
  const before = asked(world, 'jobs.retrieve');
  await pagesRead(world);
  // One by one, each interval would have as many looks as there are runs.
  expect(asked(world, 'jobs.retrieve') - before).toBeLessThan((RUNS * INTERVALS) / 2);

  const [ended, cancelled, ...others] = runs;
  world.ledger.finishNow(ended?.job ?? '', 'succeeded');
  await world.reached(ended?.id ?? '', ({ status }) => status === 'succeeded', 'succeeded');
  await world.cancel(cancelled?.id ?? '');
  expect(await world.get(cancelled?.id ?? '')).toMatchObject({ status: 'cancelled' });
  for (const { id } of others) expect(await world.get(id)).toMatchObject({ status: 'running', waiting: null });
});

test('a list that shows ends that are none concludes nothing, and one that hides an end hides it not for ever', async () => {
  await using world = await startWorld({ env: { POLL_INTERVAL_MS: '1000' } });
  const runs = await training(world);
  listSays(world, 'failed');
  await pagesRead(world);
  for (const { id } of runs) expect(await world.get(id)).toMatchObject({ status: 'running' });

  world.faults.clear();
  listSays(world, 'running');
  for (const { job } of runs) world.ledger.finishNow(job, 'succeeded');
  for (const { id } of runs) await world.reached(id, ({ status }) => status === 'succeeded', 'succeeded');
});
