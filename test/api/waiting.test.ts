// A run that waits for something outside says for what, since when, what was tried last, and when next.
import { expect, test } from 'vitest';
import { bodyOf, startWorld, type World } from '../world.ts';

const busy = { error: { message: 'Too many jobs are queued', type: 'rate_limit', param: null, code: null } };
const unavailable = { error: { message: 'upstream is down', type: 'server_error', param: null, code: null } };

const time = expect.stringMatching(/^\d{4}-.*Z$/);
const eventsOf = (world: World, id: string) => world.trpc.finetunings.events.query({ id, limit: 1000 });
const creates = (world: World) => world.faults.requests.filter(({ operation }) => operation === 'jobs.create').length;

test('a full queue at the provider was told by an event alone; since when stays, however often it is tried', async () => {
  await using world = await startWorld();
  world.faults.always('jobs.create', { kind: 'status', status: 429, body: busy });
  const run = await world.create();
  const wasCreate = ({ waiting }: Awaited<ReturnType<World['get']>>) => waiting?.last_tried?.action === 'create';
  const first = await world.reached(run.id, wasCreate, 'waiting');
  expect(first).toMatchObject({
    status: 'queued',
    waiting: {
      for: expect.stringContaining('busy, trying again: Too many jobs are queued'),
      since: time,
      last_tried: { action: 'create', at: time, answer: expect.stringContaining('HTTP 429: ') },
      next_look_at: time,
    },
  });
  await world.until(() => creates(world) >= 3, 'it is tried again');
  const later = await world.reached(
    run.id,
    (seen) => wasCreate(seen) && (seen.waiting?.last_tried?.at ?? '') > first.updated_at,
    'waiting still',
  );
  expect(later.waiting?.since).toBe(first.waiting?.since);
  world.faults.clear();
  expect(await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted')).toMatchObject({
    waiting: null,
  });
});

test('a reply without end, to a create that was executed, is told with what to do, and makes no second job', async () => {
  await using world = await startWorld();
  world.faults.always('jobs.list', { kind: 'endless_after', status: 200, begins: '{"data": [], "has_more": false}' });
  world.faults.next('jobs.create', { kind: 'endless_after', status: 400, begins: '{"error": {"message": "no"}}' });
  const run = await world.create();
  const told = expect.stringMatching(/longer than 4 MB.*address of provider openai/);
  const waits = ({ waiting }: Awaited<ReturnType<World['get']>>) =>
    waiting?.last_tried?.answer.includes('4 MB') ?? false;
  expect(await world.reached(run.id, waits, 'waiting')).toMatchObject({
    status: 'queued',
    waiting: { for: told, last_tried: { answer: told } },
  });
  expect((await eventsOf(world, run.id)).map(({ message }) => message)).toContainEqual(told);
  world.faults.clear();
  await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
  expect([world.jobsOf(run.id).length, creates(world)]).toEqual([1, 1]);
});

test('a cancel that the provider does not carry out could not be told from a slow one without the log', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('jobs.cancel', { kind: 'status', status: 503, body: unavailable });
  bodyOf(await world.cancel(run.id, {}, { prefer: 'respond-async' }), 202);
  await world.reached(run.id, ({ waiting }) => waiting !== null, 'waiting');
  const asked = world.cancel(run.id, {}, { prefer: 'wait=1' });
  expect(bodyOf(await asked, 202)).toMatchObject({
    status: 'running',
    cancellation: { state: 'requested' },
    waiting: {
      for: expect.stringMatching(
        /^The provider still shows running; its answer to the cancel: none that is clear, .*503/,
      ),
      since: time,
      last_tried: { at: time },
      next_look_at: time,
    },
  });
  world.faults.clear();
  // Carried out, and still not seen to have taken effect: slow.
  const shown = { id: world.jobsOf(run.id)[0]?.id, object: 'fine_tuning.job', status: 'running' };
  world.faults.always('jobs.retrieve', { kind: 'status', status: 200, body: shown });
  const slow = await world.reached(
    run.id,
    ({ waiting }) => waiting?.for === 'The provider still shows running; its answer to the cancel: cancelled.',
    'waiting for the stop to show',
  );
  expect(slow.waiting?.last_tried).not.toBeNull();
  world.faults.clear();
  expect(await world.reached(run.id, ({ status }) => status === 'cancelled', 'cancelled')).toMatchObject({
    waiting: null,
  });
});

test('a cancel that waits until it is certain whether there is a job says so', async () => {
  await using world = await startWorld({ env: { SETTLE_WINDOW_MS: '600000' } });
  world.faults.next('jobs.create', { kind: 'reset_before' });
  const run = await world.create();
  await world.reached(run.id, ({ waiting }) => waiting !== null, 'waiting');
  const waiting = {
    for: expect.stringContaining('it is looked for until it is certain whether there is a job'),
    since: time,
    next_look_at: time,
  };
  bodyOf(await world.cancel(run.id, {}, { prefer: 'respond-async' }), 202);
  await world.until(() => world.ledger.files().length === 0, 'the submission is fenced off');
  expect(
    await world.reached(run.id, (seen) => seen.waiting?.last_tried?.action === 'list_jobs', 'looked for'),
  ).toMatchObject({ waiting: { ...waiting, last_tried: { action: 'list_jobs', at: time, answer: '0 found' } } });
});

test('looks that fail left no trace: the last one is told with its time and its answer', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  world.faults.always('jobs.retrieve', { kind: 'status', status: 401, body: unavailable });
  const first = await world.reached(run.id, ({ waiting }) => waiting !== null, 'waiting');
  expect(first.waiting).toMatchObject({
    for: expect.stringContaining('The provider refuses us'),
    last_tried: { action: 'get_job', answer: expect.stringContaining('HTTP 401: ') },
  });
  const told = first.waiting?.last_tried?.at ?? '';
  await world.reached(run.id, ({ waiting }) => (waiting?.last_tried?.at ?? '') > told, 'looked at again');
  // Of that no event is made each time.
  const types = (await eventsOf(world, run.id)).map(({ type }) => type);
  expect(types.filter((type) => type === 'provider_unavailable')).toHaveLength(1);
  world.faults.clear();
  await world.reached(run.id, ({ waiting }) => waiting === null, 'going on');
});

test('a reason was shown as the bare text of an event, and so was what the provider said', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  await world.cancel(run.id, { reason: 'The provider finished training' });
  expect((await eventsOf(world, run.id)).map(({ message }) => message)).toContain(
    'Cancellation requested; the reason given: The provider finished training',
  );
  const failing = await world.create();
  const submitted = await world.reached(failing.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
  world.ledger.finishNow(submitted.finetuning_job_id ?? '', 'failed', 'Cancellation requested.');
  const { error } = await world.reached(failing.id, ({ status }) => status === 'failed', 'failed');
  expect((await eventsOf(world, failing.id)).at(-1)?.message).toBe(`The provider's job failed: ${error}`);
});
