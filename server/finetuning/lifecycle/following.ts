// Following many runs by their provider's list: what of a list spares a look at a job, and which runs that can be. Pure.
// A list concludes nothing. It can only show that a job is as it is known to be; whatever else it shows, or does not
// show, is looked at by a GET of the job itself, as is each run in turn, so that a list that is stale hides no end for ever.
import type { JobRef, ProviderJob } from '../provider.ts';
import { isAnother } from './job-search.ts';
import { isTerminal, jobOf, type State } from './state.ts';

/** All that following needs to know of a run that is due. */
export type DueRun = {
  id: string;
  provider_ledger: string;
  version: number;
  due_at: string;
  failures: number;
  state: Pick<
    State,
    'status' | 'intent' | 'job_id' | 'job_name' | 'job_incarnation' | 'job_stage' | 'provider_status' | 'gone_since'
  >;
  isWaiting: boolean;
  hasOpenCall: boolean;
  /** When the provider was last asked about this run alone. */
  asked_at: string | null;
};

/** The job that a look at the run would ask for, and nothing but that; null where something else is to be done, or may be. */
export function followedJob({ state, failures, isWaiting, hasOpenCall }: DueRun): JobRef | null {
  const isPlain = state.intent === 'run' && !isTerminal(state.status) && failures === 0 && !isWaiting && !hasOpenCall;
  return isPlain && state.job_stage === null && state.gone_since === null ? jobOf(state) : null;
}

/** Whether the run's job is shown as it was seen last: a look at it would bring no news, but for its progress. */
export function isAsKnown(run: DueRun, shown: ProviderJob): boolean {
  const job = followedJob(run);
  return (
    job !== null &&
    shown.id === job.id &&
    !isAnother(run, job, shown) &&
    shown.phase === 'active' &&
    !shown.held &&
    !shown.note &&
    shown.provider_status === run.state.provider_status &&
    (shown.shown_status === null || shown.shown_status === run.state.status)
  );
}

/** So many are looked at one by one, with their progress. */
const FEW = 10;
/** Of more than these one in so many at each interval: each run's turn comes after as many intervals at the latest. */
const TURNS = 100;

export const isWorthListing = (due: number) => due > FEW;

/** Those whose turn it is to be looked at one by one: the ones that were not for longest. */
export function inTurn<R extends Pick<DueRun, 'asked_at'>>(runs: readonly R[]): { alone: R[]; listed: R[] } {
  const ordered = runs.toSorted((one, other) => ((one.asked_at ?? '') < (other.asked_at ?? '') ? -1 : 1));
  const turns = FEW + Math.floor(runs.length / TURNS);
  return { alone: ordered.slice(0, turns), listed: ordered.slice(turns) };
}

/**
 * As many pages as are read for so many runs. Newest come first, so those of old runs may be behind many that have ended:
 * a list that does not show them soon costs a small part of what it was to spare.
 */
export const mostPages = (runs: number) => 5 + Math.ceil(runs / 40);
