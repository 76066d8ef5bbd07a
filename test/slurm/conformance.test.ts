// The conformance suite on a real Slurm, one for all of its tests; what is true there is the process table and the folders.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { processesOf } from '../../examples/slurm/local/processes.ts';
import type { JobRef } from '../../server/finetuning/provider.ts';
import { foldersOf } from '../../server/provider/slurm/folders.ts';
import { slurmGuarantees } from '../../server/provider/slurm/guarantees.ts';
import { fileOfJobName } from '../../server/provider/slurm/names.ts';
import { conformance } from '../provider/conformance/conformance.ts';
import { submit } from '../provider/conformance/request.ts';
import type { Mutation, World } from '../provider/conformance/world.ts';
import { until } from '../until.ts';
import { losingFront } from './losing-front.ts';
import { describeOnSlurm, done, type Stage, startStage } from './stage.ts';

/** The trainer waits for a word of the test, and then ends as it says. */
const OBEDIENT = `
echo epochs {n_epochs:1}
echo '{"current_steps": 1, "total_steps": 2, "loss": 1.5}' >{output_directory}/trainer_log.jsonl
echo 'trained one step on' {model} with {training_file}
until [ -e "$GOLDTUNE_FOLDER/end" ]; do sleep 0.05; done
echo '{"current_steps": 2, "total_steps": 2, "loss": 1.2}' >>{output_directory}/trainer_log.jsonl
exit "$(cat "$GOLDTUNE_FOLDER/end")"`;

describeOnSlurm('on a real engine', () => {
  let shared: Promise<Stage> | null = null;
  afterAll(async () => (await shared)?.[Symbol.asyncDispose]());

  conformance({
    name: 'slurm',
    guarantees: slurmGuarantees,
    states: ['held', 'running'],
    endings: ['succeeded', 'failed'],
    open: async () => {
      shared ??= startStage();
      return worldOf(await shared);
    },
  });
});

/** Of the port's mutations those that are requests; files are moved and removed in the shared directory, by the kernel. */
const requests: Partial<Record<Mutation, (method: string, path: string) => boolean>> = {
  createJob: (method, path) => method === 'POST' && path.endsWith('/job/submit'),
  releaseJob: (method, path) => method === 'POST' && /\/job\/\d+$/.test(path),
  cancelJob: (method) => method === 'DELETE',
};

async function worldOf(stage: Stage): Promise<World> {
  const folders = foldersOf(stage.cluster.shared);
  const front = await losingFront(stage.cluster.address);
  const provider = stage.providerWith({ command: OBEDIENT, address: front.address });
  const comeBack = await stage.cluster.remember();
  const folderOf = ({ name }: JobRef) => folders.job(fileOfJobName(name) ?? '');
  const hasTrained = (folder: string) =>
    readFile(join(folder, 'output', 'trainer_log.jsonl'), 'utf8').then(
      (text) => text !== '',
      () => false,
    );
  const running = async (job: JobRef) => {
    await until(() => hasTrained(folderOf(job).root), `job ${job.id} trains`);
  };
  const world: World = {
    provider,
    model: 'bigram',
    async reach(job, state) {
      if (state === 'running') await running(job);
    },
    async finish(job, ending) {
      await running(job);
      await writeFile(join(folderOf(job).root, 'end'), ending === 'succeeded' ? '0' : '9');
      await until(async () => done(await provider.getJob(job)).phase !== 'active', `job ${job.id} ends`);
    },
    async jobs() {
      const listed = await stage.cluster.scontrol('show', 'job');
      return Promise.all(
        [...listed.matchAll(/JobId=(\d+) JobName=(\S+)[\s\S]*?JobState=(\S+)/g)].map(
          async ([, id = '', name = '', state = '']) => {
            const { root } = folders.job(fileOfJobName(name) ?? '');
            const isOver = /^(CANCELLED|COMPLETED|FAILED)$/.test(state) && processesOf(root).length === 0;
            return { id, isOver, hasTrained: await hasTrained(root) };
          },
        ),
      );
    },
    async files() {
      const waiting = (await readdir(folders.inbox)).map((name) => name.replace(/\.jsonl$/, ''));
      const taken = await Promise.all(
        (await readdir(folders.jobs)).map(async (id) =>
          (await readdir(join(folders.jobs, id))).includes('training.jsonl') ? [id] : [],
        ),
      );
      return [...waiting, ...taken.flat()];
    },
    async lose(mutation, what) {
      const isMeant = requests[mutation];
      if (isMeant) front.lose({ isMeant, what });
      return isMeant !== undefined;
    },
    async reuseId(job) {
      // It comes back as it was before the job was made, and gives the job's id to another.
      await comeBack();
      await until(() => processesOf(folderOf(job).root).length === 0, 'nothing runs of what it has forgotten');
      const next = await until(async () => {
        const made = await submit(world);
        return made.job.id === job.id ? made.job : null;
      }, `another job is ${job.id}`);
      done(await provider.releaseJob?.(next));
      await running(next);
    },
    async [Symbol.asyncDispose]() {
      // What a test has left behind would keep the next from a processor.
      const left = done(await provider.listJobs('conformance')).found.filter(({ phase }) => phase === 'active');
      for (const job of left) await provider.cancelJob(job);
      await front[Symbol.asyncDispose]();
    },
  };
  return world;
}
