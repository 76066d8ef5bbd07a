// A cancel that arrives while a run is being submitted, and every way the submission can go wrong under it.
import { describe, expect, test } from 'vitest';
import { bodyOf, startWorld } from '../world.ts';

test('a cancel that arrives during the upload starts nothing at the provider', async () => {
  await using world = await startWorld();
  const upload = world.faults.hold('files.create', 'after');
  const run = await world.create();
  await upload.reached;
  bodyOf(await world.cancel(run.id), 200);
  upload.release();
  await world.reached(run.id, (seen) => seen.finetuning_file_id !== null, 'done with its upload');
  expect(world.jobsOf(run.id)).toEqual([]);
});

describe.each(['before', 'after'] as const)(
  'a cancel while the create is on its way (%s the provider executes it)',
  (moment) => {
    test('stops the job that comes of it, and says so only then', async () => {
      await using world = await startWorld();
      const create = world.faults.hold('jobs.create', moment);
      const run = await world.create();
      await create.reached;

      const waiting = world.cancel(run.id);
      await world.reached(run.id, (seen) => seen.cancellation?.state === 'requested', 'asked to stop');
      create.release();

      expect(bodyOf(await waiting, 200)).toMatchObject({
        status: 'cancelled',
        cancellation: { evidence: 'provider_cancelled' },
      });
      expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
    });
  },
);

test('a cancel right after the create stops the job', async () => {
  await using world = await startWorld();
  const run = await world.create();
  await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
  bodyOf(await world.cancel(run.id), 200);
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
});

describe('when the reply to the create is lost', () => {
  test('the job that was created is found and adopted; no second one is made', async () => {
    await using world = await startWorld();
    world.faults.next('jobs.create', { kind: 'reset_after' });
    const run = await world.create();
    const adopted = await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'adopted');
    expect(world.jobsOf(run.id).map((job) => job.id)).toEqual([adopted.finetuning_job_id]);
  });

  test('a cancel finds the job and stops it', async () => {
    await using world = await startWorld();
    const create = world.faults.hold('jobs.create', 'after');
    world.faults.next('jobs.create', { kind: 'reset_after' });
    const run = await world.create();
    await create.reached;
    world.startTraining(run.id);
    const waiting = world.cancel(run.id);
    await world.reached(run.id, (seen) => seen.cancellation !== null, 'asked to stop');
    create.release();
    expect(bodyOf(await waiting, 200)).toMatchObject({ cancellation: { evidence: 'provider_cancelled' } });
    expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
  });

  test('and the create never reached the provider, another attempt is made with another file', async () => {
    await using world = await startWorld();
    world.faults.next('jobs.create', { kind: 'reset_before' });
    const run = await world.create();
    await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
    expect(world.jobsOf(run.id)).toMatchObject([{ metadata: { goldtune_attempt: '2' } }]);
    expect(world.ledger.files().map((file) => file.filename)).toEqual([`${run.id}.2.jsonl`]);
  });

  test('and the create never reached the provider, a cancel is proven by the absence of the job', async () => {
    await using world = await startWorld();
    const create = world.faults.hold('jobs.create', 'before');
    world.faults.next('jobs.create', { kind: 'reset_before' });
    const run = await world.create();
    await create.reached;
    const waiting = world.cancel(run.id);
    await world.reached(run.id, (seen) => seen.cancellation !== null, 'asked to stop');
    create.release();
    expect(bodyOf(await waiting, 200)).toMatchObject({ cancellation: { evidence: 'absent_at_provider' } });
    expect(world.jobsOf(run.id)).toEqual([]);
  });

  test('a create that is executed late, after the file is gone, is refused by the provider and trains nothing', async () => {
    await using world = await startWorld();
    const late = world.faults.holdExecution('jobs.create');
    const run = await world.create();
    await late.reached;
    late.cut();
    const proven = bodyOf(await world.cancel(run.id), 200);
    expect(proven).toMatchObject({ cancellation: { evidence: 'absent_at_provider' } });
    late.release();
    await late.executed;
    expect(world.jobsOf(run.id)).toEqual([]);
  });
});

test('a refused create under a cancel is proof that nothing runs', async () => {
  await using world = await startWorld();
  const create = world.faults.hold('jobs.create', 'before');
  world.faults.next('jobs.create', {
    kind: 'status',
    status: 403,
    body: { error: { message: 'not allowed', type: 'invalid_request_error', param: null, code: null } },
  });
  const run = await world.create();
  await create.reached;
  const waiting = world.cancel(run.id);
  await world.reached(run.id, (seen) => seen.cancellation !== null, 'asked to stop');
  create.release();
  expect(bodyOf(await waiting, 200)).toMatchObject({ cancellation: { evidence: 'submission_refused' } });
});

test('a provider that is down for the whole cancel is waited for, and the cancel is proven when it is back', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('*', { kind: 'reset_before' });
  expect(bodyOf(await world.cancel(run.id, {}, { prefer: 'wait=1' }), 202)).toMatchObject({ status: 'running' });
  world.faults.clear();
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
});

test('a cancel whose own reply is lost is concluded from what the provider shows', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.next('jobs.cancel', { kind: 'reset_after' });
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ cancellation: { evidence: 'provider_cancelled' } });
});

test('a cancel that the provider claims to have done, and has not, is not believed', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const job = world.jobsOf(run.id)[0];
  world.faults.always('jobs.cancel', { kind: 'status', status: 200, body: { ...job, status: 'cancelled' } });
  expect(bodyOf(await world.cancel(run.id, {}, { prefer: 'wait=1' }), 202)).toMatchObject({ status: 'running' });
  world.faults.clear();
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
});

test('a job that the provider forgot is searched by its tag before it counts as gone', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.ledger.forgetJob(world.jobsOf(run.id)[0]?.id ?? '');
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ cancellation: { evidence: 'provider_gone' } });
});

test.each([401, 403])('a provider that refuses us with %i is never taken for a job that is gone', async (status) => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const body = { error: { message: 'no', type: 'invalid_request_error', param: null, code: null } };
  world.faults.always('*', { kind: 'status', status, body });
  bodyOf(await world.cancel(run.id, {}, { prefer: 'respond-async' }), 202);
  await world.says('the provider refuses us');
  expect(await world.get(run.id)).toMatchObject({ status: 'running', cancellation: { state: 'requested' } });
  await world.sweep();
  expect(world.log).toContainEqual({ level: 'error', message: expect.stringContaining('does not let the janitor') });
  world.faults.clear();
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
});

test('a caller that hangs up right after asking is not needed any more', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const cancel = world.faults.hold('jobs.cancel', 'before');
  const hangUp = new AbortController();
  const asked = fetch(`${world.app.url}/api/v1/finetunings/${run.id}/cancel`, {
    method: 'POST',
    signal: hangUp.signal,
  });
  await cancel.reached;
  hangUp.abort();
  await expect(asked).rejects.toThrow();
  cancel.release();
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
});

test('a cancel that met a look at its job waited for a second one', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const look = world.faults.hold('jobs.retrieve', 'before');
  await look.reached;
  const asked = world.cancel(run.id);
  await world.until(async () => (await world.get(run.id)).cancellation !== null, 'the wish is recorded');
  const before = world.faults.requests.length;
  look.release();
  bodyOf(await asked, 200);
  const looksAndCancels = world.faults.requests
    .slice(before)
    .filter(({ operation }) => operation === 'jobs.retrieve' || operation === 'jobs.cancel');
  expect(looksAndCancels[0]?.operation).toBe('jobs.cancel');
});

test('twenty cancels at once have one effect and one receipt', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const answers = await Promise.all(Array.from({ length: 20 }, () => world.cancel(run.id)));
  const receipts = new Set(answers.map((answer) => JSON.stringify(bodyOf(answer, 200)['cancellation'])));
  expect(receipts.size).toBe(1);
});
