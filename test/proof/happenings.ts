// What must happen now and then in the proof, by the names that docs/proof.md gives it.
import { isTerminal, type State } from '../../server/finetuning/lifecycle/state.ts';
import type { TrackedFinetuning } from '../../server/finetuning/record.ts';

export const happenings = [
  'adopted by tag',
  'absent after the fence',
  'late create refused by the fence',
  'too-late cancel',
  'compare-and-set lost',
  'released again',
  'forgotten before it began',
  'end that waited for its fence',
  'ended itself, unknown to its engine',
  'late cancel took effect',
  'taken name doubted',
  'absent without a fence',
  'duplicate stopped by the janitor',
  'lost notification saved by the sweep',
] as const;
export type Happening = (typeof happenings)[number];
/** Those that the search alone meets: no provider of another suite is like that. */
export type OfSearch =
  | 'ended itself, unknown to its engine'
  | 'late cancel took effect'
  | 'taken name doubted'
  | 'absent without a fence';

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

/** Those that only a run's events tell of. */
export function toldInHistory(history: readonly { type: string; changes: Partial<State> }[]) {
  const told: ('released again' | 'forgotten before it began' | 'end that waited for its fence')[] = [];
  const isHeld = ({ changes }: (typeof history)[number]) => changes.job_stage === 'held';
  const released = history.findIndex(({ type, changes }) => type !== 'release_answered' && changes.job_stage === null);
  if (released >= 0 && history.slice(released).some(isHeld)) told.push('released again');
  const isGivenUp = ({ type }: (typeof history)[number]) => type === 'attempt_given_up';
  const givenUp = history.findIndex(isGivenUp);
  if (givenUp >= 0 && history.slice(0, givenUp).some(({ type }) => type === 'job_missing')) {
    told.push('forgotten before it began');
  }
  if (history.some(({ type }) => type === 'end_unfenced')) told.push('end that waited for its fence');
  return told;
}
