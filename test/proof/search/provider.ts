// The provider of the abstract world: what a request does there, and what a look at it shows.

import type { Happening } from '../../../server/finetuning/lifecycle/apply.ts';
import type { Call } from '../../../server/finetuning/lifecycle/state.ts';
import { fileName } from '../../../server/finetuning/lifecycle/upload.ts';
import {
  isJobOf,
  isSameJob,
  type JobRef,
  type JobSearch,
  type Listing,
  type Outcome,
  type ProviderFile,
  type ProviderJob,
  type Refusal,
} from '../../../server/finetuning/provider.ts';
import { corrected, fromShare, killed } from './processes.ts';
import {
  type Engine,
  fileOf,
  type Job,
  jobIndex,
  type Process,
  processOf,
  type Request,
  RUN_ID,
  refOf,
  saves,
  takesFile,
  type World,
} from './world.ts';

type Reply = { value: ProviderJob | ProviderFile | { id: string } } | { refusal: Refusal } | { unknown: string };
export type Execution = { name: string; world: World; reply: Reply; fault?: 'lag' | 'lie' | 'alias' | 'slow' };

const refusal = (code: Refusal['code'], status: number): Refusal => ({ code, status, message: code });
export const busy = refusal('busy', 429);
export const invalid = refusal('invalid', 400);
export const missing = refusal('missing', 404);
const notReady = refusal('not_ready', 400);
export const NAME_TAKEN = 'that name is taken';

const words = { active: 'running', succeeded: 'succeeded', failed: 'failed', cancelled: 'cancelled' } as const;

const view = (index: number, job: Job, phase: keyof typeof words, { shows }: Engine): ProviderJob => ({
  ...refOf(index, job),
  phase,
  held: job.held && phase === 'active',
  ...(phase === 'failed' && !job.trained ? { never_trained: true } : {}),
  provider_status: words[phase],
  shown_status: phase !== 'active' ? null : job.validating ? 'validating_files' : job.waiting ? 'queued' : 'running',
  model_id: phase === 'succeeded' ? 'model' : null,
  trained_tokens: null,
  error: phase === 'failed' ? 'it failed' : null,
  estimated_finish: null,
  training_file_id: job.foreign || shows === 'tag' || shows === 'nothing' ? null : job.file_id,
  tag:
    job.foreign || shows === 'file' || shows === 'nothing'
      ? {}
      : { goldtune_finetuning: RUN_ID, goldtune_attempt: String(job.attempt) },
});

/** As it is shown at this moment. */
const shownJob = (world: World, index: number, job: Job): ProviderJob =>
  corrected(world, job, view(index, job, job.phase === 'forgotten' ? 'cancelled' : job.phase, world.engine));

/** What the share shows of a job that its engine does not show. */
function shareOf(world: World, process: Process): ProviderJob | null {
  const { index, incarnation, file_id, attempt } = process;
  const bare = world.engine.bare === true;
  const shown = view(index, { ...newJob, incarnation, file_id, attempt, bare }, 'failed', world.engine);
  return fromShare(world, process, shown);
}

const newJob: Job = {
  file_id: '',
  attempt: 0,
  phase: 'active',
  visible: true,
  validating: false,
  trained: true,
  incarnation: 0,
  bare: false,
  held: false,
  waiting: false,
  stopping: false,
  foreign: false,
};

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
      const { named: isNamed, renames, refuses } = world.engine;
      if (isNamed && !renames && world.jobs.some((job) => !job.foreign && job.attempt === request.attempt)) {
        // Whose it is, an answer does not tell.
        const reply: Reply = refuses ? { refusal: invalid } : { unknown: NAME_TAKEN };
        return [{ name: 'has a job of that name', world, reply }];
      }
      if (world.engine.fence === 'file' && !world.files.includes(request.file_id))
        return [{ name: 'refuses the late create', world, reply: { refusal: invalid } }];
      if (world.importing.includes(request.file_id))
        // Said once: between one such answer and many nothing differs but the attempts.
        return [{ name: 'is still importing', world: { ...world, importing: [] }, reply: { refusal: notReady } }];
      const index = world.jobs.length;
      const { file_id, attempt } = request;
      const begins = takesFile(world.engine);
      const job: Job = {
        ...newJob,
        file_id,
        attempt,
        trained: !begins,
        incarnation: world.made,
        bare: world.engine.bare === true,
        held: world.engine.start === 'held',
        waiting: begins,
      };
      const made = (change: Partial<Job>): World => ({
        ...world,
        made: world.made + 1,
        jobs: [...world.jobs, { ...job, ...change }],
      });
      const value = view(index, job, 'active', world.engine);
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
    case 'release': {
      const { index, job } = named(world, request.job);
      if (!job || job.phase === 'forgotten') return [{ name: 'knows no such job', world, reply: { refusal: missing } }];
      if (job.phase !== 'active') return [{ name: 'refuses to release', world, reply: { refusal: invalid } }];
      const reply = { value: view(index, { ...job, held: false }, 'active', world.engine) };
      return [{ name: 'releases', world: withJob(world, index, { held: false }), reply }];
    }
    case 'cancel': {
      const { index, job } = named(world, request.job);
      if (!job || job.phase === 'forgotten') return [{ name: 'knows no such job', world, reply: { refusal: missing } }];
      if (job.phase !== 'active' || job.stopping)
        return [{ name: 'refuses to cancel', world, reply: { refusal: invalid } }];
      const reply = { value: view(index, job, 'cancelled', world.engine) };
      const done: Execution = world.engine.cancels?.asynchronous
        ? { name: 'begins to cancel', world: withJob(world, index, { stopping: true }), reply }
        : { name: 'cancels', world: cancelled(world, index, job), reply };
      if (world.budget.lie === 0) return [done];
      return [done, { name: 'says it cancels', world, reply, fault: 'lie' }];
    }
    case 'delete_file': {
      if (!filesOf(world).includes(request.file_id))
        return [{ name: 'knows no such file', world, reply: { refusal: missing } }];
      const files = world.files.filter((file) => file !== request.file_id);
      const taken = world.taken.filter((file) => file !== request.file_id);
      const importing = world.importing.filter((file) => file !== request.file_id);
      const jobs = world.jobs.map((job) =>
        job.file_id === request.file_id && job.validating && !job.waiting && job.phase === 'active'
          ? { ...job, phase: 'failed' as const, validating: false, trained: false }
          : job,
      );
      const after = { ...world, files, taken, importing, jobs };
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

/** What the engine knows that it runs ends with it. */
export function cancelled(world: World, index: number, job: Job): World {
  const after = withJob(world, index, { phase: 'cancelled', stopping: false });
  return job.waiting ? after : saves(killed(after, job));
}

/** Also those that a job has taken. */
export const filesOf = ({ files, taken }: World) => [...files, ...taken];

/** Under its id, unless that has become another's. */
function named(world: World, ref: JobRef): { index: number; job: Job | undefined } {
  const index = jobIndex(ref.id);
  const job = world.jobs[index];
  return { index, job: job && isSameJob(ref, refOf(index, job)) ? job : undefined };
}

/** What a GET of the job shows: where its engine shows none under the id, or another, what the share shows. */
export function showJob(world: World, ref: JobRef): Outcome<ProviderJob> {
  const index = jobIndex(ref.id);
  const job = world.jobs[index];
  const shown = job?.visible && job.phase !== 'forgotten' ? shownJob(world, index, job) : null;
  const process = ref.incarnation === null ? undefined : processOf(world, Number(ref.incarnation));
  const own = process && !(shown && isSameJob(ref, shown)) ? shareOf(world, process) : null;
  const value = own ?? shown;
  return value ? { kind: 'done', value } : { kind: 'refused', refusal: missing };
}

/** Whether a job that has failed had trained is seen in its progress; of one that takes its file, nowhere. */
export const progressOf = (world: World, id: string) =>
  world.jobs[jobIndex(id)]?.trained && !takesFile(world.engine)
    ? { step: 1, total_steps: null, train_loss: null, valid_loss: null }
    : null;

/** What the list shows of the jobs that are looked for. */
export function listJobs(world: World, wanted: JobSearch): Outcome<Listing<ProviderJob>> {
  const listed = listAll(world).filter((job) => isJobOf(wanted, job));
  const others = world.processes.flatMap((process) => {
    const isWanted =
      wanted.file_ids.includes(process.file_id) && !listed.some((job) => job.training_file_id === process.file_id);
    return (isWanted && shareOf(world, process)) || [];
  });
  return { kind: 'done', value: { found: [...listed, ...others], incomplete: null } };
}

/** All that the engine itself shows. */
export const listAll = (world: World): ProviderJob[] =>
  world.jobs.flatMap((job, index) => (job.visible && job.phase !== 'forgotten' ? [shownJob(world, index, job)] : []));

const viewFile = (world: World, id: string): ProviderFile => ({
  id,
  name: fileName(RUN_ID, Number(id.slice('file-'.length))),
  ready: !world.importing.includes(id),
});

export const showFile = (world: World, id: string): Outcome<ProviderFile> =>
  filesOf(world).includes(id) ? { kind: 'done', value: viewFile(world, id) } : { kind: 'refused', refusal: missing };

export const listFiles = (world: World): Outcome<Listing<ProviderFile>> => ({
  kind: 'done',
  value: { found: filesOf(world).map((id) => viewFile(world, id)), incomplete: null },
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
    case 'release':
      return { kind: 'release_answered', call_id: call.id, outcome: as(isJob) };
    case 'cancel':
      return { kind: 'cancel_answered', call_id: call.id, outcome: as(isJob) };
    case 'delete_file':
      return { kind: 'delete_file_answered', call_id: call.id, outcome };
    default:
      return call satisfies never;
  }
}
