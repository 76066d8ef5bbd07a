// Many open streams of events, each of a run of its own: how long after its commit an event comes out of its stream, and
// how much memory a stream takes.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startPostgres } from '../../test/postgres/server.ts';
import { openStream, type Reader } from '../event-stream.ts';
import { timesOf } from '../figures.ts';
import { Connection, requestOf } from '../http-load.ts';
import type { Line } from '../line.ts';
import { residentOf } from '../process-figures.ts';
import { idOf, insertRuns } from '../rows.ts';
import { serviceOn } from '../service.ts';
import { atRest } from '../settled.ts';

const STREAMS = 1000;
/** One commit after the other: so many a second, that none waits for another. */
const PAUSE_MS = 20;
const AT_ONCE = 50;

/** As the database took it down, in milliseconds since 1970. */
const COMMITTED = `SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000 AS at FROM events
  WHERE finetuning_id = $1 AND version = $2`;

export const streams: Line = {
  name: 'streams',
  goal: 'commit to stream ≤ 100 ms p99; ≤ 50 kB a stream',
  async measure({ rows, rounds }) {
    const count = Math.min(rows, STREAMS);
    await using server = await startPostgres({ durable: true });
    await using resources = new AsyncDisposableStack();
    {
      const client = new Client({ connectionString: server.url() });
      await client.connect();
      await client.query('ALTER SYSTEM SET track_commit_timestamp = on');
      await client.end();
      await server.restart('fast');
    }
    await using service = await serviceOn({ DATABASE_URL: server.url() });
    await insertRuns(server.url(), count);
    const client = new Client({ connectionString: server.url() });
    resources.defer(() => client.end());
    await client.connect();

    using open = new DisposableStack();
    const readers: Reader[] = [];
    const openUpTo = async (most: number) => {
      while (readers.length < most) {
        const next = Array.from({ length: Math.min(AT_ONCE, most - readers.length) }, (_, index) =>
          openStream(service.url, idOf(readers.length + index)),
        );
        for (const reader of await Promise.all(next)) readers.push(open.use(reader));
      }
      return atRest(() => residentOf(service.pid));
    };
    // The first of them warm it up, and are not counted.
    const first = Math.ceil(count / 10);
    const before = await openUpTo(first);
    const after = await openUpTo(count);
    const kilobytes = Math.round((after - before) / (count - first) / 1000);

    const sent: number[] = [];
    const committed: number[] = [];
    const connection = new Connection(service.url);
    for (let round = 0; round < rounds; round++) {
      for (const [number, reader] of readers.entries()) {
        const asked = performance.now();
        const change = requestOf('PUT', `/api/v1/finetunings/${idOf(number)}`, { alias: `of round ${round}` });
        const { status, text } = await connection.ask(change);
        if (status !== 200) throw new Error(`a change was answered ${status}: ${text.slice(0, 300)}`);
        const version = round + 2;
        const came = await reader.came(version);
        const { rows } = await client.query({ name: 'committed', text: COMMITTED, values: [idOf(number), version] });
        sent.push(came - asked);
        committed.push(performance.timeOrigin + came - Number(rows[0]?.at));
        await sleep(PAUSE_MS);
      }
    }
    connection.close();
    const figures = { from_commit: timesOf(committed), from_request: timesOf(sent), kilobytes };
    const inWords = ({ p50, p99 }: { p50: number; p99: number }) => `${p50} / ${p99}`;
    return {
      extent: `${count.toLocaleString('en-US')} streams of as many runs on one process, over REST; ${committed.length.toLocaleString('en-US')} events one after the other. From its commit, as the database took it down, and from the request that made it.`,
      table: [
        ['streams', 'from the commit: p50 / p99, ms', 'from the request: p50 / p99, ms', 'kB a stream'],
        [String(count), inWords(figures.from_commit), inWords(figures.from_request), String(kilobytes)],
      ],
      figures,
    };
  },
};
