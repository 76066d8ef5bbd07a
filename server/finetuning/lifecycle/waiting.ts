// What a run waits for, and which events leave that as it is. For people: nothing is decided by it.
import type { Event, EventType } from './event.ts';
import type { Run, Waiting } from './state.ts';

/** Since when: since it began to wait at all, whatever for. */
export const waitingFor = ({ state }: Run, { type, message }: Event, now: string): Waiting => ({
  type,
  for: message,
  since: state.waiting?.since ?? now,
});

/** What is wished of a run, and that it should be looked at: nothing has been done for it yet. */
const wishes: readonly EventType[] = ['updated', 'cancel_requested', 'delete_requested', 'provider_hint'];
/** What is about to be tried, or has not been seen to have taken effect. */
const tries: readonly EventType[] = [
  'upload_started',
  'submission_started',
  'file_delete_started',
  'release_sent',
  'release_answered',
  'cancel_sent',
  'cancel_answered',
];
/** Waits that are over as soon as anything is tried. */
const untilTried: readonly string[] = ['no_worker', 'other_provider', 'held_up'];
const files: readonly EventType[] = ['file_deleted', 'file_delete_unclear'];
/** What comes between two tries of what such a wait is about. */
const between: Partial<Record<string, readonly EventType[]>> = {
  upload_refused: files,
  upload_unknown: [...files, 'upload_refused'],
  submission_refused: [...files, 'uploaded'],
  submission_searched: [...files, 'fenced'],
  file_delete_failed: ['file_delete_unclear'],
  end_unfenced: files,
};

export function outlasts(waiting: Waiting | null, event: EventType): boolean {
  if (waiting === null) return false;
  if (wishes.includes(event)) return true;
  if (untilTried.includes(waiting.type)) return false;
  return tries.includes(event) || (between[waiting.type]?.includes(event) ?? false);
}
