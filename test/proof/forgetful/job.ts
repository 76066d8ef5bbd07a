// A job of an engine that forgets, at each of its stages.
import type { LedgerJob } from '../../../server/provider/sandbox/entries.ts';

export type Stage = 'held' | 'released' | 'begun';

/** Among its metadata, beside our tag. */
export const STAGE = 'stage';
/** Its script has found no file to take, or has found that it had taken it before. */
export const REFUSED = 'it refused to start, since its training file was gone';
export const STARTED_BEFORE = 'it refused to start a second time';

/** Longer than any test. */
const FOR_EVER_MS = 1e13;

/** Undefined: it is none of those that wait to be released. */
export const stageOf = ({ metadata }: LedgerJob): Stage | undefined =>
  (['held', 'released', 'begun'] as const).find((stage) => stage === metadata?.[STAGE]);

/** Queued, until something is done about it. */
export function waiting(job: LedgerJob, stage: 'held' | 'released'): LedgerJob {
  const { created_at } = job.course.timeline;
  return at(job, stage, { validated_at: created_at, started_at: created_at + FOR_EVER_MS });
}

/** Running, until something is done about it. */
export function begun(job: LedgerJob): LedgerJob {
  const { created_at } = job.course.timeline;
  const running = at(job, 'begun', { validated_at: created_at, started_at: created_at });
  return { ...running, course: { ...running.course, invalid: null, ending: null } };
}

export function failedToBegin(job: LedgerJob, why: string, now: number): LedgerJob {
  const failed = at(job, 'begun', { validated_at: now });
  return { ...failed, course: { ...failed.course, invalid: why } };
}

function at(job: LedgerJob, stage: Stage, moments: Partial<LedgerJob['course']['timeline']>): LedgerJob {
  const timeline = { ...job.course.timeline, step_ms: FOR_EVER_MS, ...moments };
  return { ...job, metadata: { ...job.metadata, [STAGE]: stage }, course: { ...job.course, timeline } };
}
