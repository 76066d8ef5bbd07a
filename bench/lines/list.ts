// A page of a list, unfiltered and by each filter, against a handler that does nothing but read the same rows.
import { startPostgres } from '../../test/postgres/server.ts';
import { startBare } from '../bare/process.ts';
import { interleaved, type Measured } from '../interleaved.ts';
import type { Line } from '../line.ts';
import { distantPage, filteredPages, firstPage, kindsOf, overRest, overTrpc } from '../lists.ts';
import { insertRuns } from '../rows.ts';
import { serviceOn } from '../service.ts';
import { tableOf } from '../table.ts';

export const list: Line = {
  name: 'list of 100',
  goal: 'throughput ≥ 0.7 × over REST and tRPC, of what the bare query has for the same page',
  async measure({ rows, rounds }) {
    await using server = await startPostgres({ durable: true });
    await using service = await serviceOn({ DATABASE_URL: server.url() });
    await insertRuns(server.url(), rows, kindsOf(rows));
    await using bare = await startBare('list', server.url());
    const measured: Measured[] = [];
    for (const page of [firstPage, distantPage(rows), ...filteredPages(rows)]) {
      const pair = [
        overRest(`${page.name}: bare`, bare.url, page),
        overRest(`${page.name}: REST`, service.url, page),
        overTrpc(`${page.name}: tRPC`, service.url, page),
      ];
      measured.push(...(await interleaved(pair, { rounds, connections: 32, seconds: 1, alone: 30, warm_up: 1 })));
    }
    return {
      extent: `${rows.toLocaleString('en-US')} runs; 32 connections, then one at a time; ${rounds} rounds.`,
      table: tableOf(measured),
      figures: measured,
    };
  },
};
