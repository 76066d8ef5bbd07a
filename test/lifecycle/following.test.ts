// What a list spares is a look that would have brought no news, of a run of which nothing but a look was due.
import { expect, test } from 'vitest';
import { decide } from '../../server/finetuning/lifecycle/decide.ts';
import { type DueRun, followedJob, inTurn, isAsKnown, mostPages } from '../../server/finetuning/lifecycle/following.ts';
import { applyPoll } from '../../server/finetuning/lifecycle/polling.ts';
import { intents, jobStages, type Run, statuses } from '../../server/finetuning/lifecycle/state.ts';
import type { ProviderJob } from '../../server/finetuning/provider.ts';
import { cancelCall, createCall, deleteFileCall, NOW, run, seenFor, timing, uploadCall } from './run.ts';

const asDue = ({ state, calls, ...rest }: Run): DueRun => ({
  ...rest,
  due_at: NOW,
  provider_ledger: 'l',
  version: 1,
  state,
  isWaiting: state.waiting !== null,
  hasOpenCall: calls.some((call) => call.state === 'open'),
  asked_at: null,
});

const waiting = { type: 'queued_behind', for: 'others', since: NOW };
const open = [[], [uploadCall()], [createCall()], [cancelCall()], [deleteFileCall()]];
const words = ['running', 'queued', 'pausing', null];

/** Every row that tells, as far as following looks at it. */
function* rows(): Generator<Run> {
  for (const status of statuses)
    for (const intent of intents)
      for (const job_stage of [null, ...jobStages])
        for (const calls of open)
          for (const failures of [0, 1])
            for (const wait of [null, waiting])
              for (const gone_since of [null, NOW])
                for (const job_id of [null, 'job-1'])
                  for (const provider_status of words)
                    yield run({
                      calls,
                      failures,
                      state: { status, intent, job_stage, waiting: wait, gone_since, job_id, provider_status },
                    });
}

/** Every way to show a job. */
function* jobs(of: Run): Generator<ProviderJob> {
  for (const phase of ['active', 'succeeded', 'failed', 'cancelled'] as const)
    for (const shown_status of ['validating_files', 'queued', 'running', null] as const)
      for (const provider_status of ['running', 'queued', 'pausing'])
        for (const id of ['job-1', 'job-2'])
          for (const held of [false, true])
            for (const note of [null, 'others'])
              for (const owner of [of.id, 'f'.repeat(24), undefined])
                yield {
                  ...{ id, phase, shown_status, provider_status, held, note },
                  ...{ name: null, incarnation: null, model_id: null, trained_tokens: 7, error: null },
                  ...{ estimated_finish: null, training_file_id: null },
                  tag: owner === undefined ? {} : { goldtune_finetuning: owner },
                };
}

const followed = [...rows()].filter((row) => followedJob(asDue(row)) !== null);

test('only runs are followed of which nothing but a look at their job is due', () => {
  expect(new Set(followed.map((row) => decide(row, NOW, timing, seenFor(0)).kind))).toEqual(new Set(['poll']));
  expect(new Set(followed.map(({ state }) => state.status))).toEqual(
    new Set(['queued', 'validating_files', 'running']),
  );
});

test('what a list shows as it is known would have been no news', () => {
  let spared = 0;
  for (const row of followed)
    for (const job of jobs(row)) {
      if (!isAsKnown(asDue(row), job)) continue;
      spared += 1;
      const look = {
        job: { id: 'job-1', name: null, incarnation: null },
        outcome: { kind: 'done', value: job },
      } as const;
      expect(applyPoll(row, look, NOW, timing)).toMatchObject({ event: null, run: { state: row.state } });
    }
  expect(spared).toBeGreaterThan(0);
});

test('no end, and nothing of another run, is taken from a list', () => {
  for (const row of followed)
    for (const job of jobs(row)) {
      const isOther =
        job.phase !== 'active' || job.id !== 'job-1' || job.held || job.tag.goldtune_finetuning === 'f'.repeat(24);
      if (isOther) expect(isAsKnown(asDue(row), job)).toBe(false);
    }
});

test('of ten thousand runs each has its turn within a hundred intervals, for a twentieth of the requests', () => {
  const runs = Array.from({ length: 10_000 }, (_, index) => ({ id: index, asked_at: '0000' }));
  const turnsOf = new Map<number, number>();
  let most = 0;
  for (let interval = 1; interval <= 100; interval++) {
    const { alone, listed } = inTurn(runs);
    expect(alone.length + listed.length).toBe(runs.length);
    most = Math.max(most, 2 * alone.length + listed.length / 100);
    for (const one of alone) {
      one.asked_at = String(interval).padStart(4, '0');
      turnsOf.set(one.id, interval);
    }
  }
  expect(turnsOf.size).toBe(runs.length);
  expect(most).toBeLessThan(runs.length / 20);
});

test('a list that shows none of them costs a small part of the looks that it was to spare', () => {
  for (const runs of [11, 100, 10_000]) expect(mostPages(runs)).toBeLessThan(runs);
  expect(mostPages(10_000)).toBeLessThan(10_000 / 20);
});
