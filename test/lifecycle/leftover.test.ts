// A run that is written as ended is due only while something is left to do, so that nobody looks at it for nothing.
import { expect, test } from 'vitest';
import { later } from '../../server/finetuning/lifecycle/state.ts';
import { move } from '../../server/finetuning/lifecycle/transition.ts';
import { createCall, deleteFileCall, NOW, run, uploadCall } from './run.ts';

const ended = { status: 'cancelled', file_id: 'file-1' } as const;
const kept = uploadCall({ state: 'done', file_id: 'file-1' });
const dueOf = (given: Parameters<typeof run>[0]) =>
  move(run(given), { type: 'updated', message: 'Whatever.' }, { due_at: later(NOW, 7) }).run.due_at;

test('one that keeps its file, and has nothing open, was due once more for nothing', () => {
  expect(dueOf({ state: ended, calls: [kept] })).toBeNull();
  expect(dueOf({ state: { ...ended, status: 'running' }, calls: [kept] })).toBe(later(NOW, 7));
});

test('one with a call whose outcome is unknown stays due', () => {
  expect(dueOf({ state: ended, calls: [kept, createCall({ replied_at: NOW })] })).toBe(later(NOW, 7));
});

test('one with a file of an earlier attempt stays due until that is removed', () => {
  const earlier = uploadCall({ id: 'c0', state: 'done', file_id: 'file-0' });
  expect(dueOf({ state: ended, calls: [earlier, kept] })).toBe(later(NOW, 7));
  const removed = deleteFileCall({ id: 'c2', state: 'done', file_id: 'file-0' });
  expect(dueOf({ state: ended, calls: [earlier, kept, removed] })).toBeNull();
});

test('one that is to be deleted stays due until it is forgotten', () => {
  const removed = deleteFileCall({ state: 'done', file_id: 'file-1' });
  const deleted = { ...ended, intent: 'delete' } as const;
  expect(dueOf({ state: deleted, calls: [kept] })).toBe(later(NOW, 7));
  expect(dueOf({ state: deleted, calls: [kept, removed] })).toBe(later(NOW, 7));
  expect(dueOf({ state: { ...deleted, deleted_at: NOW }, calls: [kept, removed] })).toBeNull();
});
