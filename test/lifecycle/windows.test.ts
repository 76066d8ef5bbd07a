// How long something has been so, by the looking process's own clock: whatever the wall clocks say, and however they step.
import { expect, test } from 'vitest';
import { decide } from '../../server/finetuning/lifecycle/decide.ts';
import { later } from '../../server/finetuning/lifecycle/state.ts';
import { longestWait } from '../../server/finetuning/lifecycle/windows.ts';
import { createSightings } from '../../server/finetuning/sightings.ts';
import { createCall, NOW, run, seenFor, timing } from './run.ts';

const fenced = run({ state: { intent: 'cancel' }, calls: [createCall({ replied_at: NOW, fenced_at: NOW })] });
const DAY_MS = 86_400_000;

test('a wall clock that is ahead, or steps, does not make a fence old', () => {
  for (const now of [NOW, later(NOW, DAY_MS), later(NOW, -1)]) {
    expect(decide({ ...fenced, due_at: now }, now, timing, seenFor(0))).toMatchObject({ conclusive: false });
  }
});

test('each process counts from its own first look, and from the beginning after a restart', () => {
  let elapsed = 0;
  const first = createSightings(() => elapsed);
  const second = createSightings(() => elapsed);
  const isConclusive = (sightings: typeof first) => {
    const action = decide(fenced, NOW, timing, sightings.look(fenced));
    return action.kind === 'find_job' && action.conclusive;
  };
  expect(isConclusive(first)).toBe(false);
  elapsed += timing.settle_window_ms;
  expect([isConclusive(first), isConclusive(second)]).toEqual([true, false]);
  elapsed += timing.settle_window_ms;
  expect([isConclusive(second), isConclusive(createSightings(() => elapsed))]).toEqual([true, false]);
});

test('a job that was found again and is missing anew is missing from then on', () => {
  let elapsed = 0;
  const sightings = createSightings(() => elapsed);
  const missing = (gone_since: string | null) => run({ state: { job_id: 'job-1', gone_since } });
  sightings.look(missing(NOW));
  elapsed += timing.settle_window_ms;
  sightings.look(missing(null));
  const again = missing(NOW);
  expect(decide(again, NOW, timing, sightings.look(again)).kind).toBe('poll');
});

test('a lease ends by whichever clock ends it first, so that one set back does not hold a run for ever', () => {
  const leased = run({ calls: [createCall({ lease_until: later(NOW, 500) })] });
  const setBack = later(NOW, -DAY_MS);
  const due = { ...leased, due_at: setBack };
  expect(decide(due, setBack, timing, seenFor(0))).toEqual({ kind: 'wait', until: later(setBack, 500) });
  expect(decide(due, setBack, timing, seenFor(500)).kind).toBe('find_job');
  expect(decide({ ...leased, due_at: NOW }, later(NOW, DAY_MS), timing, seenFor(0)).kind).toBe('find_job');
});

test('what is due later than anything is ever put off is due: the clock was set back since', () => {
  const far = later(NOW, longestWait(timing) + 1);
  expect(decide(run({ due_at: far }), NOW, timing, seenFor(0)).kind).toBe('upload');
  const near = later(NOW, longestWait(timing));
  expect(decide(run({ due_at: near }), NOW, timing, seenFor(0))).toEqual({ kind: 'wait', until: near });
});
