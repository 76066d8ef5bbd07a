// The cancel table of the contract: one test per row and per starting state, over HTTP.
import { describe, expect, test } from 'vitest';
import { bodyOf, startWorld } from '../world.ts';

const UNKNOWN_ID = 'a'.repeat(24);

describe('a cancel before a provider job can exist', () => {
  test('is answered 200 cancelled at once, and nothing is ever sent to the provider', async () => {
    await using world = await startWorld();
    const upload = world.faults.hold('files.create', 'before');
    const run = await world.create();
    await upload.reached;

    const body = bodyOf(await world.cancel(run.id), 200);

    expect(body).toMatchObject({
      id: run.id,
      status: 'cancelled',
      error: 'Fine tuning cancelled by the user',
      finetuning_job_id: null,
      cancellation: { state: 'confirmed', evidence: 'never_submitted', requested_by: 'local' },
    });
    upload.release();
    await world.reached(run.id, (seen) => seen.finetuning_file_id !== null, 'done with its upload');
    expect(world.jobsOf(run.id)).toEqual([]);
    expect(world.faults.requests.filter((request) => request.operation.startsWith('jobs.'))).toEqual([]);
  });

  // On the embedded database one process does both, and nothing can be held back before the upload.
  const onSeveralProcesses = process.env['TEST_DATABASE'] === 'postgres' ? test : () => {};
  onSeveralProcesses(
    'is answered the same when no worker has looked at the run yet, and the worker that comes leaves it alone',
    async () => {
      await using world = await startWorld({ env: { ROLE: 'web' } });
      const run = await world.create();

      expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({
        status: 'cancelled',
        finetuning_file_id: null,
        finetuning_job_id: null,
        cancellation: { state: 'confirmed', evidence: 'never_submitted' },
      });
      expect(world.faults.requests).toEqual([]);

      await world.stop();
      world.env['ROLE'] = 'all';
      await world.start();
      const later = await world.createIn('validating_files');
      expect(world.ledger.jobs().map(({ id }) => id)).toEqual([later.finetuning_job_id]);
      expect(world.faults.requests.filter(({ operation }) => operation === 'files.create')).toHaveLength(1);
    },
  );
});

describe.each(['validating_files', 'queued with a job', 'running'] as const)(
  'a cancel of a run that is %s',
  (status) => {
    test('is answered 200 once the provider itself shows the job as cancelled', async () => {
      await using world = await startWorld();
      const run = await world.createIn(status);

      const body = bodyOf(await world.cancel(run.id, { reason: 'wrong schema' }), 200);

      expect(body).toMatchObject({
        status: 'cancelled',
        error: 'Fine tuning cancelled by the user',
        cancellation: {
          state: 'confirmed',
          evidence: 'provider_cancelled',
          provider_status: 'cancelled',
          reason: 'wrong schema',
        },
      });
      expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
    });
  },
);

test('a cancel that cannot be proven in time is answered 202 with the status last observed, and proven later', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('jobs.cancel', { kind: 'status', status: 503 });

  const body = bodyOf(await world.cancel(run.id, {}, { prefer: 'wait=1' }), 202);
  expect(body).toMatchObject({
    status: 'running',
    error: null,
    cancellation: { state: 'requested', confirmed_at: null },
  });

  world.faults.clear();
  const proven = await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
  expect(proven.cancellation).toMatchObject({
    state: 'confirmed',
    requested_at: Object(body['cancellation']).requested_at,
  });
});

test('Prefer: respond-async is answered at once and says so', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const answer = await world.cancel(run.id, {}, { prefer: 'respond-async' });
  bodyOf(answer, 202);
  expect(answer.headers.get('preference-applied')).toBe('respond-async');
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
});

test('cancelling again is answered 200 with the same receipt, however often', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const first = bodyOf(await world.cancel(run.id, { reason: 'first' }), 200);
  for (let again = 0; again < 3; again++) {
    const answer = await world.cancel(run.id, { reason: 'again', metadata: { late: 'yes' } });
    const { warnings: _, ...same } = bodyOf(answer, 200);
    expect(same).toEqual(first);
  }
  expect(world.faults.requests.filter((request) => request.operation === 'jobs.cancel')).toHaveLength(1);
});

describe.each(['succeeded', 'failed'] as const)('a cancel of a run that has %s', (status) => {
  test('is refused with 400 and the words of the first contract, and leaves a receipt that says too_late', async () => {
    await using world = await startWorld();
    const run = await world.createIn(status);

    const answer = await world.cancel(run.id);

    expect(answer).toMatchObject({ status: 400, body: { detail: `Model has already ${status}. Cannot cancel.` } });
    expect(await world.get(run.id)).toMatchObject({ status, cancellation: { state: 'too_late', evidence: null } });
    await expect(world.trpc.finetunings.cancel.mutate({ id: run.id })).rejects.toMatchObject({
      data: {
        code: 'CONFLICT',
        httpStatus: 409,
        finetuning: { id: run.id, status, cancellation: { state: 'too_late' } },
      },
    });
  });

  test('is refused the same way when the provider turns out to have finished first', async () => {
    await using world = await startWorld({ env: { POLL_INTERVAL_MS: '60000' } });
    const run = await world.create();
    const submitted = await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
    world.ledger.finishNow(submitted.finetuning_job_id ?? '', status);

    expect(await world.cancel(run.id)).toMatchObject({
      status: 400,
      body: { detail: `Model has already ${status}. Cannot cancel.` },
    });
    expect(await world.get(run.id)).toMatchObject({ status, cancellation: { state: 'too_late' } });
  });
});

test('a job that somebody cancelled at the provider shows as cancelled, and a cancel of it is answered 200', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.ledger.cancelNow(world.jobsOf(run.id)[0]?.id ?? '');
  const seen = await world.reached(run.id, (view) => view.status === 'cancelled', 'cancelled');
  expect(seen).toMatchObject({
    error: 'Cancelled at the provider, not through goldtune',
    cancellation: { requested_by: 'provider', evidence: 'provider_cancelled' },
  });
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ cancellation: seen.cancellation });
});

test.each([UNKNOWN_ID, 'nonsense', 'x'.repeat(500)])(
  'a cancel of an id that does not exist is answered 404: %s',
  async (id) => {
    await using world = await startWorld();
    const detail = `Finetuning not found: ${id.length > 60 ? `${id.slice(0, 60)}…` : id}`;
    expect(await world.cancel(id)).toMatchObject({ status: 404, body: { detail } });
    expect(world.faults.requests).toEqual([]);
  },
);

test('metadata given with a cancel is merged over what the record has', async () => {
  await using world = await startWorld();
  const upload = world.faults.hold('files.create', 'before');
  const run = await world.create({ metadata: { team: 'analytics', stage: 'trial' } });
  await upload.reached;
  const body = bodyOf(await world.cancel(run.id, { metadata: { stage: 'stopped', by: 'ci' } }), 200);
  expect(body['metadata']).toEqual({ team: 'analytics', stage: 'stopped', by: 'ci' });
  upload.release();
});

test('cancelMany answers for each id, and one that cannot be cancelled does not keep the others from it', async () => {
  await using world = await startWorld();
  const [going, done] = [await world.createIn('running'), await world.createIn('succeeded')];
  const answers = await world.trpc.finetunings.cancelMany.mutate({ ids: [done.id, UNKNOWN_ID, going.id] });
  expect(answers).toMatchObject([
    { id: done.id, finetuning: { status: 'succeeded' }, error: { reason: 'already_succeeded' } },
    { id: UNKNOWN_ID, finetuning: null, error: { reason: 'not_found' } },
    { id: going.id, finetuning: { status: 'cancelled' }, error: null },
  ]);
  // The ids of records are for an answer about one run.
  expect(answers.map(({ finetuning }) => finetuning?.golden_records ?? null)).toEqual([null, null, null]);
});

test('a reason that comes after the first was dropped in silence: the answer says that it is not kept', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  expect(bodyOf(await world.cancel(run.id, { reason: 'wrong schema' }), 200)).not.toHaveProperty('warnings');
  const again = bodyOf(await world.cancel(run.id, { reason: 'too dear', resaon: 'x' }), 200);
  expect(again).toMatchObject({ cancellation: { reason: 'wrong schema' } });
  expect(again['warnings']).toEqual([
    'reason was ignored: the one given first is kept: wrong schema',
    expect.stringMatching(/^resaon is not known/),
  ]);
  const [many] = await world.trpc.finetunings.cancelMany.mutate({ ids: [run.id], reason: 'too dear' });
  expect(many?.warnings).toHaveLength(1);
});
