// What an outcome makes of a run. The cases are those that users of such systems complain about.
import { describe, expect, test } from 'vitest';
import { apply, type Happening } from '../../server/finetuning/lifecycle/apply.ts';
import { receiptOf } from '../../server/finetuning/lifecycle/receipt.ts';
import { changesBetween, replay } from '../../server/finetuning/lifecycle/replay.ts';
import type { Run } from '../../server/finetuning/lifecycle/state.ts';
import { requestStop } from '../../server/finetuning/lifecycle/stop.ts';
import type { Listing, Outcome, ProviderJob } from '../../server/finetuning/provider.ts';
import { cancelCall, createCall, deleteFileCall, JOB, NOW, run, timing, uploadCall } from './run.ts';

const job = (changed: Partial<ProviderJob> = {}): ProviderJob => ({
  id: 'job-1',
  name: null,
  incarnation: null,
  held: false,
  phase: 'active',
  provider_status: 'running',
  shown_status: 'running',
  model_id: null,
  trained_tokens: null,
  error: null,
  estimated_finish: null,
  training_file_id: 'file-1',
  tag: {},
  ...changed,
});
const succeeded = job({ phase: 'succeeded', provider_status: 'succeeded', shown_status: null, model_id: 'ft:x' });

function applied(before: Run, happening: Happening): Run {
  const transition = apply(before, happening, NOW, timing);
  if (!transition) throw new Error('nothing came of it');
  return transition.run;
}
const polled = (before: Run, value: ProviderJob, progress: { step: number } | null = null) =>
  applied(before, {
    kind: 'polled',
    job: JOB,
    outcome: { kind: 'done', value },
    progress: progress && { total_steps: null, train_loss: null, valid_loss: null, ...progress },
  });

const stopping = (state: Partial<Run['state']> = {}) =>
  run({ state: { intent: 'cancel', cancel_requested_at: NOW, cancel_requested_by: 'ann', job_id: 'job-1', ...state } });

test('a late "succeeded" never overwrites a cancelled', () => {
  const cancelled = stopping({ status: 'cancelled', evidence: 'provider_cancelled', cancel_confirmed_at: NOW });
  expect(polled(cancelled, succeeded).state).toEqual(cancelled.state);
});

test('a provider that finished in spite of the cancel shows as succeeded, and the receipt as too late', () => {
  const after = polled(stopping({ status: 'running' }), succeeded);
  expect(after.state).toMatchObject({ status: 'succeeded', model_id: 'ft:x', evidence: null });
  expect(receiptOf(after.state)).toMatchObject({ state: 'too_late', requested_by: 'ann' });
});

test('no receipt is confirmed before it was asked for, though the clock was set back in between', () => {
  const later = '2026-11-20T12:05:00.000Z';
  const after = polled(
    stopping({ cancel_requested_at: later }),
    job({ phase: 'cancelled', provider_status: 'cancelled' }),
  );
  expect(receiptOf(after.state)).toMatchObject({ state: 'confirmed', requested_at: later, confirmed_at: later });
});

test('a reply to a cancel is never a conclusion, whatever it claims', () => {
  const call = cancelCall();
  const before = { ...stopping({ status: 'running' }), calls: [call] };
  const claims = { kind: 'done' as const, value: job({ phase: 'cancelled', provider_status: 'cancelled' }) };
  const after = applied(before, { kind: 'cancel_answered', call_id: call.id, outcome: claims });
  expect(after.state).toEqual(before.state);
  expect(after.calls).toMatchObject([{ state: 'open', replied_at: NOW }]);
});

test('a create is not opened once a stop is wanted, nor beside another', () => {
  const call = createCall({ id: 'c2' });
  expect(apply(run({ state: { intent: 'cancel' } }), { kind: 'call_opened', call }, NOW, timing)).toBeNull();
  expect(apply(run({ calls: [createCall()] }), { kind: 'call_opened', call }, NOW, timing)).toBeNull();
  expect(apply(run({ state: { job_id: 'job-1' } }), { kind: 'call_opened', call }, NOW, timing)).toBeNull();
});

test('the id of a job that was created under a cancel is kept, so that it can be stopped', () => {
  const before = run({ state: { intent: 'cancel', cancel_requested_at: NOW }, calls: [createCall()] });
  const outcome = { kind: 'done' as const, value: job() };
  const told = applied(before, { kind: 'create_answered', call_id: 'c1', outcome });
  expect(told).toMatchObject({ state: { job_id: null }, calls: [{ state: 'open', job_id: 'job-1' }], due_at: NOW });
  const after = applied(told, { kind: 'job_verified', call_id: 'c1', outcome });
  expect(after.state).toMatchObject({ job_id: 'job-1', status: 'running', evidence: null });
  expect(after.due_at).toBe(NOW);
});

describe('the job that a create was answered with', () => {
  const before = run({ calls: [createCall({ replied_at: NOW, job_id: 'job-1' })] });
  const verified = (outcome: Extract<Happening, { kind: 'job_verified' }>['outcome']) =>
    applied(before, { kind: 'job_verified', call_id: 'c1', outcome });
  const tag = { goldtune_finetuning: before.id, goldtune_attempt: '1' };

  test('is believed where a look at it shows our tag or our file, or keeps neither', () => {
    const renamed = [job({ tag, training_file_id: 'file-9' }), job({ id: 'job-9', tag })];
    for (const shown of [job({ tag }), job(), job({ training_file_id: null }), ...renamed]) {
      expect(verified({ kind: 'done', value: shown }).state.job_id).toBe('job-1');
    }
  });

  test('is searched for where there is no such job, or where that is somebody else’s', () => {
    const refusal = { code: 'missing' as const, status: 404, message: 'no' };
    const others = [
      job({ tag: { ...tag, goldtune_attempt: '2' }, training_file_id: 'file-9' }),
      job({ training_file_id: 'file-9' }),
      job({ id: 'job-9', training_file_id: null }),
    ];
    for (const after of [
      verified({ kind: 'refused', refusal }),
      ...others.map((value) => verified({ kind: 'done', value })),
    ]) {
      expect(after).toMatchObject({ state: { job_id: null }, calls: [{ state: 'open', job_id: null }] });
    }
  });

  test('is looked at again where nobody can say', () => {
    expect(verified({ kind: 'unknown', reason: 'reset' })).toMatchObject({ failures: 1, calls: [{ job_id: 'job-1' }] });
  });
});

describe('a job that failed before it was seen to train', () => {
  const failed = job({ phase: 'failed', provider_status: 'failed', shown_status: null, error: 'no such file' });
  const removal = {
    ...uploadCall({ id: 'c2' }),
    kind: 'delete_file' as const,
    file_id: 'file-1',
    state: 'done' as const,
  };
  const calls = [createCall({ state: 'done' }), removal];
  const known = { job_id: 'job-1', file_id: 'file-1' };

  test('is no end of a run whose file we had removed ourselves: another attempt is made', () => {
    const after = polled(run({ state: { ...known, status: 'queued' }, calls }), failed);
    expect(after).toMatchObject({ state: { status: 'queued', attempt: 2, job_id: null, file_id: null }, due_at: NOW });
  });

  test('stops it where a stop is wanted', () => {
    const before = run({ state: { ...known, intent: 'cancel', cancel_requested_at: NOW }, calls });
    expect(polled(before, failed).state).toMatchObject({ status: 'cancelled', evidence: 'submission_refused' });
  });

  test('ends it where we had not, and where it had trained', () => {
    const ended = [
      run({ state: known, calls: calls.slice(0, 1) }),
      run({ state: { ...known, status: 'running' }, calls }),
    ];
    for (const before of ended) expect(polled(before, failed).state).toMatchObject({ status: 'failed' });
    expect(polled(run({ state: known, calls }), failed, { step: 1 }).state).toMatchObject({ status: 'failed' });
  });

  test('is looked at again where it cannot be said whether it trained', () => {
    const before = run({ state: known, calls });
    const outcome = { kind: 'done' as const, value: failed };
    const look = (from: Run) => applied(from, { kind: 'polled', job: JOB, outcome });
    expect(look(before)).toMatchObject({ state: known, failures: 1 });
    // Not for ever; and then a stop claims no more than is known.
    expect(look({ ...before, failures: 10 }).state).toMatchObject({ attempt: 2, job_id: null });
    const stop = run({ state: { ...known, intent: 'cancel', cancel_requested_at: NOW }, calls });
    expect(look(stop)).toMatchObject({ state: { status: 'queued' }, failures: 1 });
    expect(look({ ...stop, failures: 10 }).state).toMatchObject({ status: 'failed', evidence: null });
  });
});

describe('a file that the provider is still importing', () => {
  const pending = { id: 'file-1', name: '', ready: false };

  test('is waited for, and a create is opened once it is ready or has been waited for long enough', () => {
    const before = run({ calls: [uploadCall()] });
    const waits = applied(before, {
      kind: 'upload_answered',
      call_id: 'c1',
      outcome: { kind: 'done', value: pending },
    });
    expect(waits).toMatchObject({ state: { file_id: null }, calls: [{ state: 'open', file_id: 'file-1' }] });
    const check = (ready: boolean, last: boolean) => {
      const outcome = { kind: 'done' as const, value: { ...pending, ready } };
      return applied(waits, { kind: 'file_checked', call_id: 'c1', outcome, last }).calls[0]?.state;
    };
    expect([check(false, false), check(true, false), check(false, true)]).toEqual(['open', 'done', 'done']);
  });

  test('and a create that is refused for it alone is sent again with the same file', () => {
    const before = run({ state: { file_id: 'file-1' }, calls: [createCall()] });
    const refusal = { code: 'not_ready' as const, status: 400, message: 'is not ready' };
    const after = applied(before, { kind: 'create_answered', call_id: 'c1', outcome: { kind: 'refused', refusal } });
    expect(after).toMatchObject({ state: { status: 'queued', attempt: 1, file_id: 'file-1' } });
  });
});

describe('a job that is missing under the id we know', () => {
  const before = run({ state: { intent: 'cancel', cancel_requested_at: NOW, job_id: 'op-1', gone_since: NOW } });
  const tag = { goldtune_finetuning: before.id, goldtune_attempt: '1' };
  const searched = (found: ProviderJob[], incomplete: string | null = null) =>
    applied(before, { kind: 'gone_searched', outcome: { kind: 'done', value: { found, incomplete } } });

  test('is gone only where the whole list shows no job of the run under any id', () => {
    expect(searched([]).state).toMatchObject({ status: 'cancelled', evidence: 'provider_gone' });
    expect(searched([], 'it goes round').state).toMatchObject({
      status: 'queued',
      waiting: { type: 'search_incomplete' },
    });
    expect(searched([job({ tag })]).state).toMatchObject({ status: 'running', job_id: 'job-1', gone_since: null });
    const earlier = { ...tag, goldtune_attempt: '0' };
    expect(searched([{ ...succeeded, tag: earlier }]).state).toMatchObject({ status: 'succeeded', job_id: 'job-1' });
    expect(searched([{ ...succeeded, tag }]).state).toMatchObject({ status: 'succeeded', job_id: 'job-1' });
  });
});

test('an answer to a create that was settled meanwhile changes nothing', () => {
  const before = run({ calls: [createCall({ state: 'settled' })] });
  expect(
    apply(before, { kind: 'create_answered', call_id: 'c1', outcome: { kind: 'done', value: job() } }, NOW, timing),
  ).toBeNull();
});

describe('a search for the job of an unknown create', () => {
  const calls = [createCall({ replied_at: NOW, fenced_at: NOW })];
  const search = (before: Run, conclusive: boolean, found: ProviderJob[]) =>
    applied(before, {
      kind: 'job_searched',
      call_id: 'c1',
      outcome: { kind: 'done', value: { found, incomplete: null } },
      conclusive,
    });

  test('that finds nothing proves nothing before the settle window has passed', () => {
    const after = search(run({ state: { intent: 'cancel' }, calls }), false, []);
    expect(after.state.status).toBe('queued');
    expect(after.calls[0]?.state).toBe('open');
  });

  test('that finds nothing after it proves a cancel, or opens the way for another attempt', () => {
    expect(search(run({ state: { intent: 'cancel' }, calls }), true, []).state).toMatchObject({
      status: 'cancelled',
      evidence: 'absent_at_provider',
    });
    expect(search(run({ state: { file_id: 'file-1' }, calls }), true, []).state).toMatchObject({
      attempt: 2,
      file_id: null,
    });
  });

  test('that finds it adopts it, at any time', () => {
    expect(search(run({ calls }), false, [job()]).state.job_id).toBe('job-1');
  });

  test('that could not be made is made again', () => {
    const happening: Happening = {
      kind: 'job_searched',
      call_id: 'c1',
      outcome: { kind: 'unknown', reason: 'reset' },
      conclusive: true,
    };
    expect(applied(run({ state: { intent: 'cancel' }, calls }), happening)).toMatchObject({
      failures: 1,
      state: { status: 'queued' },
    });
  });
});

test('a job that is shown under another id than it was asked for by counts where it is this run’s', () => {
  const before = stopping({ status: 'running' });
  const tag = { goldtune_finetuning: before.id, goldtune_attempt: '1' };
  const shown = (value: ProviderJob) =>
    applied(before, { kind: 'polled', job: JOB, outcome: { kind: 'done', value } }).state;
  const ended = job({ id: 'job-9', phase: 'cancelled', provider_status: 'cancelled' });
  expect(shown({ ...ended, tag })).toMatchObject({ status: 'cancelled', job_id: 'job-1' });
  expect(shown({ ...ended, training_file_id: 'file-9' })).toMatchObject({ status: 'running' });
});

test('a cancel of which nothing can be seen is sent again now and then', () => {
  const call = cancelCall({ replied_at: NOW });
  const before = { ...stopping({ status: 'running' }), calls: [call], failures: 3 };
  const unknown = { kind: 'unknown' as const, reason: 'HTTP 502' };
  const after = applied(before, { kind: 'polled', job: JOB, outcome: unknown });
  expect(after).toMatchObject({ calls: [{ state: 'done' }], due_at: NOW });
  expect(applied({ ...before, failures: 4 }, { kind: 'polled', job: JOB, outcome: unknown }).calls).toEqual([call]);
});

test('what a run waited for is told once it is there again, though nothing else is new', () => {
  const waiting = { type: 'provider_unavailable', for: 'the provider', since: NOW };
  const before = run({ state: { job_id: 'job-1', status: 'running', provider_status: 'running', waiting } });
  const transition = apply(before, { kind: 'polled', job: JOB, outcome: { kind: 'done', value: job() } }, NOW, timing);
  expect(transition).toMatchObject({ event: { type: 'resumed' }, run: { state: { waiting: null } } });
});

test('a provider that does not let us look has not said that the job is gone', () => {
  const before = stopping({ status: 'running' });
  const refusal = { code: 'unauthorized' as const, status: 401, message: 'no' };
  const after = applied(before, { kind: 'polled', job: JOB, outcome: { kind: 'refused', refusal } });
  expect(after.state).toEqual(before.state);
  expect(after.failures).toBe(1);
});

test('a status we do not know is shown as it was, and is still going', () => {
  const before = run({ state: { job_id: 'job-1', status: 'running' } });
  const after = polled(before, job({ provider_status: 'pausing', shown_status: null }));
  expect(after.state).toMatchObject({ status: 'running', provider_status: 'pausing' });
});

test('a passing refusal is tried again with a new file, any other ends the run and says why', () => {
  const answer = (code: 'busy' | 'forbidden') =>
    applied(run({ state: { file_id: 'file-1' }, calls: [createCall()] }), {
      kind: 'create_answered',
      call_id: 'c1',
      outcome: { kind: 'refused', refusal: { code, message: 'no', status: 429, retry_after_ms: 7000 } },
    });
  expect(answer('busy')).toMatchObject({
    state: { attempt: 2, file_id: null, status: 'queued' },
    due_at: '2026-11-20T12:00:07.000Z',
  });
  expect(answer('forbidden').state).toMatchObject({ status: 'failed', error: 'no' });
});

describe('asking for a stop', () => {
  const by = (name: string) => ({ who: 'key', id: `key of ${name}`, name, from: '192.0.2.7' }) as const;
  const request = { intent: 'cancel' as const, by: by('ann'), reason: null, metadata: null };

  test('twice changes nothing the second time', () => {
    const first = requestStop(run({ state: { job_id: 'job-1' } }), request, NOW);
    expect(first?.run.state).toMatchObject({ intent: 'cancel', cancel_requested_at: NOW, status: 'queued' });
    expect(first && requestStop(first.run, { ...request, by: by('bob') }, '2026-11-20T13:00:00.000Z')).toBeNull();
  });

  test('again, with a reason where there was none, keeps it and nothing else; a later one changes nothing', () => {
    const first = requestStop(run({ state: { job_id: 'job-1' } }), request, NOW);
    if (!first) throw new Error('it was not asked for');
    const later = '2026-11-20T13:00:00.000Z';
    const again = requestStop(first.run, { ...request, by: by('bob'), reason: 'wrong schema' }, later);
    expect(again?.event).toMatchObject({ type: 'updated' });
    expect(again?.run.state).toEqual({ ...first.run.state, cancel_reason: 'wrong schema' });
    expect(again && requestStop(again.run, { ...request, reason: 'another' }, later)).toBeNull();
  });

  test('where a create may have been executed claims nothing', () => {
    expect(requestStop(run({ calls: [createCall()] }), request, NOW)?.run.state.status).toBe('queued');
  });

  test('does not lower a delete', () => {
    expect(
      requestStop(run({ state: { intent: 'delete', job_id: 'job-1', cancel_requested_at: NOW } }), request, NOW),
    ).toBeNull();
  });
});

test('the changes of events replay to the state', () => {
  const first = run().state;
  const second = polled(run({ state: { job_id: 'job-1' } }), job()).state;
  expect(replay([changesBetween(null, first), changesBetween(first, second)])).toEqual(second);
});

describe('a job that waits for its release', () => {
  const held = run({ state: { job_id: 'job-1', job_stage: 'held', file_id: 'file-1' } });
  const release = { ...cancelCall({ id: 'r1' }), kind: 'release' as const };
  const refusal = { code: 'missing', message: 'no such job', status: 404 } as const;

  test('a release is opened only where the run is still wanted', () => {
    expect(apply(held, { kind: 'call_opened', call: release }, NOW, timing)?.run.calls).toHaveLength(1);
    const stopped = { ...held, state: { ...held.state, intent: 'cancel' as const } };
    expect(apply(stopped, { kind: 'call_opened', call: release }, NOW, timing)).toBeNull();
  });

  test('what a release is answered is no conclusion, but that it was refused is: nothing has begun by it', () => {
    const sent = { ...held, calls: [release] };
    const answered = (outcome: Outcome<ProviderJob>) =>
      applied(sent, { kind: 'release_answered', call_id: 'r1', outcome });
    expect(answered({ kind: 'done', value: job() })).toMatchObject({
      state: { status: 'queued', job_stage: 'held' },
      calls: [{ state: 'open' }],
    });
    expect(answered({ kind: 'refused', refusal })).toMatchObject({
      state: { job_stage: null },
      calls: [{ state: 'refused' }],
    });
  });

  test('that is held still after a release is asked again, less and less often, and says so', () => {
    const sent = { ...held, calls: [{ ...release, replied_at: NOW, detail: 'PENDING' }], failures: 3 };
    const after = polled(sent, job({ held: true, shown_status: 'queued', provider_status: 'PENDING' }));
    expect(after).toMatchObject({
      failures: 4,
      calls: [{ state: 'done' }],
      state: { waiting: { type: 'release_pending' } },
    });
  });
});

test('an id under which the provider shows another job by now is missing, and that job is not touched', () => {
  const before = run({ state: { job_id: 'job-1', job_incarnation: 'first', status: 'running', file_id: 'file-1' } });
  const shown = job({ incarnation: 'second', phase: 'succeeded' });
  const wanted = { ...JOB, incarnation: 'first' };
  const after = applied(before, { kind: 'polled', job: wanted, outcome: { kind: 'done', value: shown } });
  expect(after.state).toMatchObject({ status: 'running', gone_since: NOW, waiting: { type: 'job_missing' } });
});

test('a queued job that waits behind others says so once for each place, and is told to go on when it does', () => {
  const queued = (note: string | null) => job({ shown_status: 'queued', provider_status: 'queued', note });
  const first = polled(run({ state: { job_id: 'job-1', provider_status: 'queued' } }), queued('2 queued before it'));
  expect(first.state.waiting).toMatchObject({ type: 'queued_behind', for: expect.stringContaining('2 queued before') });
  const look = (from: Run, value: ProviderJob) =>
    apply(from, { kind: 'polled', job: JOB, outcome: { kind: 'done', value }, progress: null }, NOW, timing);
  expect(look(first, queued('2 queued before it'))?.event).toBeNull();
  expect(look(first, queued('1 queued before it'))?.event).toMatchObject({ type: 'queued_behind' });
  expect(look(first, job())).toMatchObject({ event: { type: 'resumed' }, run: { state: { waiting: null } } });
});

describe('a job at an engine that forgets, which has failed', () => {
  const terms = { ...timing, start: 'held', stop: 'fence_then_cancel' } as const;
  const uploaded = uploadCall({ id: 'u1', state: 'done', file_id: 'file-1' });
  const removed = deleteFileCall({ id: 'd1', state: 'done' });
  const known = { job_id: 'job-1', file_id: 'file-1' };
  const failed = job({ phase: 'failed', provider_status: 'FAILED', shown_status: null, error: 'exit code 1' });
  const look = (before: Run, value: ProviderJob) =>
    apply(before, { kind: 'polled', job: JOB, outcome: { kind: 'done', value }, progress: null }, NOW, terms)?.run;

  test('is not begun anew for that its file was removed after its end was shown', () => {
    const seen = look(run({ state: known, calls: [uploaded, createCall({ state: 'done' })] }), failed);
    expect(seen?.state).toMatchObject({ status: 'queued', job_stage: 'over' });
    const fenced = run({
      state: { ...known, job_stage: 'over', provider_status: 'FAILED' },
      calls: [uploaded, createCall({ state: 'done' }), removed],
    });
    expect(look(fenced, failed)?.state).toMatchObject({ status: 'failed', attempt: 1, error: 'exit code 1' });
  });

  test('is our doing only where its own script says that it has not begun', () => {
    const fenced = run({ state: known, calls: [uploaded, createCall({ state: 'done' }), removed] });
    expect(look(fenced, failed)?.state).toMatchObject({ status: 'failed' });
    expect(look(fenced, { ...failed, never_trained: false })?.state).toMatchObject({ status: 'failed' });
    expect(look(fenced, { ...failed, never_trained: true })?.state).toMatchObject({ status: 'queued', attempt: 2 });
  });

  test('is given up for good after many attempts of which none has come to train', () => {
    const state = { ...known, attempt: 25 };
    const fenced = run({ state, calls: [uploaded, createCall({ state: 'done' }), removed] });
    expect(look(fenced, { ...failed, never_trained: true })?.state).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('None of 25 attempts'),
    });
  });
});

test('a stop whose fence met a few broken requests was not looked at again for five minutes', () => {
  const lost: Outcome<never> = { kind: 'unknown', reason: 'fetch failed' };
  const list = <T>(found: T[], incomplete: string | null = null): Outcome<Listing<T>> => ({
    kind: 'done',
    value: { found, incomplete },
  });
  const refused = { kind: 'refused', refusal: { code: 'busy', message: 'no', status: 429 } } as const;
  const unheard = [lost, list<never>([], 'it goes round')];
  const uploaded = uploadCall({ id: 'c0', state: 'done', file_id: 'file-1' });
  const fencing = [uploaded, createCall(), deleteFileCall({ id: 'c2' })];
  const searched = { kind: 'job_searched', call_id: 'c1', conclusive: false } as const;
  const after = (happening: Happening, intent: 'run' | 'cancel', calls: Run['calls'] = fencing) =>
    applied(run({ state: { intent, file_id: 'file-1' }, calls, failures: 9 }), happening);
  for (const intent of ['run', 'cancel'] as const) {
    const runs = [
      ...[...unheard, list<never>([])].map((outcome) => after({ ...searched, outcome }, intent)),
      ...unheard.map((outcome) => after({ kind: 'file_searched', call_id: 'c2', outcome }, intent)),
      after({ kind: 'file_searched', call_id: 'c1', outcome: lost }, intent, [uploadCall({ id: 'c1' })]),
    ];
    const pauseOf = ({ due_at }: Run) => Date.parse(String(due_at)) - Date.parse(NOW);
    for (const seen of runs) expect(pauseOf(seen)).toBeLessThanOrEqual(timing.poll_interval_ms);
    // To remove it is asked again, which leaves a trace each time; and as late as the provider asks, but for its centuries.
    const removal = (outcome: Outcome<never>) =>
      pauseOf(after({ kind: 'delete_file_answered', call_id: 'c2', outcome }, intent));
    const told = (retry_after_ms: number): Outcome<never> => ({
      kind: 'refused',
      refusal: { ...refused.refusal, retry_after_ms },
    });
    expect(removal(refused)).toBe(60_000);
    expect(removal(told(90_000))).toBe(90_000);
    expect(removal(told(86_400_000))).toBe(300_000);
    expect(pauseOf(after({ ...searched, outcome: told(90_000) }, intent))).toBe(90_000);
  }
});
