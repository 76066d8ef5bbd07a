// What a job has written of itself, against what Slurm says of it.
import { expect, test } from 'vitest';
import { corrected, fromFolder } from '../../../server/provider/slurm/own-account.ts';
import { shownJob } from '../../../server/provider/slurm/replies.ts';
import { FILE, NAME, type Written, written } from './written.ts';

/** As the controller shows it. */
const shown = (job_state: string, more: object = {}) => shownJob.parse({ job_id: 7, name: NAME, job_state, ...more });
const HELD = { state_reason: 'JobHeldUser', priority: 0 };

async function told(notes: Written, job_state: string, more: object = {}) {
  await using place = await written(notes);
  return await corrected(place.folders, shown(job_state, more));
}

async function remembered(notes: Written) {
  await using place = await written(notes);
  return await fromFolder(place.folders, FILE);
}

test.each<[string, Written, string, object]>([
  ['runs', { started: true, silent_s: 0 }, 'RUNNING', {}],
  ['has begun, its release being forgotten', { started: true, silent_s: 0 }, 'PENDING', HELD],
  ['was killed as it trained', { started: true, silent_s: 60 }, 'FAILED', {}],
  ['has finished', { started: true, result: 0 }, 'COMPLETED', {}],
  ['refused after it was put back into the queue', { started: true, refused: true }, 'FAILED', {}],
])('a job that %s is told to have trained', async (_what, notes, state, more) => {
  expect((await told(notes, state, more)).never_trained).toBe(false);
});

test('a job that refused to start is told never to have trained, and of one that says nothing nothing is told', async () => {
  expect((await told({ refused: true }, 'FAILED')).never_trained).toBe(true);
  expect(await told({}, 'FAILED')).not.toHaveProperty('never_trained');
  expect(await told({}, 'PENDING', HELD)).not.toHaveProperty('never_trained');
  expect((await remembered({ refused: true }))?.never_trained).toBe(true);
  expect((await remembered({ started: true, silent_s: 0 }))?.never_trained).toBe(false);
  expect((await remembered({ started: true, result: 0 }))?.never_trained).toBe(false);
});

test.each<[string, string, object]>([
  ['shows it as held, having forgotten its release', 'PENDING', HELD],
  ['was told to cancel it just then', 'CANCELLED', {}],
  ['ran out of its time just then', 'TIMEOUT', {}],
  ['lost its machine just then', 'NODE_FAIL', {}],
  ['shows it as completed', 'COMPLETED', {}],
])('a training that has finished has, where Slurm %s', async (_where, state, more) => {
  expect(await told({ started: true, result: 0 }, state, more)).toMatchObject({
    phase: 'succeeded',
    held: false,
    shown_status: null,
    error: null,
    model_id: expect.stringContaining(FILE),
  });
  expect(await told({ started: true, result: 7 }, state, more)).toMatchObject({
    phase: 'failed',
    held: false,
    shown_status: null,
    model_id: null,
    error: expect.stringMatching(/./),
  });
});

test.each(['RUNNING', 'COMPLETING'])('a result does not end a job that Slurm shows as %s', async (state) => {
  expect(await told({ started: true, result: 0 }, state)).toMatchObject({ phase: 'active', provider_status: state });
});

test.each<[string, string, object]>([
  ['shows it as held, having forgotten its release', 'PENDING', HELD],
  ['says that it was cancelled, and ended no process', 'CANCELLED', {}],
  ['has started it again in vain', 'FAILED', {}],
])('a job that is heard of runs, where Slurm %s', async (_where, state, more) => {
  expect(await told({ started: true, silent_s: 0 }, state, more)).toMatchObject({
    phase: 'active',
    shown_status: 'running',
    held: false,
  });
});

test('a job that Slurm has dropped is active while it is heard of, and has failed where nothing is heard of it', async () => {
  expect(await remembered({ started: true, silent_s: 5 })).toMatchObject({ phase: 'active', shown_status: 'running' });
  for (const silent of [{}, { refused: true } as const]) {
    expect(await remembered({ started: true, ...silent })).toMatchObject({
      phase: 'failed',
      error: 'it began, and never said how it ended',
      never_trained: false,
    });
  }
});

test('a job that Slurm has dropped is missing where it says nothing, or that it was told to stop', async () => {
  expect(await remembered({})).toBeNull();
  expect(await remembered({ started: true, stopped: true, silent_s: 60 })).toBeNull();
});

test('a job that was killed as it was asked to stop, and that Slurm has dropped, was once told to have failed', async () => {
  expect(await remembered({ started: true, asked: true })).toBeNull();
  expect(await remembered({ started: true, asked: true, silent_s: 0 })).toMatchObject({ phase: 'active' });
  expect(await remembered({ started: true, asked: true, result: 0 })).toMatchObject({ phase: 'succeeded' });
  expect(await remembered({ started: true, asked: true, result: 7 })).toMatchObject({ phase: 'failed' });
});

test('a job that its script has stopped is cancelled, and has failed where it was started again and refused', async () => {
  expect(await told({ started: true, stopped: true }, 'FAILED')).toMatchObject({ phase: 'cancelled' });
  const refused = await told({ started: true, stopped: true, refused: true }, 'FAILED');
  expect(refused).toMatchObject({ phase: 'failed', never_trained: false });
});
