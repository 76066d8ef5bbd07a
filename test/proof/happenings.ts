// What must happen now and then in the proof, by the names that docs/proof.md gives it.
import { isTerminal } from '../../server/finetuning/lifecycle/state.ts';
import type { TrackedFinetuning } from '../../server/finetuning/record.ts';

export const happenings = [
  'adopted by tag',
  'absent after the fence',
  'late create refused by the fence',
  'too-late cancel',
  'compare-and-set lost',
  'duplicate stopped by the janitor',
  'lost notification saved by the sweep',
] as const;
export type Happening = (typeof happenings)[number];

/** Those of which a row tells once all is over. */
export function toldBy({ state, calls }: Pick<TrackedFinetuning, 'state' | 'calls'>) {
  const told: ('adopted by tag' | 'absent after the fence' | 'too-late cancel')[] = [];
  // A create that was answered has no detail; one that was found by a search never had its answer.
  const wasFound = (call: (typeof calls)[number]) =>
    call.kind === 'create' && call.state === 'done' && (call.replied_at === null || call.detail !== null);
  if (calls.some(wasFound)) told.push('adopted by tag');
  if (state.evidence === 'absent_at_provider') told.push('absent after the fence');
  if (state.intent !== 'run' && state.job_id !== null && isTerminal(state.status) && state.status !== 'cancelled') {
    told.push('too-late cancel');
  }
  return told;
}
