// What counts as proof that nothing runs, and what a provider may say that is none.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bodyOf, startWorld, type World } from '../world.ts';

/** A run whose create has arrived and lost its connection, and is executed whenever the test lets it. */
async function withSilentCreate(world: World) {
  const create = world.faults.holdExecution('jobs.create');
  const run = await world.create();
  await create.reached;
  create.cut();
  return { run, create };
}

const missing = { error: { message: 'No such File object', type: 'invalid_request_error', param: 'id', code: null } };

test('a training file that is said to be missing, and is not, proves nothing: the late create is stopped', async () => {
  await using world = await startWorld();
  const { run, create } = await withSilentCreate(world);
  world.faults.next('files.delete', { kind: 'status', status: 404, body: missing });
  // Not deleted before the create is executed: only a look at the list tells that the file is still there.
  const list = world.faults.hold('files.list', 'before');
  const cancelling = world.cancel(run.id);
  await list.reached;
  create.release();
  await create.executed;
  world.startTraining(run.id);
  list.release();
  expect(bodyOf(await cancelling, 200)).toMatchObject({ cancellation: { evidence: 'provider_cancelled' } });
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
});

test('a file that is still listed after "missing" is removed again, and only then the run counts as stopped', async () => {
  await using world = await startWorld();
  const { run, create } = await withSilentCreate(world);
  world.faults.next('files.delete', { kind: 'status', status: 404, body: missing });
  world.faults.next('files.delete', { kind: 'status', status: 404, body: missing });
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({
    cancellation: { evidence: 'absent_at_provider' },
  });
  expect(world.ledger.files()).toEqual([]);
  create.release();
  await create.executed;
  expect(world.jobsOf(run.id)).toEqual([]);
});

test('a job whose create went unanswered is found and stopped though the deployment was renamed meanwhile', async () => {
  await using world = await startWorld();
  world.faults.next('jobs.create', { kind: 'reset_after' });
  world.faults.always('jobs.list', { kind: 'status', status: 503 });
  const run = await world.create();
  await world.until(() => world.jobsOf(run.id).length === 1, 'the job is created');
  world.startTraining(run.id);
  await world.stop();
  world.faults.clear();
  world.env['DEPLOYMENT'] = 'renamed';
  await world.start();
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ cancellation: { evidence: 'provider_cancelled' } });
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
});

test('a run is followed to its end whatever odd values the provider shows', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const odd = {
    trained_tokens: 12.5,
    estimated_finish: 1e13,
    error: { code: 'odd\u0000', message: 'half a character \ud800 and a \u0000' },
  };
  const shown = (job: unknown) => ({ kind: 'status' as const, status: 200, body: { ...Object(job), ...odd } });
  world.faults.always('jobs.retrieve', shown(world.jobsOf(run.id)[0]));
  world.ledger.finishNow(run.finetuning_job_id ?? '', 'failed');
  world.faults.always('jobs.retrieve', shown(world.jobsOf(run.id)[0]));
  const ended = await world.reached(run.id, (seen) => seen.status === 'failed', 'ended');
  expect(ended.error).toBe('odd: half a character \ufffd and a ');
});

// Beside the embedded database the file lies in DATA_DIR, which is there.
test.skipIf(process.env['TEST_DATABASE'] === 'embedded')(
  'what goldtune itself cannot do is told, put off, and done once it can be',
  async () => {
    await using world = await startWorld({ start: false });
    const { TMPDIR } = process.env;
    const place = join(world.env['DATA_DIR'] ?? '', 'not', 'there', 'yet');
    // The training file is written there, before it is uploaded.
    process.env['TMPDIR'] = place;
    try {
      await world.start();
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
    }
    const run = await world.create();
    await world.until(async () => {
      const events = await world.trpc.finetunings.events.query({ id: run.id });
      return events.some(({ type, message }) => type === 'held_up' && message.includes(place));
    }, 'the timeline tells of it');
    await mkdir(place, { recursive: true });
    await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
  },
);
