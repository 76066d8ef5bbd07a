// A cancel of a run that was never submitted, against a handler that does nothing but write the same rows.
import { startPostgres } from '../../test/postgres/server.ts';
import { startBare } from '../bare/process.ts';
import { requestOf } from '../http-load.ts';
import { interleaved } from '../interleaved.ts';
import type { Line } from '../line.ts';
import { idsOf, insertRuns } from '../rows.ts';
import { serviceOn } from '../service.ts';
import { tableOf } from '../table.ts';

const cancelled = ({ status, text }: { status: number; text: string }) =>
  status === 200 && text.includes('"status":"cancelled"');

export const cancelWaiting: Line = {
  name: 'cancel of a never-submitted run',
  goal: 'throughput ≥ 0.7 × over REST, ≥ 0.6 × over tRPC; p99 ≤ 2 ×',
  async measure({ rows, rounds }) {
    await using server = await startPostgres({ durable: true });
    await using service = await serviceOn({ DATABASE_URL: server.url() });
    await insertRuns(server.url(), rows);
    await using bare = await startBare('cancel-waiting', server.url());
    const next = idsOf(rows);
    const overRest = () => requestOf('POST', `/api/v1/finetunings/${next()}/cancel`);
    const measured = await interleaved(
      [
        { name: 'bare', url: bare.url, request: overRest, isRight: cancelled },
        { name: 'REST', url: service.url, request: overRest, isRight: cancelled },
        {
          name: 'tRPC',
          url: service.url,
          request: () => requestOf('POST', '/trpc/finetunings.cancel', { id: next() }),
          isRight: cancelled,
        },
      ],
      { rounds, connections: 32, seconds: 4, alone: 50, warm_up: 5 },
    );
    return {
      extent: `${rows.toLocaleString('en-US')} runs; 32 connections, then one at a time; ${rounds} rounds.`,
      table: tableOf(measured),
      figures: measured,
    };
  },
};
