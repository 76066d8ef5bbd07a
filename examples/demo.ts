// `npm run demo`: the main job end to end, through the typed client, on the sandbox. Leaves nothing behind.
// Options: see HELP in demo-input.ts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cliProgress from 'cli-progress';
import OpenAI from 'openai';
import { pino } from 'pino';
import { createClient } from '../client/src/index.ts';
import { startApp } from '../server/app.ts';
import { readConfig } from '../server/config.ts';
import { DemoError, demoInput, HELP } from './demo-input.ts';

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
const { records, ...source } = input;

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
      SANDBOX_TIME_SCALE: String((4 + Math.min(600, 5 * 3 * records.length)) / TRAINING_SECONDS),
    }),
    { log: pino({ level: 'warn' }, pino.destination(2)), version: 'demo' },
  ),
);
const client = createClient({ url: app.url ?? '' });
console.log(`goldtune on ${app.url}, embedded database, sandbox provider: nothing is trained, nothing is billed.\n`);

const started = performance.now();
const connection = await client.dbConnections.create.mutate(source);
const added = await client.goldenRecords.add.mutate(
  records.map((record) => ({ ...record, db_connection_id: connection.id })),
);
const flagged = added.filter((record) => record.warnings.length > 0);
const distinct = new Set(added.map((record) => record.id)).size;
console.log(`records   ${count(added.length)} given, ${count(distinct)} distinct, in ${seconds(started)} (one call)`);
console.log(
  `          ${count(flagged.length)} flagged by the ${source.dialect} parser${flagged[0] ? `: ${flagged[0].warnings[0]}` : ''}`,
);

const run = await client.finetunings.create.mutate({ db_connection_id: connection.id, alias: 'demo' });
const { dataset } = run;
if (!dataset) throw new Error(`what is stored of the dataset of ${run.id} cannot be read`);
console.log(
  `run       ${run.id}: ${count(dataset.examples)} examples, ${count(dataset.tokens)} tokens, ${count(dataset.bytes)} bytes`,
);
console.log(`          file ${dataset.content_hash.slice(0, 16)}…\n`);

await watchHalfWay(run.id);
const asked = performance.now();
const receipt = await client.cancelAndWait(run.id, { reason: 'the demo stops half-way' });
console.log(`\ncancelled in ${seconds(asked)}; the receipt:\n${JSON.stringify(receipt, null, 2)}`);

console.log('\nwhat happened:');
for (const event of await client.finetunings.events.query({ id: run.id, limit: 1000 })) {
  if (event.type !== 'progressed')
    console.log(`  ${event.created_at.slice(11, 23)}  ${event.type.padEnd(20)} ${event.message}`);
}

const ledger = new OpenAI({ apiKey: app.sandboxKey ?? '', baseURL: app.sandboxUrl, maxRetries: 0 });
const jobs = (await ledger.fineTuning.jobs.list()).data;
console.log(`\nthe sandbox's ledger: ${jobs.length} job`);
for (const job of jobs) console.log(`  ${job.id}  ${job.status}`);

if (receipt.state !== 'confirmed' || jobs.length !== 1 || jobs[0]?.status !== 'cancelled') {
  throw new Error('the demo did not end with one job, cancelled');
}

/** Shows a progress bar until half of the steps are done. */
async function watchHalfWay(id: string): Promise<void> {
  const bar = new cliProgress.SingleBar({
    format: '{status} [{bar}] {percentage}% | step {step} | simulated train loss {loss}',
    stopOnComplete: false,
    noTTYOutput: true,
    notTTYSchedule: 2000,
    stream: process.stdout,
  });
  const shown = { status: 'queued'.padEnd(16), step: '–', loss: '–' };
  bar.start(1, 0, shown);
  try {
    for await (const { status, progress, message } of client.watch(id)) {
      if (status) shown.status = status.padEnd(16);
      bar.update(shown);
      if (progress?.step != null && progress.total_steps !== null) {
        shown.step = `${progress.step}/${progress.total_steps}`;
        shown.loss = progress.train_loss?.toFixed(3) ?? '–';
        bar.setTotal(progress.total_steps);
        bar.update(progress.step, shown);
      }
      if ((progress?.percent ?? 0) >= 50) return;
      if (status === 'succeeded' || status === 'failed' || status === 'cancelled') {
        throw new Error(`the run ended as ${status} before it was half-way: ${message}`);
      }
    }
  } finally {
    bar.stop();
  }
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
