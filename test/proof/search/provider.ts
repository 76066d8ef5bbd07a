// The provider of the abstract world: what a request does there, and what a look at it shows.

import type { Happening } from '../../../server/finetuning/lifecycle/apply.ts';
import type { Call } from '../../../server/finetuning/lifecycle/state.ts';
import { fileName } from '../../../server/finetuning/lifecycle/upload.ts';
import {
  isJobOf,
  type JobSearch,
  type Listing,
  type Outcome,
  type ProviderFile,
  type ProviderJob,
  type Refusal,
} from '../../../server/finetuning/provider.ts';
import { fileOf, type Job, jobIndex, jobName, type Request, RUN_ID, type World } from './world.ts';

type Reply = { value: ProviderJob | ProviderFile | { id: string } } | { refusal: Refusal };
export type Execution = { name: string; world: World; reply: Reply; fault?: 'lag' | 'lie' | 'alias' | 'slow' };

const refusal = (code: Refusal['code'], status: number): Refusal => ({ code, status, message: code });
export const busy = refusal('busy', 429);
export const invalid = refusal('invalid', 400);
export const missing = refusal('missing', 404);
const notReady = refusal('not_ready', 400);

const words = { active: 'running', succeeded: 'succeeded', failed: 'failed', cancelled: 'cancelled' } as const;

export const view = (index: number, job: Job, phase: keyof typeof words): ProviderJob => ({
  id: jobName(index),
  phase,
  provider_status: words[phase],
  shown_status: phase === 'active' ? (job.validating ? 'validating_files' : 'running') : null,
  model_id: phase === 'succeeded' ? 'model' : null,
  trained_tokens: null,
  error: phase === 'failed' ? 'it failed' : null,
  estimated_finish: null,
  training_file_id: job.file_id,
  tag: { goldtune_finetuning: RUN_ID, goldtune_attempt: String(job.attempt) },
});

/** Every way in which the provider may execute the request. */
export function execute(world: World, request: Request): Execution[] {
  switch (request.kind) {
    case 'upload': {
      const id = fileOf(request.attempt);
      const kept: World = { ...world, files: [...world.files, id] };
      const file = { id, name: fileName(RUN_ID, request.attempt) };
      const uploaded: Execution = { name: 'uploads', world: kept, reply: { value: { ...file, ready: true } } };
      if (world.budget.slow === 0) return [uploaded];
      const importing = { ...kept, importing: [...world.importing, id] };
      return [
        uploaded,
        { name: 'uploads and imports', world: importing, reply: { value: { ...file, ready: false } }, fault: 'slow' },
      ];
    }
    case 'create': {
      if (!world.files.includes(request.file_id))
        return [{ name: 'refuses the late create', world, reply: { refusal: invalid } }];
      if (world.importing.includes(request.file_id))
        // Said once: between one such answer and many nothing differs but the attempts.
        return [{ name: 'is still importing', world: { ...world, importing: [] }, reply: { refusal: notReady } }];
      const index = world.jobs.length;
      const { file_id, attempt } = request;
      const job: Job = { file_id, attempt, phase: 'active', visible: true, validating: false, trained: true };
      const made = (change: Partial<Job>): World => ({ ...world, jobs: [...world.jobs, { ...job, ...change }] });
      const value = view(index, job, 'active');
      const one = (name: string, change: Partial<Job> = {}, reply: Reply = { value }): Execution => ({
        name,
        world: made(change),
        reply,
      });
      const { lag, alias, slow } = world.budget;
      return [
        one('creates'),
        ...(lag > 0 ? [{ ...one('creates, not shown yet', { visible: false }), fault: 'lag' as const }] : []),
        ...(slow > 0 ? [{ ...one('creates and validates', { validating: true }), fault: 'slow' as const }] : []),
        ...(slow > 0 && lag > 0
          ? [
              {
                ...one('creates and validates, not shown yet', { validating: true, visible: false }),
                fault: 'slow' as const,
              },
            ]
          : []),
        ...(alias > 0
          ? [
              {
                ...one('creates under another id', {}, { value: { ...value, id: `alias-${index}` } }),
                fault: 'alias' as const,
              },
            ]
          : []),
      ];
    }
    case 'cancel': {
      const index = jobIndex(request.job_id);
      const job = world.jobs[index];
      if (!job || job.phase === 'forgotten') return [{ name: 'knows no such job', world, reply: { refusal: missing } }];
      if (job.phase !== 'active') return [{ name: 'refuses to cancel', world, reply: { refusal: invalid } }];
      const reply = { value: view(index, job, 'cancelled') };
      const done: Execution = { name: 'cancels', world: withJob(world, index, { phase: 'cancelled' }), reply };
      if (world.budget.lie === 0) return [done];
      return [done, { name: 'says it cancels', world, reply, fault: 'lie' }];
    }
    case 'delete_file': {
      if (!world.files.includes(request.file_id))
        return [{ name: 'knows no such file', world, reply: { refusal: missing } }];
      const files = world.files.filter((file) => file !== request.file_id);
      const importing = world.importing.filter((file) => file !== request.file_id);
      const jobs = world.jobs.map((job) =>
        job.file_id === request.file_id && job.validating && job.phase === 'active'
          ? { ...job, phase: 'failed' as const, validating: false, trained: false }
          : job,
      );
      const after = { ...world, files, importing, jobs };
      return [{ name: 'deletes the file', world: after, reply: { value: { id: request.file_id } } }];
    }
    default:
      return request satisfies never;
  }
}

export const withJob = (world: World, index: number, change: Partial<Job>): World => ({
  ...world,
  jobs: world.jobs.map((job, at) => (at === index ? { ...job, ...change } : job)),
});

/** What a GET of the job shows. */
export function showJob(world: World, id: string): Outcome<ProviderJob> {
  const index = jobIndex(id);
  const job = world.jobs[index];
  return job?.visible && job.phase !== 'forgotten'
    ? { kind: 'done', value: view(index, job, job.phase) }
    : { kind: 'refused', refusal: missing };
}

/** Whether a job that has failed had trained is seen in its progress. */
export const progressOf = (world: World, id: string) =>
  world.jobs[jobIndex(id)]?.trained ? { step: 1, total_steps: null, train_loss: null, valid_loss: null } : null;

/** What the list shows of the jobs that are looked for. */
export const listJobs = (world: World, wanted: JobSearch): Outcome<Listing<ProviderJob>> => ({
  kind: 'done',
  value: {
    found: world.jobs.flatMap((job, index) => {
      if (!job.visible || job.phase === 'forgotten') return [];
      const shown = view(index, job, job.phase);
      return isJobOf(wanted, shown) ? [shown] : [];
    }),
    incomplete: null,
  },
});

const viewFile = (world: World, id: string): ProviderFile => ({
  id,
  name: fileName(RUN_ID, Number(id.slice('file-'.length))),
  ready: !world.importing.includes(id),
});

export const showFile = (world: World, id: string): Outcome<ProviderFile> =>
  world.files.includes(id) ? { kind: 'done', value: viewFile(world, id) } : { kind: 'refused', refusal: missing };

export const listFiles = (world: World): Outcome<Listing<ProviderFile>> => ({
  kind: 'done',
  value: { found: world.files.map((id) => viewFile(world, id)), incomplete: null },
});

/** The answer to a call as the domain is told of it. */
export function answered(call: Call, outcome: Outcome<Extract<Reply, { value: unknown }>['value']>): Happening {
  const as = <T extends { id: string }>(isIt: (value: { id: string }) => value is T): Outcome<T> => {
    if (outcome.kind !== 'done') return outcome;
    if (!isIt(outcome.value)) throw new Error(`this is no answer to ${call.kind}`);
    return { kind: 'done', value: outcome.value };
  };
  const isFile = (value: { id: string }): value is ProviderFile => 'name' in value;
  const isJob = (value: { id: string }): value is ProviderJob => 'phase' in value;
  switch (call.kind) {
    case 'upload':
      return { kind: 'upload_answered', call_id: call.id, outcome: as(isFile) };
    case 'create':
      return { kind: 'create_answered', call_id: call.id, outcome: as(isJob) };
    case 'cancel':
      return { kind: 'cancel_answered', call_id: call.id, outcome: as(isJob) };
    case 'delete_file':
      return { kind: 'delete_file_answered', call_id: call.id, outcome };
    default:
      return call satisfies never;
  }
}
