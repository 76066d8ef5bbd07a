// What stands between goldtune and a provider may give out ids of its own, and lists that do not page.
import { expect, test } from 'vitest';
import { bodyOf, startWorld, type World } from '../world.ts';

const ALIAS = 'op-123';
const answeredAs = (id: string) => ({ kind: 'changed_after' as const, change: (body: object) => ({ ...body, id }) });
const empty = { kind: 'status' as const, status: 200, body: { object: 'list', data: [], has_more: false } };
const goesRound = {
  kind: 'changed_after' as const,
  change: (body: Record<string, unknown>) => ({ ...body, has_more: true }),
};
const typesOf = async (world: World, id: string) =>
  (await world.trpc.finetunings.events.query({ id })).map(({ type }) => type);
const listed = (world: World) => world.faults.requests.filter(({ operation }) => operation === 'jobs.list').length;

test('a create that was answered with an id that the provider does not show: the job is found, followed and stopped', async () => {
  await using world = await startWorld();
  world.faults.next('jobs.create', answeredAs(ALIAS));
  const run = await world.create();
  const seen = await world.reached(run.id, ({ finetuning_job_id }) => finetuning_job_id !== null, 'submitted');
  expect(seen.finetuning_job_id).toBe(world.jobsOf(run.id)[0]?.id);
  expect(await typesOf(world, run.id)).toContain('submission_unconfirmed');
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ cancellation: { evidence: 'provider_cancelled' } });
  expect(world.jobsOf(run.id).map(({ status }) => status)).toEqual(['cancelled']);
});

test('a run that trained to its end under another id than the answer said is not called gone', async () => {
  await using world = await startWorld();
  world.faults.next('jobs.create', answeredAs(ALIAS));
  world.faults.always('jobs.list', empty);
  const run = await world.create();
  await world.until(() => world.jobsOf(run.id).length === 1, 'the job is created');
  world.ledger.finishNow(world.jobsOf(run.id)[0]?.id ?? '', 'succeeded');
  world.faults.clear();
  expect(bodyOf(await world.cancel(run.id), 400)).toEqual({ detail: 'Model has already succeeded. Cannot cancel.' });
});

test('a job that a look at its id does not show, while the list does, is not gone', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('jobs.retrieve', { kind: 'status', status: 404, body: { error: { message: 'no such job' } } });
  expect(bodyOf(await world.cancel(run.id, {}, { prefer: 'wait=20' }), 200)).toMatchObject({
    cancellation: { evidence: 'provider_cancelled' },
  });
  expect(world.jobsOf(run.id).map(({ status }) => status)).toEqual(['cancelled']);
});

test('a list that ignores "after" and goes on saying that there is more: the job on its first page is found', async () => {
  await using world = await startWorld();
  world.faults.next('jobs.create', { kind: 'reset_after' });
  world.faults.always('jobs.list', goesRound);
  const run = await world.create();
  await world.until(() => world.jobsOf(run.id).length === 1, 'the job is created');
  // It has its file: removing that stops it no more.
  world.startTraining(run.id);
  expect(bodyOf(await world.cancel(run.id, {}, { prefer: 'wait=20' }), 200)).toMatchObject({
    cancellation: { evidence: 'provider_cancelled' },
  });
  expect(listed(world)).toBeLessThan(20);
});

test('a list that goes round proves no absence: the run waits, says for what, and is not asked for thousands of pages', async () => {
  await using world = await startWorld();
  await world.createIn('running');
  world.faults.next('jobs.create', { kind: 'reset_before' });
  world.faults.always('jobs.list', goesRound);
  const run = await world.create();
  const creates = () => world.faults.requests.filter(({ operation }) => operation === 'jobs.create').length;
  await world.until(() => creates() === 2, 'it is submitted');
  bodyOf(await world.cancel(run.id, {}, { prefer: 'wait=2' }), 202);
  await world.until(
    async () => (await typesOf(world, run.id)).includes('search_incomplete'),
    'the timeline tells of it',
  );
  expect(await world.get(run.id)).toMatchObject({
    status: 'queued',
    waiting: { for: expect.stringContaining('not whole'), since: expect.any(String) },
  });
  expect(listed(world)).toBeLessThan(200);
  world.faults.clear();
  expect(await world.reached(run.id, ({ status }) => status === 'cancelled', 'cancelled')).toMatchObject({
    waiting: null,
    cancellation: { evidence: 'absent_at_provider' },
  });
});

test('a run that its user wants is not failed by our own fence: its late job fails in validation, and another is made', async () => {
  await using world = await startWorld();
  world.faults.next('jobs.create', { kind: 'reset_after' });
  world.faults.always('jobs.list', empty);
  const run = await world.create();
  await world.until(
    () => world.jobsOf(run.id)[0]?.status === 'failed',
    'the fence has failed the job that did not show',
  );
  world.faults.clear();
  await world.until(() => world.jobsOf(run.id).length === 2, 'the run is submitted again');
  const [second] = world.jobsOf(run.id);
  world.ledger.finishNow(second?.id ?? '', 'succeeded');
  expect(await world.reached(run.id, ({ status }) => status === 'succeeded', 'succeeded')).toMatchObject({
    finetuning_job_id: second?.id,
  });
  expect(await typesOf(world, run.id)).toContain('attempt_given_up');
});

test('a cancel whose fence has failed the late job in validation is a cancel, not a failure that came first', async () => {
  await using world = await startWorld();
  world.faults.next('jobs.create', { kind: 'reset_after' });
  world.faults.always('jobs.list', empty);
  const run = await world.create();
  await world.until(() => world.jobsOf(run.id).length === 1, 'the job is created');
  const cancelling = world.cancel(run.id, {}, { prefer: 'wait=20' });
  await world.until(() => world.jobsOf(run.id)[0]?.status === 'failed', 'the fence has failed it');
  world.faults.clear();
  expect(bodyOf(await cancelling, 200)).toMatchObject({
    status: 'cancelled',
    cancellation: { state: 'confirmed', evidence: 'submission_refused', provider_status: 'failed' },
  });
});

test('a training file that is still being imported is waited for, and then trained on', async () => {
  await using world = await startWorld();
  const importing = { kind: 'changed_after' as const, change: (body: object) => ({ ...body, status: 'pending' }) };
  world.faults.next('files.create', importing);
  world.faults.always('files.retrieve', importing);
  const run = await world.create();
  await world.until(async () => (await typesOf(world, run.id)).includes('file_pending'), 'the timeline tells of it');
  const asked = () => world.faults.requests.map(({ operation }) => operation);
  await world.until(() => asked().filter((operation) => operation === 'files.retrieve').length > 2, 'it is looked at');
  expect(asked()).not.toContain('jobs.create');
  world.faults.clear();
  await world.reached(run.id, ({ finetuning_job_id }) => finetuning_job_id !== null, 'submitted');
  expect(world.ledger.files()).toHaveLength(1);
});

test('a create that came before its file was imported is sent again, with the same file', async () => {
  await using world = await startWorld();
  const message = "The specified file 'file-1' is not ready: its state is 'Pending'.";
  world.faults.next('jobs.create', {
    kind: 'status',
    status: 400,
    body: { error: { message, code: 'invalidPayload' } },
  });
  const run = await world.create();
  const seen = await world.reached(run.id, ({ finetuning_job_id }) => finetuning_job_id !== null, 'submitted');
  expect(world.ledger.files().map(({ id }) => id)).toEqual([seen.finetuning_file_id]);
});

test('a Retry-After of centuries parks no run, and a refusal stays a refusal', async () => {
  await using world = await startWorld();
  const centuries = { 'retry-after': '99999999999999' };
  const body = { error: { message: 'Rate limit reached', code: 'rate_limit_exceeded' } };
  world.faults.next('jobs.create', { kind: 'status', status: 429, body, headers: centuries });
  const run = await world.create();
  await world.reached(run.id, ({ finetuning_job_id }) => finetuning_job_id !== null, 'submitted');
  expect(await typesOf(world, run.id)).not.toContain('submission_unknown');
});
