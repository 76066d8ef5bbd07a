// A run on few and on very many golden records is created, and its file is uploaded, against what the file costs in memory:
// JSON.stringify and the tokenizer. How much memory that takes, and how long others wait meanwhile.
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { startPostgres } from '../../test/postgres/server.ts';
import { ask, bodiesOf, importAll, newConnection, withId } from '../api.ts';
import { spreadOf } from '../figures.ts';
import type { Line } from '../line.ts';
import { inMegabytes, residentOf, watchMemory } from '../process-figures.ts';
import { startProvider } from '../provider/start.ts';
import { type RunningService, serviceOn } from '../service.ts';
import { atRest } from '../settled.ts';
import { watchStalls } from '../stalls.ts';

const COUNTS = [17, 50_000, 100_000];
const BARE = fileURLToPath(new URL('../bare/dataset.ts', import.meta.url));
/** About as long as the one that goldtune makes of the schema of the bench. */
const SYSTEM = `Translate the question into one postgresql SQL statement. ${'CREATE TABLE books (id integer); '.repeat(4)}`;
const IDLE_MS = 3000;

const told = z.object({ took_ms: z.number(), tokens: z.number(), bytes: z.number() });
const run = z.object({ id: z.string(), status: z.string() });

export const createOnMany: Line = {
  name: 'create on many records',
  goal: 'until counted ≤ 1.3 × JSON.stringify and the tokenizer; ≤ 150 MB above idle; no answer of others later than 50 ms',
  async measure({ rows, rounds }) {
    await using server = await startPostgres({ durable: true });
    await using provider = await startProvider();
    await using service = await serviceOn({ DATABASE_URL: server.url(), ...provider.environment });
    const measured = [];
    for (const count of new Set(COUNTS.map((count) => Math.min(count, rows)))) {
      const connection = await newConnection(service.url);
      await importAll(service.url, bodiesOf(count, connection));
      // The first is a warm-up.
      await createdOn(service, connection);
      const each = [];
      for (let round = 0; round < rounds; round++) {
        const { stdout } = await promisify(execFile)(process.execPath, [BARE, String(count), SYSTEM]);
        const bare = told.parse(JSON.parse(stdout));
        each.push({ bare_ms: bare.took_ms, bytes: bare.bytes, ...(await createdOn(service, connection)) });
      }
      measured.push({ count, each });
    }
    const head = [
      ...['records', 'bare, ms', 'created, ms', '× bare', 'uploaded too, ms'],
      ...['MB above idle', 'slowest answer to others, ms', 'idle, ms'],
    ];
    return {
      extent: `Of one connection, over REST; "bare" is a process of its own that has the records in memory. ${rounds} rounds.`,
      table: [
        head,
        ...measured.map(({ count, each }) => {
          const cell = (of: (one: (typeof each)[number]) => number) => {
            const { median, least, most } = spreadOf(each.map(of));
            return `${median} (${least} – ${most})`;
          };
          return [
            count.toLocaleString('en-US'),
            ...[cell((one) => one.bare_ms), cell((one) => one.created_ms), cell((one) => one.created_ms / one.bare_ms)],
            ...[cell((one) => one.uploaded_ms), cell((one) => one.megabytes)],
            ...[cell((one) => one.stalled_ms), cell((one) => one.idle_ms)],
          ];
        }),
      ],
      figures: measured,
    };
  },
};

async function createdOn({ url, pid }: RunningService, db_connection_id: string) {
  const idle = await atRest(() => residentOf(pid));
  const idleStalls = watchStalls(url);
  await sleep(IDLE_MS);
  const idle_ms = await idleStalls();
  const memory = watchMemory(pid);
  const stalls = watchStalls(url);
  const began = performance.now();
  const { id } = withId.parse(await ask(url, 'POST', '/finetunings', { db_connection_id }));
  const created_ms = performance.now() - began;
  for (let status = ''; status !== 'running'; await sleep(20)) {
    status = run.parse(await ask(url, 'GET', `/finetunings/${id}`)).status;
    if (status === 'failed') throw new Error('the run has failed');
  }
  const uploaded_ms = performance.now() - began;
  const megabytes = inMegabytes((await memory()) - idle);
  return { created_ms, uploaded_ms, megabytes, stalled_ms: await stalls(), idle_ms };
}
