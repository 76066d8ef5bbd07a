// The main job as `npm run demo` shows it, wherever it trains: records in, a run watched until half-way, what happened.
import cliProgress from 'cli-progress';
import type { createClient } from '../client/src/index.ts';
import type { DemoInput } from './demo-input.ts';

export type Client = ReturnType<typeof createClient>;

/** Adds the records, and says what has become of them. @returns the id of their connection */
export async function addRecords(client: Client, { records, ...source }: DemoInput): Promise<string> {
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
  return connection.id;
}

/** @returns its id */
export async function startRun(client: Client, db_connection_id: string): Promise<string> {
  const run = await client.finetunings.create.mutate({ db_connection_id, alias: 'demo' });
  const { dataset } = run;
  if (!dataset) throw new Error(`what is stored of the dataset of ${run.id} cannot be read`);
  console.log(
    `run       ${run.id}: ${count(dataset.examples)} examples, ${count(dataset.tokens)} tokens, ${count(dataset.bytes)} bytes`,
  );
  console.log(`          file ${dataset.content_hash.slice(0, 16)}…\n`);
  return run.id;
}

/** Shows a progress bar until half of the steps are done. @returns the loss then */
export async function watchHalfWay(client: Client, id: string, loss: string): Promise<number | null> {
  const bar = new cliProgress.SingleBar({
    format: `{status} [{bar}] {percentage}% | step {step} | ${loss} {loss}`,
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
      if ((progress?.percent ?? 0) >= 50) return progress?.train_loss ?? null;
      if (status === 'succeeded' || status === 'failed' || status === 'cancelled') {
        throw new Error(`the run ended as ${status} before it was half-way: ${message}`);
      }
    }
    return null;
  } finally {
    bar.stop();
  }
}

export async function printEvents(client: Client, id: string): Promise<void> {
  console.log('\nwhat happened:');
  for (const event of await client.finetunings.events.query({ id, limit: 1000 })) {
    if (event.type !== 'progressed')
      console.log(`  ${event.created_at.slice(11, 23)}  ${event.type.padEnd(20)} ${event.message}`);
  }
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

export function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
