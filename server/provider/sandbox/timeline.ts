// The course of a simulated job as a function of time: fixed when it is created, so that nothing has to tick.

/** Durations before the time scale, in milliseconds. */
export type Pace = {
  validating: number;
  queued: number;
  step: number;
  /** A training that would take longer has shorter steps. */
  longest_training: number;
};

/** About what a provider takes for a small file. */
export const REAL_PACE: Pace = {
  validating: 60_000,
  queued: 120_000,
  step: 2000,
  longest_training: Number.POSITIVE_INFINITY,
};

/** For somebody who looks on: little waiting, and a training that can be watched, and stopped, by hand. */
export const LIVELY_PACE: Pace = { validating: 2000, queued: 2000, step: 5000, longest_training: 600_000 };

/** Points in time in milliseconds since 1970. */
export type Timeline = {
  created_at: number;
  validated_at: number;
  started_at: number;
  step_ms: number;
  total_steps: number;
};

export type JobStatus = 'validating_files' | 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** How a job was ended from outside its timeline. */
export type Ending = { status: 'succeeded' | 'failed' | 'cancelled'; at: number; error: string | null };

export type Course = {
  timeline: Timeline;
  /** Why validation will fail; null when the file is fine. */
  invalid: string | null;
  ending: Ending | null;
};

export type Moment = {
  status: JobStatus;
  /** Steps completed. */
  step: number;
  finished_at: number | null;
  error: string | null;
};

export function planTimeline(
  now: number,
  total_steps: number,
  { timeScale, pace }: { timeScale: number; pace: Pace },
): Timeline {
  const validated_at = now + pace.validating / timeScale;
  return {
    created_at: now,
    validated_at,
    started_at: validated_at + pace.queued / timeScale,
    step_ms: Math.min(pace.step, pace.longest_training / total_steps) / timeScale,
    total_steps,
  };
}

/** What the job shows at the given time. */
export function momentOf({ timeline, invalid, ending }: Course, now: number): Moment {
  if (ending && now >= ending.at) {
    const step = ending.status === 'succeeded' ? timeline.total_steps : stepsBy(timeline, invalid, ending.at);
    return { status: ending.status, step, finished_at: ending.at, error: ending.error };
  }
  if (now < timeline.validated_at) return { status: 'validating_files', step: 0, finished_at: null, error: null };
  if (invalid !== null) return { status: 'failed', step: 0, finished_at: timeline.validated_at, error: invalid };
  if (now < timeline.started_at) return { status: 'queued', step: 0, finished_at: null, error: null };
  const step = stepsBy(timeline, invalid, now);
  return step < timeline.total_steps
    ? { status: 'running', step, finished_at: null, error: null }
    : { status: 'succeeded', step, finished_at: endOf(timeline), error: null };
}

export const endOf = ({ started_at, step_ms, total_steps }: Timeline) => started_at + step_ms * total_steps;

function stepsBy(timeline: Timeline, invalid: string | null, at: number): number {
  if (invalid !== null || at < timeline.started_at) return 0;
  return Math.min(timeline.total_steps, Math.floor((at - timeline.started_at) / timeline.step_ms));
}
