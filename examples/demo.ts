// `npm run demo`: the main job end to end, through the typed client, on the sandbox or on a Slurm. Leaves nothing behind.
// Options: see HELP in demo-input.ts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { pino } from 'pino';
import { createClient } from '../client/src/index.ts';
import { startApp } from '../server/app.ts';
import { readConfig } from '../server/config.ts';
import { DemoError, demoInput, HELP } from './demo-input.ts';
import { addRecords, printEvents, seconds, startRun, watchHalfWay } from './demo-main-job.ts';
import { demoOnSlurm } from './demo-on-slurm.ts';

/** How long the simulated training takes in all; it is cancelled half-way. */
const TRAINING_SECONDS = 16;

// One line says what is wrong and what to do; a stack says it only to those who wrote this.
process.on('uncaughtException', (error) => {
  console.error(error.message);
  process.exit(error instanceof DemoError ? error.exit_code : 1);
});
const input = await demoInput(process.argv.slice(2));
if (!input) {
  console.log(HELP);
  process.exit();
}
const { provider, ...source } = input;
if (provider === 'slurm') {
  await demoOnSlurm(source);
  process.exit();
}

await using resources = new AsyncDisposableStack();
const directory = await mkdtemp(join(tmpdir(), 'goldtune-demo-'));
resources.defer(() => rm(directory, { recursive: true, force: true }));
const app = resources.use(
  await startApp(
    readConfig({
      PORT: '0',
      DATA_DIR: directory,
      POLL_INTERVAL_MS: '250',
      SETTLE_WINDOW_MS: '2000',
      // The sandbox takes 4 s before training and 5 s a step, for three passes over the records; ten minutes at most.
      SANDBOX_TIME_SCALE: String((4 + Math.min(600, 5 * 3 * source.records.length)) / TRAINING_SECONDS),
    }),
    { log: pino({ level: 'warn' }, pino.destination(2)), version: 'demo' },
  ),
);
const client = createClient({ url: app.url ?? '' });
console.log(`goldtune on ${app.url}, embedded database, sandbox provider: nothing is trained, nothing is billed.\n`);

const id = await startRun(client, await addRecords(client, source));
await watchHalfWay(client, id, 'simulated train loss');
const asked = performance.now();
const receipt = await client.cancelAndWait(id, { reason: 'the demo stops half-way' });
console.log(`\ncancelled in ${seconds(asked)}; the receipt:\n${JSON.stringify(receipt, null, 2)}`);

await printEvents(client, id);

const ledger = new OpenAI({ apiKey: app.sandboxKey ?? '', baseURL: app.sandboxUrl, maxRetries: 0 });
const jobs = (await ledger.fineTuning.jobs.list()).data;
console.log(`\nthe sandbox's ledger: ${jobs.length} job`);
for (const job of jobs) console.log(`  ${job.id}  ${job.status}`);

if (receipt.state !== 'confirmed' || jobs.length !== 1 || jobs[0]?.status !== 'cancelled') {
  throw new Error('the demo did not end with one job, cancelled');
}
