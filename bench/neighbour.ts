// How long a cancel waits for its acknowledgement while somebody else asks for something heavy: as a ratio to one that
// waits for nobody, measured in the same run.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { heavy } from '../test/neighbour/heavy.ts';
import { timesOf } from './figures.ts';
import type { Line } from './line.ts';
import { type DatabaseKind, databases, startService } from './service.ts';

const LOAD = fileURLToPath(new URL('load.ts', import.meta.url));
/** As many of each kind of cancel. */
const CANCELS = 100;

const HEAD = ['cancels', 'p50 / p99 alone, ms', 'p50 / p99 meanwhile, ms', '× p99'];

export const neighbours: readonly Line[] = databases.flatMap((database) =>
  Object.keys(heavy).map((name) => ({
    name: `neighbour: ${name}, ${database}`,
    goal: 'a cancel is acknowledged as soon as on an idle service',
    async measure() {
      const figures = await measure(name, database);
      const { idle, meanwhile, ratio } = figures;
      const cells = [idle, meanwhile].map(({ p50, p99 }) => `${p50} / ${p99}`);
      return { extent: 'One after the other.', table: [HEAD, [String(idle.count), ...cells, String(ratio)]], figures };
    },
  })),
);

async function measure(name: string, database: DatabaseKind) {
  await using service = await startService(database);
  const db_connection_id = await post(service.url, '/database-connections', { alias: 'library' });
  await post(
    service.url,
    '/golden-sqls',
    Array.from({ length: 12 }, (_, index) => ({
      db_connection_id,
      prompt_text: `How many books have an id above ${index}?`,
      sql: `SELECT count(*) FROM books WHERE id > ${index}`,
    })),
  );
  const runs: string[] = [];
  while (runs.length < 2 * CANCELS) {
    runs.push(await post(service.url, '/finetunings', { db_connection_id }));
  }

  const load = fork(LOAD, [name, service.url]);
  const failed = once(load, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`the load ended with ${code}`);
  });
  const says = (what: string) =>
    new Promise<void>((resolve) => load.on('message', (message) => void (message === what && resolve())));
  const prepared = says('prepared');
  const underWay = says('under way');
  await Promise.race([prepared, failed]);

  const idle: number[] = [];
  while (idle.length < CANCELS) idle.push(await cancel(service.url, runs.pop() ?? ''));

  load.send('begin');
  await Promise.race([underWay, failed]);
  const meanwhile: number[] = [];
  while (meanwhile.length < CANCELS) meanwhile.push(await cancel(service.url, runs.pop() ?? ''));
  load.send('end');
  await failed;

  const [alone, beside] = [timesOf(idle), timesOf(meanwhile)];
  return { idle: alone, meanwhile: beside, ratio: Math.round((beside.p99 / alone.p99) * 10) / 10 };
}

/** Until it is acknowledged; the proof is not waited for. */
async function cancel(url: string, id: string): Promise<number> {
  const started = performance.now();
  await post(url, `/finetunings/${id}/cancel`, undefined, { prefer: 'respond-async' });
  return performance.now() - started;
}

/** @returns the id in the answer. */
async function post(url: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer).slice(0, 300)}`);
  return String(Object(answer).id);
}
