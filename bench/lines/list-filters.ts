// What a filter costs, and a page from far back, against the first page of the list without a filter.
import { startPostgres } from '../../test/postgres/server.ts';
import { interleaved } from '../interleaved.ts';
import type { Line } from '../line.ts';
import { distantPage, filteredPages, firstPage, kindsOf, overRest } from '../lists.ts';
import { insertRuns } from '../rows.ts';
import { serviceOn } from '../service.ts';
import { tableOf } from '../table.ts';

export const listFilters: Line = {
  name: 'filters and far pages of a list',
  goal: 'each filter × alone ≤ 2; page 10,000 × alone as page 1',
  async measure({ rows, rounds }) {
    await using server = await startPostgres({ durable: true });
    await using service = await serviceOn({ DATABASE_URL: server.url() });
    await insertRuns(server.url(), rows, kindsOf(rows));
    const measured = await interleaved(
      [firstPage, distantPage(rows), ...filteredPages(rows)].map((page) => overRest(page.name, service.url, page)),
      { rounds, connections: 32, seconds: 1, alone: 50, warm_up: 1 },
    );
    return {
      extent: `${rows.toLocaleString('en-US')} runs, over REST; 32 connections, then one at a time; ${rounds} rounds.`,
      table: tableOf(measured),
      figures: measured,
    };
  },
};
