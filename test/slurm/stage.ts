// What a test on a real Slurm works with: the cluster, a provider that trains on it, and what has really happened there.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'vitest';
import { type Cluster, startCluster } from '../../examples/slurm/local/cluster.ts';
import { noSlurmHere } from '../../examples/slurm/local/packages.ts';
import { processesOf } from '../../examples/slurm/local/processes.ts';
import { tinyCommand } from '../../examples/slurm/local/tiny-command.ts';
import type { JobRequest, JobTag, Outcome, Provider, ProviderJob } from '../../server/finetuning/provider.ts';
import { foldersOf } from '../../server/provider/slurm/folders.ts';
import { type SlurmOptions, slurmProvider } from '../../server/provider/slurm/provider.ts';
import { SCRATCH } from '../scratch.ts';
import { until } from '../until.ts';

const absent = noSlurmHere();

/** Where no Slurm can be started its tests are skipped, and their title says why. @param otherwise what else is missing here */
export function describeOnSlurm(title: string, tests: () => void, otherwise: string | null = null) {
  const missing = absent ?? otherwise;
  return missing === null ? describe(title, tests) : describe.skip(`${title} (skipped: ${missing})`, tests);
}

const PATIENCE_MS = 60_000;
/** A step takes this long, so that a training is there to be stopped. */
const STEP_MS = 20;
/** More steps than any test waits for. */
export const ENDLESS = 100_000;

export class Stage {
  readonly cluster: Cluster;
  readonly provider: Provider;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
    this.provider = this.providerWith({});
  }

  /** One more on the same cluster, set up otherwise. */
  providerWith(options: Partial<SlurmOptions>): Provider {
    const { address, apiVersion, user, token, shared, partition } = this.cluster;
    return slurmProvider({
      name: 'own-gpus',
      address,
      apiVersion,
      user,
      token,
      directory: shared,
      command: tinyCommand(`--pause-ms ${STEP_MS}`),
      partition,
      models: [],
      timeoutMs: PATIENCE_MS,
      ledger: 'slurm',
      ...options,
    });
  }

  /** A held job of a new finetuning, as the provider shows it, and its file. */
  async create(options: { provider?: Provider; epochs?: number; request?: Partial<JobRequest> } = {}): Promise<Made> {
    const provider = options.provider ?? this.provider;
    const made = await upload(provider);
    const job = done(
      await provider.createJob(request(made, { n_epochs: options.epochs ?? ENDLESS, ...options.request })),
    );
    return { ...made, job: done(await provider.getJob(job)) };
  }

  async release({ job }: Made, provider = this.provider): Promise<void> {
    done(await provider.releaseJob?.(job));
  }

  /** A job that trains. */
  async running(options: Parameters<Stage['create']>[0] = {}): Promise<Made> {
    const made = await this.create(options);
    await this.release(made, options?.provider);
    await until(async () => (await this.steps(made)).length > 2, 'it trains');
    return made;
  }

  /** A job that is released, and waits since the node is full. */
  async pending(): Promise<Made & { blocker: Made }> {
    const whole = this.providerWith({ submit: { tasks: 2 } });
    const blocker = await this.running({ provider: whole });
    const made = await this.create();
    await this.release(made);
    return { ...made, blocker };
  }

  /** Removes the file, then cancels, as a run that is to be stopped does. */
  async stop({ file, job }: Made): Promise<Outcome<ProviderJob>> {
    await this.provider.deleteFile(file);
    return this.provider.cancelJob(job);
  }

  /** The job as it is shown once it is over. */
  over({ job }: Made): Promise<ProviderJob> {
    return until(async () => {
      const shown = await this.provider.getJob(job);
      return shown.kind === 'done' && shown.value.phase !== 'active' ? shown.value : null;
    }, `job ${job.id} is over`);
  }

  /** Processes of it, as the operating system lists them. */
  processes(made: Made): string[] {
    return this.table(made).map(({ command }) => command);
  }

  table({ file }: Made) {
    return processesOf(foldersOf(this.cluster.shared).job(file).root);
  }

  /** The steps it has trained, by the trainer's own output. */
  async steps({ file }: Made): Promise<number[]> {
    const log = join(foldersOf(this.cluster.shared).job(file).output, 'trainer_log.jsonl');
    const text = await readFile(log, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Number(JSON.parse(line).current_steps));
  }

  /** Waits until nothing of it runs, and says how far it had come then. */
  async stood(made: Made): Promise<number> {
    await until(
      () => this.processes(made).length === 0,
      () => `nothing of ${made.file} runs: ${this.processes(made)}`,
    );
    return (await this.steps(made)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster[Symbol.asyncDispose]();
  }
}

export type Made = { finetuning: string; file: string; tag: JobTag; job: ProviderJob };

export async function startStage(options: Parameters<typeof startCluster>[0] = {}): Promise<Stage> {
  return new Stage(await startCluster({ parent: SCRATCH, ...options }));
}

export async function upload(provider: Provider): Promise<Omit<Made, 'job'>> {
  const finetuning = randomBytes(12).toString('hex');
  const tag = { goldtune_finetuning: finetuning, goldtune_attempt: '1', goldtune_deployment: 'default' };
  const uploaded = await provider.uploadFile(new File([records], `${finetuning}.1.jsonl`), PATIENCE_MS);
  return { finetuning, file: done(uploaded).id, tag };
}

export const request = (made: { file: string; tag: JobTag }, more: Partial<JobRequest> = {}): JobRequest => ({
  model_name: 'bigram',
  training_file_id: made.file,
  n_epochs: 3,
  batch_size: 'auto',
  learning_rate_multiplier: 'auto',
  learning_rate: null,
  lora: null,
  suffix: null,
  tag: made.tag,
  ...more,
});

const records = Array.from({ length: 12 }, (_, index) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: `How many books have an id above ${index}?` },
      { role: 'assistant', content: `SELECT count(*) FROM books WHERE id > ${index}` },
    ],
  }),
).join('\n');

/** @throws Error that says what came instead */
export function done<T>(outcome: Outcome<T> | undefined): T {
  if (outcome?.kind !== 'done') throw new Error(`it was not done: ${JSON.stringify(outcome)}`);
  return outcome.value;
}
