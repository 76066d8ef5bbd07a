// The protocol under search: the real pure functions, and each protection that can be switched off to see what it is for.
import { apply } from '../../../server/finetuning/lifecycle/apply.ts';
import { decide } from '../../../server/finetuning/lifecycle/decide.ts';
import type { Terms } from '../../../server/finetuning/lifecycle/state.ts';
import type { Engine } from './world.ts';

export type Protection =
  | 'fence'
  | 'look-up'
  | 'compare-and-set'
  | 'settle window'
  | 'GET after cancel'
  | 'write-ahead'
  | 'own clock'
  | 'fence before the cancel'
  | 'release'
  | 'reference'
  | 'heartbeat'
  | 'end without its file'
  | 'taking of the file'
  | 'tag or file'
  | 'end of all requests'
  | 'name that is given once'
  | 'doubt of a taken name';

export type Protocol = {
  decide: typeof decide;
  apply: typeof apply;
  /** What the world does, and what the protocol believes of it. */
  engine: Engine;
  terms: Terms;
  /** The protection that is switched off. */
  without: Protection | null;
};

const timing = { settle_window_ms: 60_000, poll_interval_ms: 1000 };
/** A cancel stays, and a job begins with its create. */
export const plain: Engine = { start: 'at_create', stop: 'cancel', fence: 'file' };
/** It forgets what it has acknowledged, and lets a job wait for its release. */
export const forgetful: Engine = { start: 'held', stop: 'fence_then_cancel', fence: 'file' };

export const protocol = (without: Protection | null = null, engine: Engine = plain): Protocol => ({
  decide,
  apply: without === 'GET after cancel' ? believingTheReply : apply,
  engine: {
    ...engine,
    start: without === 'release' ? 'at_create' : engine.start,
    mute: without === 'heartbeat',
    deaf: without === 'end without its file',
    copies: without === 'taking of the file',
    endless: without === 'end of all requests',
    renames: without === 'name that is given once',
    refuses: without === 'doubt of a taken name',
    ...(without === 'tag or file' ? { shows: 'nothing' } : {}),
    bare: without === 'reference',
  },
  terms: {
    ...timing,
    start: engine.start,
    fence: engine.fence,
    stop: without === 'fence before the cancel' ? 'cancel' : engine.stop,
    ...(without === 'settle window' ? { settle_window_ms: 0 } : {}),
  },
  without,
});

/** Takes the answer to a cancel for the end of the job. */
const believingTheReply: typeof apply = (run, happening, now, given) => {
  const written = apply(run, happening, now, given);
  if (happening.kind !== 'cancel_answered' || happening.outcome.kind !== 'done' || !written) return written;
  const { outcome } = happening;
  return apply(written.run, { kind: 'polled', job: outcome.value, outcome }, now, given);
};
