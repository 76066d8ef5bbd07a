// Creates that are refused, again and again, or because of what we did ourselves.
import { expect, test } from 'vitest';
import { apply, type Happening } from '../../server/finetuning/lifecycle/apply.ts';
import { decide } from '../../server/finetuning/lifecycle/decide.ts';
import { type Call, later, type Run } from '../../server/finetuning/lifecycle/state.ts';
import { createCall, deleteFileCall, NOW, run, seenFor, timing, uploadCall } from './run.ts';

const HOUR_MS = 3_600_000;
const busy = { kind: 'refused', refusal: { code: 'busy', message: 'quota', status: 429 } } as const;

/** One step of a run at a provider that takes files and refuses every job. */
function step(before: Run, now: string, number: number): Run {
  const action = decide(before, now, timing, seenFor(0));
  const applied = (from: Run, happening: Happening) => apply(from, happening, now, timing)?.run ?? from;
  const common = { id: `c${number}`, opened_at: now, lease_until: now, attempt: before.state.attempt };
  const send = (call: Call, answer: Happening) => applied(applied(before, { kind: 'call_opened', call }), answer);
  switch (action.kind) {
    case 'upload': {
      const value = { id: `file-${number}`, name: '', ready: true };
      return send(uploadCall(common), {
        kind: 'upload_answered',
        call_id: common.id,
        outcome: { kind: 'done', value },
      });
    }
    case 'create': {
      const call = createCall({ ...common, file_id: action.file_id });
      return send(call, { kind: 'create_answered', call_id: call.id, outcome: busy });
    }
    case 'delete_file': {
      const call = deleteFileCall({ ...common, file_id: action.file_id });
      const value = { id: action.file_id };
      return send(call, { kind: 'delete_file_answered', call_id: call.id, outcome: { kind: 'done', value } });
    }
    default:
      return before;
  }
}

test('a provider that refuses every job for want of quota is asked ever more seldom, and not for ever', () => {
  let current = run();
  let now = NOW;
  for (let number = 0; current.state.status !== 'failed'; number++) {
    if (number > 1000) throw new Error('it never ends');
    if (current.due_at !== null && current.due_at > now) now = current.due_at;
    current = step(current, now, number);
  }
  const creates = current.calls.filter((call) => call.kind === 'create');
  expect(creates.length).toBeLessThan(30);
  expect(Date.parse(now) - Date.parse(NOW)).toBeGreaterThan(HOUR_MS);
  expect(current.state.error).toBe('quota');
});

test('a create that is refused since we removed its file ourselves does not fail the run: it is submitted again', () => {
  const refused = { code: 'invalid', message: 'invalid training_file', status: 400 } as const;
  const before = run({
    state: { file_id: 'file-1' },
    calls: [
      uploadCall({ id: 'c0', state: 'done', file_id: 'file-1' }),
      createCall({ fenced_at: NOW, replied_at: later(NOW, -1) }),
      deleteFileCall({ id: 'c2', state: 'done' }),
    ],
  });
  const outcome = { kind: 'refused', refusal: refused } as const;
  const after = apply(before, { kind: 'create_answered', call_id: 'c1', outcome }, NOW, timing)?.run;
  expect(after?.state).toMatchObject({ status: 'queued', error: null, attempt: 2, file_id: null });
});
