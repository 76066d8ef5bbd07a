// The provider of the abstract world: what a request does there, and what a look at it shows.

import type { Happening } from '../../../server/finetuning/lifecycle/apply.ts';
import type { Call } from '../../../server/finetuning/lifecycle/state.ts';
import { fileName } from '../../../server/finetuning/lifecycle/submission.ts';
import type { Outcome, ProviderFile, ProviderJob, Refusal } from '../../../server/finetuning/provider.ts';
import { fileOf, type Job, jobIndex, jobName, type Request, RUN_ID, type World } from './world.ts';

type Reply = { value: ProviderJob | ProviderFile | { id: string } } | { refusal: Refusal };
export type Execution = { name: string; world: World; reply: Reply; fault?: 'lag' | 'lie' };

const refusal = (code: Refusal['code'], status: number): Refusal => ({ code, status, message: code });
export const busy = refusal('busy', 429);
export const invalid = refusal('invalid', 400);
export const missing = refusal('missing', 404);

const words = { active: 'running', succeeded: 'succeeded', failed: 'failed', cancelled: 'cancelled' } as const;

export const view = (index: number, phase: keyof typeof words, file_id: string): ProviderJob => ({
  id: jobName(index),
  phase,
  provider_status: words[phase],
  shown_status: phase === 'active' ? 'running' : null,
  model_id: phase === 'succeeded' ? 'model' : null,
  trained_tokens: null,
  error: phase === 'failed' ? 'it failed' : null,
  estimated_finish: null,
  training_file_id: file_id,
  tag: { goldtune_finetuning: RUN_ID },
});

/** Every way in which the provider may execute the request. */
export function execute(world: World, request: Request): Execution[] {
  switch (request.kind) {
    case 'upload': {
      const id = fileOf(request.attempt);
      return [
        {
          name: 'uploads',
          world: { ...world, files: [...world.files, id] },
          reply: { value: { id, name: fileName(RUN_ID, request.attempt) } },
        },
      ];
    }
    case 'create': {
      if (!world.files.includes(request.file_id))
        return [{ name: 'refuses the late create', world, reply: { refusal: invalid } }];
      const index = world.jobs.length;
      const made = (visible: boolean): World => ({
        ...world,
        jobs: [...world.jobs, { file_id: request.file_id, phase: 'active', visible }],
      });
      const reply = { value: view(index, 'active', request.file_id) };
      const shown: Execution = { name: 'creates', world: made(true), reply };
      if (world.budget.lag === 0) return [shown];
      return [shown, { name: 'creates, not shown yet', world: made(false), reply, fault: 'lag' }];
    }
    case 'cancel': {
      const index = jobIndex(request.job_id);
      const job = world.jobs[index];
      if (!job || job.phase === 'forgotten') return [{ name: 'knows no such job', world, reply: { refusal: missing } }];
      if (job.phase !== 'active') return [{ name: 'refuses to cancel', world, reply: { refusal: invalid } }];
      const reply = { value: view(index, 'cancelled', job.file_id) };
      const done: Execution = { name: 'cancels', world: withJob(world, index, { phase: 'cancelled' }), reply };
      if (world.budget.lie === 0) return [done];
      return [done, { name: 'says it cancels', world, reply, fault: 'lie' }];
    }
    case 'delete_file': {
      if (!world.files.includes(request.file_id))
        return [{ name: 'knows no such file', world, reply: { refusal: missing } }];
      const files = world.files.filter((file) => file !== request.file_id);
      return [{ name: 'deletes the file', world: { ...world, files }, reply: { value: { id: request.file_id } } }];
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
    ? { kind: 'done', value: view(index, job.phase, job.file_id) }
    : { kind: 'refused', refusal: missing };
}

/** What the list shows of the jobs trained on a file. */
export const listJobs = (world: World, file_id: string | null): Outcome<ProviderJob[]> => ({
  kind: 'done',
  value: world.jobs.flatMap((job, index) =>
    job.visible && job.phase !== 'forgotten' && job.file_id === file_id ? [view(index, job.phase, job.file_id)] : [],
  ),
});

export const listFiles = (world: World): Outcome<ProviderFile[]> => ({
  kind: 'done',
  value: world.files.map((id) => ({ id, name: fileName(RUN_ID, Number(id.slice(5))) })),
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
