// Removing a training file: when it counts as gone, and so as the fence of a create without an answer.
import { expect, test } from 'vitest';
import { apply, type Happening } from '../../server/finetuning/lifecycle/apply.ts';
import type { Listing, Outcome, ProviderFile } from '../../server/finetuning/provider.ts';
import { createCall, deleteFileCall, NOW, run, timing, uploadCall } from './run.ts';

const calls = [
  createCall({ replied_at: NOW }),
  deleteFileCall({ id: 'c2' }),
  uploadCall({ id: 'c0', state: 'done', file_id: 'file-1' }),
];
const before = run({ calls });

const after = (happening: Happening) => {
  const transition = apply(before, happening, NOW, timing);
  if (!transition) throw new Error('nothing came of it');
  const [create, removal] = transition.run.calls;
  return { fenced: create?.kind === 'create' && create.fenced_at !== null, removal: removal?.state };
};
const answered = (outcome: Outcome<{ id: string }>) => after({ kind: 'delete_file_answered', call_id: 'c2', outcome });
const searched = (outcome: Outcome<Listing<ProviderFile>>) => after({ kind: 'file_searched', call_id: 'c2', outcome });
const refusal = (code: 'missing' | 'busy') => ({
  kind: 'refused' as const,
  refusal: { code, message: 'no', status: code === 'busy' ? 429 : 404 },
});

test('a file that the provider says it deleted is gone', () => {
  expect(answered({ kind: 'done', value: { id: 'file-1' } })).toEqual({ fenced: true, removal: 'done' });
});

test('"no such file" and no answer at all leave it open', () => {
  expect(answered(refusal('missing'))).toEqual({ fenced: false, removal: 'open' });
  expect(answered({ kind: 'unknown', reason: 'no answer' })).toEqual({ fenced: false, removal: 'open' });
});

test('a refusal leaves the file where it is', () => {
  expect(answered(refusal('busy'))).toEqual({ fenced: false, removal: 'refused' });
});

test('a list that lacks the file proves that it is gone, one that shows it or cannot be had does not', () => {
  const shown = (id: string, incomplete: string | null = null) =>
    searched({ kind: 'done', value: { found: [{ id, name: 'x', ready: true }], incomplete } });
  expect(shown('file-2')).toEqual({ fenced: true, removal: 'done' });
  expect(shown('file-1')).toEqual({ fenced: false, removal: 'settled' });
  // The same file under an id of a gateway's own.
  const renamed = [{ id: 'file-9', name: `${before.id}.1.jsonl`, ready: true }];
  expect(searched({ kind: 'done', value: { found: renamed, incomplete: null } })).toMatchObject({ fenced: false });
  expect(shown('file-2', 'it goes round')).toEqual({ fenced: false, removal: 'open' });
  expect(shown('file-1', 'it goes round')).toEqual({ fenced: false, removal: 'settled' });
  expect(searched({ kind: 'unknown', reason: 'no answer' })).toEqual({ fenced: false, removal: 'open' });
});
