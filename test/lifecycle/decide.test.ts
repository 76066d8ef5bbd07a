// What is done next, for every situation a row can be in. Pure, so each case is written down as data.
import { describe, expect, test } from 'vitest';
import { decide } from '../../server/finetuning/lifecycle/decide.ts';
import { type Call, later } from '../../server/finetuning/lifecycle/state.ts';
import { cancelCall, createCall, deleteFileCall, JOB, NOW, run, seenFor, timing, uploadCall } from './run.ts';

const decideAt = (situation: ReturnType<typeof run>, now = NOW, seen_ms = 0) =>
  decide(situation, now, timing, seenFor(seen_ms));
const WINDOW = timing.settle_window_ms;

test('a row that is not due is left alone', () => {
  expect(decideAt(run({ due_at: later(NOW, 1) }))).toEqual({ kind: 'wait', until: later(NOW, 1) });
  expect(decideAt(run({ due_at: null }))).toEqual({ kind: 'wait', until: null });
});

describe('a run that nobody wants to stop', () => {
  test('uploads, then creates', () => {
    expect(decideAt(run())).toEqual({ kind: 'upload' });
    const uploaded = uploadCall({ state: 'done', file_id: 'file-1' });
    expect(decideAt(run({ state: { file_id: 'file-1' }, calls: [uploaded] }))).toEqual({
      kind: 'create',
      file_id: 'file-1',
    });
  });

  test('waits for a call that somebody is still working on', () => {
    const call = createCall({ lease_until: later(NOW, 500) });
    expect(decideAt(run({ calls: [call] }))).toEqual({ kind: 'wait', until: later(NOW, 500) });
  });

  test('looks for the job of a create without an answer for a settle window, then fences it, then looks for another', () => {
    const unknown = createCall({ replied_at: NOW });
    expect(decideAt(run({ calls: [unknown] }))).toMatchObject({ kind: 'find_job', conclusive: false });
    const looked = createCall({ replied_at: NOW, looked_up_at: NOW });
    expect(decideAt(run({ calls: [looked] }), NOW, WINDOW - 1)).toMatchObject({ kind: 'find_job', conclusive: false });
    expect(decideAt(run({ calls: [looked] }), NOW, WINDOW)).toEqual({ kind: 'delete_file', file_id: 'file-1' });
    const fenced = createCall({ replied_at: NOW, looked_up_at: NOW, fenced_at: NOW });
    expect(decideAt(run({ calls: [fenced] }), NOW, WINDOW - 1)).toMatchObject({ kind: 'find_job', conclusive: false });
    expect(decideAt(run({ calls: [fenced] }), NOW, WINDOW)).toMatchObject({ kind: 'find_job', conclusive: true });
  });

  test('looks at the job that a create was answered with, before it believes that it is its own', () => {
    const answered = createCall({ replied_at: NOW, job_id: 'job-1' });
    expect(decideAt(run({ calls: [answered] }))).toMatchObject({ kind: 'verify_job', job_id: 'job-1' });
  });

  test('looks whether the provider has imported the file, and after long enough lets the create say what is wrong', () => {
    const pending = uploadCall({ replied_at: NOW, file_id: 'file-1' });
    expect(decideAt(run({ calls: [pending] }))).toMatchObject({ kind: 'check_file', file_id: 'file-1', last: false });
    const long = decideAt(run({ calls: [pending] }), NOW, 600_000);
    expect(long).toMatchObject({ kind: 'check_file', last: true });
  });

  test('looks for the file after a removal without a clear answer, before it removes it again', () => {
    const looked = createCall({ replied_at: NOW, looked_up_at: NOW });
    const removal = deleteFileCall({ id: 'c2', replied_at: NOW });
    expect(decideAt(run({ calls: [looked, removal] }), NOW, WINDOW)).toEqual({ kind: 'find_file', call: removal });
    const refused = deleteFileCall({ id: 'c2', replied_at: NOW, state: 'refused' });
    expect(decideAt(run({ calls: [looked, refused] }), NOW, WINDOW)).toEqual({
      kind: 'delete_file',
      file_id: 'file-1',
    });
  });

  test('without a fence searches for the job of an unanswered create, and takes it for absent after a settle window', () => {
    const terms = { ...timing, fence: 'none' } as const;
    for (const intent of ['run', 'cancel'] as const) {
      const of = (call: Call, seen_ms: number) =>
        decide(run({ state: { intent, file_id: 'file-1' }, calls: [call] }), NOW, terms, seenFor(seen_ms));
      const unsearched = createCall({ replied_at: NOW });
      const searched = createCall({ replied_at: NOW, looked_up_at: NOW });
      expect(of(unsearched, WINDOW)).toEqual({ kind: 'find_job', call: unsearched, conclusive: false });
      expect(of(searched, WINDOW - 1)).toEqual({ kind: 'find_job', call: searched, conclusive: false });
      expect(of(searched, WINDOW)).toEqual({ kind: 'find_job', call: searched, conclusive: true });
    }
  });

  test('never opens a second create beside one whose outcome is unknown', () => {
    for (const fenced_at of [null, NOW]) {
      for (const looked_up_at of [null, NOW]) {
        for (const seen_ms of [0, WINDOW]) {
          const call = createCall({ replied_at: NOW, fenced_at, looked_up_at });
          expect(decideAt(run({ state: { file_id: 'file-1' }, calls: [call] }), NOW, seen_ms).kind).not.toBe('create');
        }
      }
    }
  });

  test('removes the file of an earlier attempt before it uploads the next', () => {
    const earlier = uploadCall({ state: 'done', file_id: 'file-0' });
    expect(decideAt(run({ state: { attempt: 2 }, calls: [earlier] }))).toEqual({
      kind: 'delete_file',
      file_id: 'file-0',
    });
  });

  test('polls its job', () => {
    expect(decideAt(run({ state: { job_id: 'job-1' } }))).toEqual({ kind: 'poll', job: JOB });
  });
});

describe('a run that is to be stopped', () => {
  const stop = { intent: 'cancel' as const };

  test('is concluded where nothing can be running', () => {
    expect(decideAt(run({ state: stop }))).toEqual({ kind: 'conclude_cancelled' });
  });

  test('fences a create without an answer at once', () => {
    expect(decideAt(run({ state: stop, calls: [createCall({ replied_at: NOW })] }))).toEqual({
      kind: 'delete_file',
      file_id: 'file-1',
    });
  });

  test('cancels its job, and reads the job before it believes anything', () => {
    const state = { ...stop, job_id: 'job-1' };
    expect(decideAt(run({ state }))).toEqual({ kind: 'cancel', job: JOB });
    const answered = cancelCall({ replied_at: NOW });
    expect(decideAt(run({ state, calls: [answered] }))).toEqual({ kind: 'poll', job: JOB });
  });

  test('looks by tag before it takes a missing job for gone, and only after the settle window', () => {
    const state = { ...stop, job_id: 'job-1', gone_since: NOW };
    expect(decideAt(run({ state }))).toEqual({ kind: 'poll', job: JOB });
    expect(decideAt(run({ state }), NOW, WINDOW)).toEqual({
      kind: 'confirm_gone',
      job: JOB,
    });
  });
});

describe('a run that has ended', () => {
  const ended = { status: 'cancelled' as const, intent: 'cancel' as const };
  const kept = uploadCall({ state: 'done', file_id: 'file-1' });

  test('is left alone with its file', () => {
    expect(decideAt(run({ state: { ...ended, file_id: 'file-1' }, calls: [kept] }))).toEqual({
      kind: 'wait',
      until: null,
    });
  });

  test('and is deleted loses its file first and is forgotten then', () => {
    const state = { ...ended, intent: 'delete' as const, file_id: 'file-1' };
    expect(decideAt(run({ state, calls: [kept] }))).toEqual({ kind: 'delete_file', file_id: 'file-1' });
    const removed = deleteFileCall({ state: 'done' });
    expect(decideAt(run({ state, calls: [kept, removed] }))).toEqual({ kind: 'forget' });
  });
});

describe('where a training file cannot be removed', () => {
  const refused = deleteFileCall({ id: 'c2', state: 'refused', replied_at: NOW });
  const create = createCall({ replied_at: NOW });

  test('the job of an unanswered create is looked for every other time: found, it needs no fence', () => {
    const at = (failures: number) => decideAt(run({ state: { intent: 'cancel' }, calls: [create, refused], failures }));
    expect([at(0).kind, at(1).kind, at(2).kind]).toEqual(['delete_file', 'find_job', 'delete_file']);
    expect(at(1)).toMatchObject({ conclusive: false });
  });

  test('a job that is known is cancelled, and followed, all the same', () => {
    const unclear = deleteFileCall({ id: 'c2', replied_at: NOW, file_id: 'file-0' });
    const known = (intent: 'run' | 'cancel', failures: number) =>
      decideAt(run({ state: { intent, job_id: 'job-1' }, calls: [unclear], failures })).kind;
    expect(known('cancel', 0)).toBe('cancel');
    expect([known('run', 0), known('run', 1)]).toEqual(['find_file', 'poll']);
    // The cancel that was sent is read again, and not sent for ever.
    const sent = cancelCall({ id: 'c3', replied_at: NOW });
    const answered = run({ state: { intent: 'cancel', job_id: 'job-1' }, calls: [unclear, sent] });
    expect(decideAt(answered)).toEqual({ kind: 'poll', job: JOB });
  });
});

describe('a run at an engine that forgets what it has acknowledged', () => {
  const terms = { ...timing, start: 'held', stop: 'fence_then_cancel' } as const;
  const uploaded = uploadCall({ id: 'u1', state: 'done', file_id: 'file-1' });
  const known = { job_id: 'job-1', file_id: 'file-1' };
  const decided = (given: Parameters<typeof run>[0]) =>
    decide(run({ calls: [uploaded], ...given }), NOW, terms, seenFor(0));

  test('lets its held job begin, which is asked of the provider as such', () => {
    expect(decided({ state: { ...known, job_stage: 'held' } })).toEqual({ kind: 'release', job: JOB });
    expect(decided({ state: known })).toEqual({ kind: 'poll', job: JOB });
  });

  test('removes the training file before it cancels, where the engine can forget a cancel', () => {
    const state = { ...known, intent: 'cancel' } as const;
    expect(decided({ state })).toEqual({ kind: 'delete_file', file_id: 'file-1' });
    const removed = deleteFileCall({ id: 'd1', state: 'done' });
    expect(decided({ state, calls: [uploaded, removed] })).toEqual({ kind: 'cancel', job: JOB });
  });

  test('is cancelled all the same while its file cannot be removed', () => {
    const refused = deleteFileCall({ id: 'd1', state: 'refused' });
    const state = { ...known, intent: 'cancel' } as const;
    expect(decided({ state, calls: [uploaded, refused], failures: 1 }).kind).toBe('cancel');
    expect(decided({ state, calls: [uploaded, refused], failures: 2 }).kind).toBe('delete_file');
  });

  test('has not ended while its file is there, also where nobody has asked for a stop', () => {
    expect(decided({ state: { ...known, job_stage: 'over' } })).toEqual({ kind: 'delete_file', file_id: 'file-1' });
  });
});
