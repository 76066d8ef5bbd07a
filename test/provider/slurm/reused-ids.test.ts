// What is sent to a job while its id becomes another's, and what is then said of it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { slurmJobs } from '../../../server/provider/slurm/jobs.ts';
import type { Access } from '../../../server/provider/slurm/request.ts';
import type { ApiVersion } from '../../../server/provider/slurm/rest.ts';
import { controllerOf, held, type Job, OTHER, waiting } from './controller.ts';
import { NAME, written } from './written.ts';

const REF = { id: '7', name: NAME, incarnation: null };
const soon = () => AbortSignal.timeout(60_000);

type World = {
  job: Job;
  version?: ApiVersion;
  becomesOtherAt?: string;
  clock?: () => number;
  /** Is told of each request, as it is there. */
  asked?: (method: string) => void;
  /** Left out: there is no token. Where it is, one is read from a file for each request, and this is called then. */
  onToken?: () => void;
};

async function withJobs<T>(
  { job, version = 'v0.0.38', becomesOtherAt, clock, asked, onToken }: World,
  use: (jobs: ReturnType<typeof slurmJobs>) => Promise<T>,
): Promise<T> {
  await using place = await written({});
  await using controller = await controllerOf(job, (method) => {
    asked?.(method);
    if (method === becomesOtherAt) job.name = OTHER;
  });
  const file = join(place.folders.root, 'token');
  if (onToken) await writeFile(file, 'of-me');
  const token = onToken ? { file, onRead: onToken } : null;
  const daemon: Access = { address: controller.address, apiVersion: version, user: 'me', token };
  return await use(slurmJobs(daemon, place.folders, clock));
}

test('a release whose id has become another job by then is unknown, and says which', async () => {
  const outcome = await withJobs({ job: held(), becomesOtherAt: 'POST' }, (jobs) => jobs.release(REF, soon()));
  expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining(OTHER) });
});

test.each<ApiVersion>(['v0.0.38', 'v0.0.42'])(
  'a cancel whose id has become another job at its hold is unknown, and does not cancel that (%s)',
  async (version) => {
    const job = waiting();
    const outcome = await withJobs({ job, version, becomesOtherAt: 'POST' }, (jobs) => jobs.cancel(REF, soon()));
    expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining(OTHER) });
    expect(job.job_state).toBe('PENDING');
  },
);

test('nothing is sent by an id that was looked at more than two seconds ago', async () => {
  let now = 0;
  // Each reading of the clock comes so much later.
  const clock = (step: number) => () => (now += step);
  for (const job of [held(), waiting()]) {
    const before = { ...job };
    await withJobs({ job, clock: clock(2001) }, async (jobs) => {
      const act = job.priority === 0 ? jobs.release : jobs.cancel;
      expect(await act(REF, soon())).toMatchObject({ kind: 'unknown' });
    });
    expect(job).toEqual(before);
  }
  const job = held();
  await withJobs({ job, clock: clock(1999) }, async (jobs) => {
    expect(await jobs.release(REF, soon())).toMatchObject({ kind: 'done', value: { held: false } });
  });
});

test('a cancel went to a stranger’s job, as its folder was read for long after the look behind the hold', async () => {
  let [now, looks] = [0, 0];
  const clock = () => {
    const at = now;
    // What comes after the second look takes so long.
    if (looks === 2) now += 2001;
    return at;
  };
  const asked = (method: string) => {
    if (method === 'GET') looks++;
  };
  const job = waiting();
  const outcome = await withJobs({ job, clock, asked, becomesOtherAt: 'DELETE' }, (jobs) => jobs.cancel(REF, soon()));
  expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('nothing was sent to 7') });
  expect(job).toEqual(held());
});

test('a release, a hold and a cancel went to a stranger’s job, as the token was read for long after the look', async () => {
  for (const [act, job] of [
    ['release', held()],
    ['cancel', held()],
    ['cancel', waiting()],
  ] as const) {
    let now = 0;
    const before = { ...job };
    const onToken = () => {
      now += 2001;
    };
    const world = { job, clock: () => now, onToken };
    const outcome = await withJobs(world, (jobs) => jobs[act](REF, soon()));
    expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('nothing was sent to 7') });
    expect(job).toEqual(before);
  }
});

test('a cancel by name is sent however long ago its job was looked at', async () => {
  let now = 0;
  const job = held();
  const world = { job, version: 'v0.0.42', clock: () => (now += 2001) } as const;
  expect(await withJobs(world, (jobs) => jobs.cancel(REF, soon()))).toMatchObject({ value: { phase: 'cancelled' } });
});

test.each<ApiVersion>(['v0.0.38', 'v0.0.42'])('a cancel in %s ends the job, be it held or waiting', async (version) => {
  for (const job of [held(), waiting()]) {
    const outcome = await withJobs({ job, version }, (jobs) => jobs.cancel(REF, soon()));
    expect(outcome).toMatchObject({ kind: 'done', value: { phase: 'cancelled' } });
    expect(job.job_state).toBe('CANCELLED');
  }
});

test('a cancel by name that meets no job is unknown', async () => {
  const job = held();
  const outcome = await withJobs({ job, version: 'v0.0.42', becomesOtherAt: 'DELETE' }, (jobs) =>
    jobs.cancel(REF, soon()),
  );
  expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('status') });
  expect(job.job_state).toBe('PENDING');
});
