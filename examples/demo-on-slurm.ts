// The main job on a real Slurm of its own: a real training, small as it is, stopped half-way; then once more with the
// controller killed right after the cancel. Believed is what the process table says.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { createClient } from '../client/src/index.ts';
import { startApp } from '../server/app.ts';
import { readConfig } from '../server/config.ts';
import { DemoError, type DemoInput } from './demo-input.ts';
import { addRecords, type Client, printEvents, seconds, startRun, watchHalfWay } from './demo-main-job.ts';
import { type Cluster, startCluster } from './slurm/local/cluster.ts';
import { noSlurmHere } from './slurm/local/packages.ts';
import { processesOf } from './slurm/local/processes.ts';
import { tinyCommand } from './slurm/local/tiny-command.ts';

/** About how long the training takes in all, however many records there are. */
const TRAINING_SECONDS = 24;
const EPOCHS = 3;

/** @throws DemoError where no Slurm can be started here, with what to install */
export async function demoOnSlurm(input: DemoInput): Promise<void> {
  const absent = noSlurmHere();
  if (absent !== null) throw new DemoError(`there is no Slurm to show it on: ${absent}`);
  await using resources = new AsyncDisposableStack();
  const cluster = resources.use(await startCluster());
  const directory = await mkdtemp(join(tmpdir(), 'goldtune-demo-'));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  const step_ms = Math.ceil((TRAINING_SECONDS * 1000) / (EPOCHS * input.records.length));
  const app = resources.use(
    await startApp(
      readConfig({
        PORT: '0',
        DATA_DIR: directory,
        POLL_INTERVAL_MS: '250',
        SETTLE_WINDOW_MS: '2000',
        PROVIDERS_FILE: await providersFile(directory, cluster, tinyCommand(`--pause-ms ${step_ms}`)),
        SLURM_JWT: cluster.token,
      }),
      { log: pino({ level: 'warn' }, pino.destination(2)), version: 'demo' },
    ),
  );
  const client = createClient({ url: app.url ?? '' });
  console.log(`goldtune on ${app.url}, embedded database; a Slurm on this machine: ${await versionOf(cluster)}.`);
  console.log('What is trained is real, and tiny: a character bigram model, in Node (examples/slurm).\n');
  const connection = await addRecords(client, input);

  await stopHalfWay(client, cluster, connection, async () => {});
  console.log('\n— once more, and the controller is killed right after the cancel —\n');
  await stopHalfWay(client, cluster, connection, async (id) => {
    while (!(await isCancelAnswered(client, id))) await pause(10);
    await cluster.controller.kill();
    console.log(
      '\nslurmctld is killed (SIGKILL) as it has answered the cancel; it comes back with what it had written',
    );
    await cluster.controller.start();
  });
}

async function stopHalfWay(client: Client, cluster: Cluster, connection: string, then: (id: string) => Promise<void>) {
  const id = await startRun(client, connection);
  const loss = await watchHalfWay(client, id, 'train loss');
  const before = processesOf(join(cluster.shared, 'jobs', `${id}.`));
  console.log(`\n${before.length} processes of it, as the operating system lists them:`);
  for (const { pid, command } of before)
    console.log(`  ${String(pid).padStart(7)}  ${command.split('\n')[0]?.slice(0, 100)}`);
  const asked = performance.now();
  const [, receipt] = await Promise.all([then(id), client.cancelAndWait(id, { reason: 'the demo stops half-way' })]);
  const left = processesOf(join(cluster.shared, 'jobs', `${id}.`));
  console.log(
    `\ncancelled in ${seconds(asked)} at a loss of ${loss?.toFixed(3)}; processes of it that are left: ${left.length}`,
  );
  console.log(`the receipt:\n${JSON.stringify(receipt, null, 2)}`);
  await printEvents(client, id);
  const queue = await cluster.scontrol('show', 'job');
  console.log(`\nSlurm's own list:`);
  for (const [, job, state] of queue.matchAll(/JobId=(\d+)[\s\S]*?JobState=(\S+)/g)) console.log(`  ${job}  ${state}`);
  if (receipt.state !== 'confirmed' || left.length > 0 || before.length === 0)
    throw new Error('the demo did not end with a run that is cancelled and a training that is gone');
}

const isCancelAnswered = async (client: Client, id: string) =>
  (await client.finetunings.events.query({ id, limit: 1000 })).some(({ type }) => type === 'cancel_answered');

async function providersFile(directory: string, cluster: Cluster, command: string): Promise<string> {
  const path = join(directory, 'providers.json');
  const provider = {
    name: 'own-machines',
    kind: 'slurm',
    address: cluster.address,
    api_version: cluster.apiVersion,
    user: cluster.user,
    token_env: 'SLURM_JWT',
    directory: cluster.shared,
    partition: cluster.partition,
    command,
    default_model: 'character-bigram',
  };
  await writeFile(path, JSON.stringify({ providers: [provider] }, null, 2));
  return path;
}

const versionOf = async (cluster: Cluster) => (await cluster.scontrol('--version')).trim();
