// What the conformance suite uploads and creates: each under a name of its own, so that it may share a world.
import { randomBytes } from 'node:crypto';
import type {
  JobRef,
  JobRequest,
  JobTag,
  Outcome,
  ProviderFile,
  ProviderJob,
} from '../../../server/finetuning/provider.ts';
import { until } from '../../until.ts';
import type { World } from './world.ts';

export const PATIENCE_MS = 60_000;

/** A run of goldtune's that nobody else has. */
export const newTag = (deployment = 'conformance'): JobTag => ({
  goldtune_finetuning: randomBytes(12).toString('hex'),
  goldtune_attempt: '1',
  goldtune_deployment: deployment,
});

/** Enough for every provider that says how few are too few. */
const content = Array.from({ length: 12 }, (_, index) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: `How many orders has customer ${index}?` },
      { role: 'assistant', content: `SELECT count(*) FROM orders WHERE customer_id = ${index}` },
    ],
  }),
).join('\n');

export const upload = (world: World, tag: JobTag) => {
  const name = `${tag.goldtune_finetuning}.${tag.goldtune_attempt}.jsonl`;
  return world.provider.uploadFile(new File([content], name), PATIENCE_MS);
};

export const requestFor = (world: World, file: string, tag: JobTag): JobRequest => ({
  model_name: world.model,
  training_file_id: file,
  n_epochs: 2,
  batch_size: 'auto',
  learning_rate_multiplier: 'auto',
  learning_rate: null,
  lora: null,
  suffix: 'conformance',
  tag,
});

/** @throws Error with the outcome where it was not carried out. */
export function done<T>(outcome: Outcome<T>): T {
  if (outcome.kind !== 'done') throw new Error(`not carried out: ${JSON.stringify(outcome)}`);
  return outcome.value;
}

export const refOf = ({ id, name, incarnation }: JobRef): JobRef => ({ id, name, incarnation });

export type Submitted = { file: ProviderFile; job: JobRef; tag: JobTag };

/** A job as a run has it: created, and where jobs are held, not released yet. */
export async function submit(world: World, tag = newTag()): Promise<Submitted> {
  const file = done(await upload(world, tag));
  const job = done(await world.provider.createJob(requestFor(world, file.id, tag)));
  return { file, job: refOf(job), tag };
}

/** Released, where jobs are held. */
export async function start(world: World, tag = newTag()): Promise<Submitted> {
  const submitted = await submit(world, tag);
  if (world.provider.releaseJob) done(await world.provider.releaseJob(submitted.job));
  return submitted;
}

/** What the provider shows of it, once it shows that the job is over. */
export const shownOver = (world: World, job: JobRef): Promise<ProviderJob> =>
  until(async () => {
    const shown = await world.provider.getJob(job);
    return shown.kind === 'done' && shown.value.phase !== 'active' ? shown.value : null;
  }, `the provider shows job ${job.id} as over`);

/** @throws Error where the world has no such job. */
export async function inWorld(world: World, { id }: JobRef) {
  const found = (await world.jobs()).find((job) => job.id === id);
  if (!found) throw new Error(`there is no job ${id}`);
  return found;
}
