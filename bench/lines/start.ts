// How long a start takes to the first answer, on an empty database and on one that has been there, and how much memory a
// process takes: at rest, and after many requests.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../test/postgres/server.ts';
import { spreadOf } from '../figures.ts';
import type { Line } from '../line.ts';
import { inMegabytes, memoryOf, processorTimeOf } from '../process-figures.ts';
import { type DatabaseKind, type RunningService, serviceOn } from '../service.ts';
import { atRest } from '../settled.ts';
import { usage } from '../usage.ts';

const REQUESTS = 10_000;
const HEAD = [
  'database',
  'cold start, ms (least – most)',
  'warm start, ms (least – most)',
  'of it a processor, ms',
  'at rest, MB',
  'after the requests, MB',
];

const lineOf = (database: DatabaseKind, goal: string): Line => ({
  name: `start: ${database}`,
  goal,
  async measure({ rows, rounds }) {
    const requests = Math.min(rows, REQUESTS);
    const cold: number[] = [];
    const warm: number[] = [];
    /** Of warm starts: what else the machine does is not in it. */
    const busy: number[] = [];
    let memory: { at_rest: number; after: number } | null = null;
    for (let round = 0; round < rounds; round++) {
      await using place = await emptyPlace(database);
      cold.push(await timed(place.settings, null));
      warm.push(
        await timed(place.settings, async (service) => {
          busy.push((await processorTimeOf(service.pid)) * 1000);
          if (round < rounds - 1) return;
          const settled = () => atRest(() => memoryOf(service.pid));
          const at_rest = await settled();
          await usage(service.url, requests);
          memory = { at_rest: inMegabytes(at_rest), after: inMegabytes(await settled()) };
        }),
      );
    }
    const figures = { cold: spreadOf(cold), warm: spreadOf(warm), busy: spreadOf(busy), memory: Object(memory) };
    const times = [figures.cold, figures.warm, figures.busy].map(
      ({ median, least, most }) => `${Math.round(median)} (${Math.round(least)} – ${Math.round(most)})`,
    );
    return {
      extent: `${rounds} starts of each kind, one after the other; ${requests.toLocaleString('en-US')} requests on eight connections after the last: creates, lists, gets, events, cancels.`,
      table: [HEAD, [database, ...times, String(figures.memory.at_rest), String(figures.memory.after)]],
      figures,
    };
  },
});

export const starts: readonly Line[] = [
  lineOf('embedded', 'warm ≤ 2,500 ms; ≤ 350 MB'),
  lineOf('postgres', '≤ 1,000 ms; ≤ 150 MB'),
];

async function emptyPlace(database: DatabaseKind): Promise<AsyncDisposable & { settings: Record<string, string> }> {
  if (database === 'postgres') {
    const server = await startPostgres({ durable: true });
    return { settings: { DATABASE_URL: server.url() }, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  }
  const directory = await mkdtemp(join(tmpdir(), 'goldtune-bench-'));
  return {
    settings: { DATA_DIR: directory },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** @returns how long it took to answer, in milliseconds; it is ended as an operator does. */
async function timed(
  settings: Record<string, string>,
  use: ((service: RunningService) => Promise<void>) | null,
): Promise<number> {
  const began = performance.now();
  await using service = await serviceOn(settings);
  const answer = await fetch(`${service.url}/api/v1/finetunings?limit=1`);
  await answer.text();
  const took = performance.now() - began;
  if (answer.status !== 200) throw new Error(`the first answer was ${answer.status}`);
  await use?.(service);
  await service.stop();
  return took;
}
