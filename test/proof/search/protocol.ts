// The protocol under search: the real pure functions, and each protection that can be switched off to see what it is for.
import { apply } from '../../../server/finetuning/lifecycle/apply.ts';
import { decide } from '../../../server/finetuning/lifecycle/decide.ts';
import type { Timing } from '../../../server/finetuning/lifecycle/state.ts';

export type Protection =
  | 'fence'
  | 'look-up'
  | 'compare-and-set'
  | 'settle window'
  | 'GET after cancel'
  | 'write-ahead'
  | 'own clock';

export type Protocol = {
  decide: typeof decide;
  apply: typeof apply;
  timing: Timing;
  /** The protection that is switched off. */
  without: Protection | null;
};

const timing: Timing = { settle_window_ms: 60_000, poll_interval_ms: 1000 };

export const protocol = (without: Protection | null = null): Protocol => ({
  decide,
  apply: without === 'GET after cancel' ? believingTheReply : apply,
  timing: without === 'settle window' ? { ...timing, settle_window_ms: 0 } : timing,
  without,
});

/** Takes the answer to a cancel for the end of the job. */
const believingTheReply: typeof apply = (run, happening, now, given) => {
  const written = apply(run, happening, now, given);
  if (happening.kind !== 'cancel_answered' || happening.outcome.kind !== 'done' || !written) return written;
  const { outcome } = happening;
  return apply(written.run, { kind: 'polled', job_id: outcome.value.id, outcome }, now, given);
};
