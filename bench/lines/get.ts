// One run, shown, against a handler that does nothing but read the same row.
import { startPostgres } from '../../test/postgres/server.ts';
import { startBare } from '../bare/process.ts';
import { requestOf } from '../http-load.ts';
import { interleaved } from '../interleaved.ts';
import type { Line } from '../line.ts';
import { idsAgain, insertRuns } from '../rows.ts';
import { serviceOn } from '../service.ts';
import { tableOf } from '../table.ts';

const shown = ({ status, text }: { status: number; text: string }) =>
  status === 200 && text.includes('"model_name":"gpt-4.1-mini"');

export const get: Line = {
  name: 'get of one run',
  goal: 'throughput ≥ 0.7 × over REST and tRPC',
  async measure({ rows, rounds }) {
    await using server = await startPostgres({ durable: true });
    await using service = await serviceOn({ DATABASE_URL: server.url() });
    await insertRuns(server.url(), rows);
    await using bare = await startBare('get', server.url());
    const next = idsAgain(rows);
    const overRest = () => requestOf('GET', `/api/v1/finetunings/${next()}`);
    const overTrpc = () =>
      requestOf('GET', `/trpc/finetunings.get?input=${encodeURIComponent(JSON.stringify({ id: next() }))}`);
    const measured = await interleaved(
      [
        { name: 'bare', url: bare.url, request: overRest, isRight: shown },
        { name: 'REST', url: service.url, request: overRest, isRight: shown },
        { name: 'tRPC', url: service.url, request: overTrpc, isRight: shown },
      ],
      { rounds, connections: 32, seconds: 4, alone: 100, warm_up: 2 },
    );
    return {
      extent: `${rows.toLocaleString('en-US')} runs; 32 connections, then one at a time; ${rounds} rounds.`,
      table: tableOf(measured),
      figures: measured,
    };
  },
};
