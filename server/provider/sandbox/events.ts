// The events and checkpoints of a simulated job: each computed from its place, so that a list of any length costs a page.
import type { FineTuningJobEvent } from 'openai/resources/fine-tuning/jobs';
import type { FineTuningJobCheckpoint } from 'openai/resources/fine-tuning/jobs/checkpoints';
import type { LedgerJob } from './entries.ts';
import { type Moment, momentOf } from './timeline.ts';
import { modelName } from './wire.ts';

/** A page of events, newest first. `after`: the id the last page ended with. Null: there is no such event. */
export function eventsPage(
  job: LedgerJob,
  now: number,
  page: { limit: number; after: string | null },
): { data: FineTuningJobEvent[]; has_more: boolean } | null {
  const moment = momentOf(job.course, now);
  const messages = messagesBefore(job, moment);
  const count = messages.length + moment.step + (moment.finished_at === null ? 0 : 1);
  const placeOf = (id: string) => Number(id.slice(id.lastIndexOf('-') + 1));
  const start = page.after === null ? count - 1 : placeOf(page.after) - 1;
  if (!Number.isInteger(start)) return null;

  const data: FineTuningJobEvent[] = [];
  for (let place = start; place >= 0 && data.length < page.limit; place--) {
    const step = place - messages.length + 1;
    if (place < messages.length) data.push(message(job, place, messages[place] ?? { at: 0, text: '' }));
    else if (step <= moment.step) data.push(metrics(job, place, step));
    else
      data.push(
        message(job, place, { at: moment.finished_at ?? 0, text: farewell(job, moment) }, moment.status === 'failed'),
      );
  }
  return { data, has_more: start - data.length >= 0 };
}

type Message = { at: number; text: string };

function messagesBefore(job: LedgerJob, moment: Moment): Message[] {
  const { timeline, invalid } = job.course;
  const until = moment.finished_at ?? Number.POSITIVE_INFINITY;
  const reached = { validating_files: 1, queued: 2, running: 3, succeeded: 3, failed: 3, cancelled: 3 }[moment.status];
  return [
    { at: timeline.created_at, text: `sandbox: created job ${job.id}; nothing is trained` },
    { at: timeline.validated_at, text: 'sandbox: files validated, moving job to queued state' },
    { at: timeline.started_at, text: 'sandbox: simulated training started; nothing is trained' },
  ].filter(({ at }, place) => place < reached && at <= until && (place === 0 || invalid === null));
}

function farewell(job: LedgerJob, moment: Moment): string {
  switch (moment.status) {
    case 'succeeded':
      return `sandbox: the job has completed; nothing was trained, and no model ${modelName(job)} exists`;
    case 'cancelled':
      return 'sandbox: the job has been cancelled; nothing was trained';
    default:
      return `sandbox: the job failed: ${moment.error ?? ''}`;
  }
}

const envelope = (job: LedgerJob, place: number, at: number) => ({
  // The same place is the same event, so that readers can tell what they have seen.
  id: `ftevent-${job.id.slice(6)}-${place}`,
  object: 'fine_tuning.job.event' as const,
  created_at: Math.floor(at / 1000),
});

const message = (job: LedgerJob, place: number, { at, text }: Message, isError = false): FineTuningJobEvent => ({
  ...envelope(job, place, at),
  level: isError ? 'error' : 'info',
  type: 'message',
  message: text,
  data: {},
});

function metrics(job: LedgerJob, place: number, step: number): FineTuningJobEvent {
  const { timeline } = job.course;
  const data = metricsAt(job, step);
  return {
    ...envelope(job, place, timeline.started_at + step * timeline.step_ms),
    level: 'info',
    type: 'metrics',
    message: `sandbox: step ${step}/${timeline.total_steps}: made-up training loss=${data.train_loss.toFixed(2)}`,
    data,
  };
}

/** A curve that looks like learning, the same at every look. */
function metricsAt(job: LedgerJob, step: number) {
  const { total_steps } = job.course.timeline;
  const noise = Math.sin(step * 12.9898 + job.seed) * 0.05;
  const train_loss = (0.15 + 1.85 * Math.exp((-4 * step) / total_steps)) * (1 + noise);
  const interval = Math.max(1, Math.floor(total_steps / 20));
  return {
    step,
    total_steps,
    train_loss,
    train_mean_token_accuracy: 1 - train_loss / 3,
    ...(step % interval === 0 || step === total_steps ? { valid_loss: train_loss * 1.1 } : {}),
  };
}

/** One at the end of each pass over the examples, newest first. */
export function checkpoints(job: LedgerJob, now: number): FineTuningJobCheckpoint[] {
  const { timeline } = job.course;
  const { step } = momentOf(job.course, now);
  const { n_epochs } = job.hyperparameters;
  const passes = n_epochs === 'auto' ? 3 : n_epochs;
  return Array.from({ length: passes }, (_, index) => Math.ceil((timeline.total_steps * (index + 1)) / passes))
    .filter((end) => end <= step)
    .reverse()
    .map((end) => ({
      id: `ftckpt_${job.id.slice(6)}_${end}`,
      object: 'fine_tuning.job.checkpoint',
      created_at: Math.floor((timeline.started_at + end * timeline.step_ms) / 1000),
      fine_tuned_model_checkpoint: `${modelName(job)}:ckpt-step-${end}`,
      fine_tuning_job_id: job.id,
      metrics: metricsAt(job, end),
      step_number: end,
    }));
}
