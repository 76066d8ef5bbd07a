// What that app does when it runs: a run is created, watched and cancelled. Prints the receipt.
import { createClient, isGoldtuneError } from '@goldtune/client';

const goldtune = createClient({ url: process.argv[2] });
const connection = await goldtune.dbConnections.create.mutate({ alias: 'consumer' });
await goldtune.goldenRecords.add.mutate(
  Array.from({ length: 12 }, (_, index) => ({
    prompt_text: `question ${index}`,
    sql: `SELECT ${index}`,
    db_connection_id: connection.id,
  })),
);
const run = await goldtune.finetunings.create.mutate({ db_connection_id: connection.id });
const events = [];
for await (const event of goldtune.watch(run.id)) {
  events.push(event.id);
  if (event.status === 'validating_files') await goldtune.cancelAndWait(run.id, { timeout: 30_000 });
}
const refusal = await goldtune.finetunings.get.query({ id: 'f'.repeat(24) }).catch((error) => error);
const ended = await goldtune.waitFor(run.id);
console.log(
  JSON.stringify({
    node: process.versions.node.split('.')[0],
    status: ended.status,
    receipt: ended.cancellation,
    gapless: events.every((id, index) => id === index + 1),
    refused: isGoldtuneError(refusal) ? refusal.data.reason : String(refusal),
  }),
);
