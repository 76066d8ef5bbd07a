// A process is killed with many cancels acknowledged and none of them proven, the provider having answered nothing: how
// long after the start of another, on a provider that answers again, all of them are proven.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startPostgres } from '../../test/postgres/server.ts';
import { cancelMany } from '../cancel-many.ts';
import { spreadOf } from '../figures.ts';
import type { Line } from '../line.ts';
import { allProven, stopsIn } from '../proven.ts';
import { startProvider } from '../provider/start.ts';
import { insertRunning } from '../running-rows.ts';
import { serviceOn } from '../service.ts';

const CANCELS = 1000;
const AT_ONCE = 32;
/** Of an answer of a provider that is healthy. */
const DELAY_MS = 300;
const LONGEST_MS = 600_000;
/** In which the worker takes up what it can, so that calls are open when it is killed. */
const TAKEN_UP_MS = 3000;

export const recovery: Line = {
  name: 'recovery',
  goal: 'all proven ≤ 60 s after the restart',
  async measure({ rows, rounds }) {
    const cancels = Math.min(rows, CANCELS);
    const measured: Recovered[] = [];
    for (let round = 0; round < rounds; round++) measured.push(await recovered(cancels));
    const cell = (of: (one: Recovered) => number) => {
      const { median, least, most } = spreadOf(measured.map(of));
      return `${median} (${least} – ${most})`;
    };
    return {
      extent: `${cancels.toLocaleString('en-US')} cancels that were acknowledged, kill -9, and a start; each answer of the provider takes ${DELAY_MS} ms then. ${rounds} rounds.`,
      table: [
        ['open at the provider when killed', 'start to listening, ms', 'start to all proven, ms'],
        [cell((one) => one.open), cell((one) => one.listening_ms), cell((one) => one.proven_ms)],
      ],
      figures: measured,
    };
  },
};

type Recovered = Awaited<ReturnType<typeof recovered>>;

async function recovered(cancels: number) {
  await using server = await startPostgres({ durable: true });
  await using provider = await startProvider();
  const settings = { DATABASE_URL: server.url(), ...provider.environment };
  const client = new Client({ connectionString: server.url() });
  await using resources = new AsyncDisposableStack();
  resources.defer(() => client.end());
  await client.connect();
  {
    // Disposing of it is kill -9.
    await using service = await serviceOn(settings);
    await insertRunning(server.url(), cancels, provider.ledger);
    await provider.set({ silent: true });
    await cancelMany(service.url, cancels, AT_ONCE, 'respond-async');
    await sleep(TAKEN_UP_MS);
  }
  const { wanted, proven } = await stopsIn(client);
  if (wanted !== cancels || proven > 0) throw new Error(`${wanted} of ${cancels} were stored, and ${proven} proven`);
  const { rows } = await client.query(
    `SELECT count(*)::int AS open FROM provider_calls WHERE kind = 'cancel' AND state = 'open'`,
  );
  await provider.set({ silent: false, delay_ms: DELAY_MS });
  const began = performance.now();
  await using _again = await serviceOn(settings);
  const listening_ms = Math.round(performance.now() - began);
  await allProven(client, cancels, LONGEST_MS);
  const proven_ms = Math.round(performance.now() - began);
  const { cancelled } = await provider.set({});
  if (cancelled !== cancels) throw new Error(`the provider has cancelled ${cancelled} of ${cancels}`);
  return { open: Number(rows[0]?.open), listening_ms, proven_ms };
}
