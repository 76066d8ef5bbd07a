// Ledger entries in OpenAI's wire format, held to the types of its own client.
import type { FileObject } from 'openai/resources/files';
import type { FineTuningJob } from 'openai/resources/fine-tuning/jobs';
import type { LedgerFile, LedgerJob } from './entries.ts';
import { endOf, momentOf } from './timeline.ts';

export const ORGANIZATION = 'org-sandbox';

const seconds = (ms: number) => Math.floor(ms / 1000);

export const viewFile = (file: LedgerFile): FileObject => ({
  id: file.id,
  object: 'file',
  bytes: file.bytes,
  created_at: seconds(file.created_at),
  filename: file.filename,
  purpose: 'fine-tune',
  status: 'processed',
});

export function viewJob(job: LedgerJob, now: number): FineTuningJob {
  const { timeline } = job.course;
  const moment = momentOf(job.course, now);
  const succeeded = moment.status === 'succeeded';
  return {
    id: job.id,
    object: 'fine_tuning.job',
    model: job.model,
    created_at: seconds(timeline.created_at),
    finished_at: moment.finished_at === null ? null : seconds(moment.finished_at),
    fine_tuned_model: succeeded ? modelName(job) : null,
    organization_id: ORGANIZATION,
    result_files: succeeded ? [`file-sandbox-results-${job.id}`] : [],
    status: moment.status,
    validation_file: job.validation_file,
    training_file: job.training_file,
    hyperparameters: job.hyperparameters,
    method: { type: 'supervised', supervised: { hyperparameters: job.hyperparameters } },
    trained_tokens: succeeded ? job.trained_tokens : null,
    error:
      moment.error === null
        ? null
        : {
            code: job.course.invalid === null ? 'sandbox_failure' : 'invalid_training_file',
            message: moment.error,
            param: job.course.invalid === null ? null : 'training_file',
          },
    estimated_finish: moment.status === 'running' ? seconds(endOf(timeline)) : null,
    integrations: [],
    seed: job.seed,
    metadata: job.metadata,
  };
}

/** Nobody can mistake it for a model that was trained. */
export const modelName = (job: LedgerJob) => `ft:${job.model}:sandbox:${job.suffix ?? ''}:${job.id.slice(-8)}`;
