// Every running job is cancelled at once: until all wishes are stored, and until all are proven, against the time that
// the provider itself takes for the same requests.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { startPostgres } from '../../test/postgres/server.ts';
import { cancelInBulk, cancelMany, cancelTogether } from '../cancel-many.ts';
import { spreadOf } from '../figures.ts';
import type { Line } from '../line.ts';
import { allProven, stopsIn } from '../proven.ts';
import { startProvider } from '../provider/start.ts';
import { insertRunning } from '../running-rows.ts';
import { serviceOn } from '../service.ts';

const JOBS = 10_000;
const AT_ONCE = 100;
const DELAY_MS = 300;
const LONGEST_MS = 1_800_000;
const SENDER = fileURLToPath(new URL('../bare/send-cancels.ts', import.meta.url));

type Way = { name: string; cancel: (url: string, jobs: number) => ReturnType<typeof cancelMany> };

const ways: readonly Way[] = [
  { name: 'REST, waiting for each', cancel: (url, jobs) => cancelMany(url, jobs, AT_ONCE, null) },
  { name: 'REST, respond-async', cancel: (url, jobs) => cancelMany(url, jobs, AT_ONCE, 'respond-async') },
  { name: 'tRPC, a hundred in one call', cancel: cancelTogether },
  { name: 'one bulk cancel', cancel: cancelInBulk },
];

export const killSwitch: Line = {
  name: 'kill switch',
  goal: `all proven in ≤ 1.25 × the provider's own time; all wishes stored within 1 s`,
  async measure({ rows, rounds }) {
    const jobs = Math.min(rows, JOBS);
    const measured: Figures[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const way of ways) measured.push(await oneOf(jobs, way));
    }
    const cell = (of: (figures: Figures) => number, name: string) => {
      const { median, least, most } = spreadOf(measured.filter((each) => each.name === name).map(of));
      return `${median} (${least} – ${most})`;
    };
    const row = (name: string) => [
      name,
      cell((each) => each.floor_ms, name),
      cell((each) => each.stored_ms, name),
      cell((each) => each.proven_ms, name),
      cell((each) => each.proven_ms / each.floor_ms, name),
      cell((each) => each.most_in_flight, name),
      cell((each) => each.requests / jobs, name),
      cell((each) => each.asked_again, name),
    ];
    const head = [
      '',
      'floor, ms',
      'all stored, ms',
      'all proven, ms',
      '× floor',
      'requests in flight',
      'requests a job',
      'answered 503',
    ];
    return {
      extent: `${jobs.toLocaleString('en-US')} running jobs, each answer of the provider takes ${DELAY_MS} ms; one cancel each over REST, ${AT_ONCE} at once, a hundred in one call over tRPC, or all by one bulk cancel; the floor is two requests a job, ${AT_ONCE} at once. ${rounds} rounds.`,
      table: [head, ...ways.map(({ name }) => row(name))],
      figures: measured,
    };
  },
};

type Figures = Awaited<ReturnType<typeof oneOf>>;

async function oneOf(jobs: number, { name, cancel }: Way) {
  await using server = await startPostgres({ durable: true });
  await using provider = await startProvider();
  await using service = await serviceOn({ DATABASE_URL: server.url(), ...provider.environment });
  await insertRunning(server.url(), jobs, provider.ledger);
  const client = new Client({ connectionString: server.url() });
  await using resources = new AsyncDisposableStack();
  resources.defer(() => client.end());
  await client.connect();
  await provider.set({ delay_ms: DELAY_MS });

  // Of jobs that are nobody's: those of the runs are still to be cancelled.
  const given = [SENDER, provider.url, String(jobs), String(jobs), String(AT_ONCE)];
  const { stdout } = await promisify(execFile)(process.execPath, given);
  await provider.set({});

  const began = performance.now();
  const { acknowledged_ms, ...told } = await cancel(service.url, jobs);
  const { wanted } = await stopsIn(client);
  if (wanted !== jobs) throw new Error(`${wanted} of ${jobs} wishes are stored, and all were acknowledged`);
  await allProven(client, jobs, LONGEST_MS);
  const proven_ms = Math.round(performance.now() - began);
  const { requests, most_in_flight, cancelled } = await provider.set({});
  if (cancelled !== 2 * jobs) throw new Error(`the provider has cancelled ${cancelled - jobs} of ${jobs}`);
  const [floor_ms, stored_ms] = [Number(stdout), acknowledged_ms];
  return { name, floor_ms, stored_ms, ...told, proven_ms, requests, most_in_flight };
}
