// The same pages of ten times as many runs, against those of as many: each on a server of its own.
import { startPostgres } from '../../test/postgres/server.ts';
import { interleaved, type Measured } from '../interleaved.ts';
import type { Line } from '../line.ts';
import { distantPage, filteredPages, firstPage, kindsOf, overRest } from '../lists.ts';
import { insertRuns } from '../rows.ts';
import { serviceOn } from '../service.ts';
import { tableOf } from '../table.ts';

export const listTenTimes: Line = {
  name: 'lists at ten million runs',
  goal: '× alone as at one million',
  async measure({ rows, rounds }) {
    await using resources = new AsyncDisposableStack();
    const filled = async (count: number) => {
      const server = resources.use(await startPostgres({ durable: true }));
      const { url } = resources.use(await serviceOn({ DATABASE_URL: server.url() }));
      await insertRuns(server.url(), count, kindsOf(count));
      return {
        of: count.toLocaleString('en-US'),
        url,
        pages: [firstPage, distantPage(count), ...filteredPages(count)],
      };
    };
    const fewer = await filled(rows);
    const more = await filled(10 * rows);
    const measured: Measured[] = [];
    for (const [index, page] of fewer.pages.entries()) {
      const same = more.pages[index] ?? page;
      const pair = [
        overRest(`${page.name} of ${fewer.of}`, fewer.url, page),
        overRest(`${same.name} of ${more.of}`, more.url, same),
      ];
      measured.push(...(await interleaved(pair, { rounds, connections: 32, seconds: 1, alone: 50, warm_up: 1 })));
    }
    return {
      extent: `Over REST; 32 connections, then one at a time; ${rounds} rounds.`,
      table: tableOf(measured),
      figures: measured,
    };
  },
};
