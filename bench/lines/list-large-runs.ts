// A list of runs on 10,000 golden records each, against the list of runs on 17.
import { startPostgres } from '../../test/postgres/server.ts';
import { interleaved } from '../interleaved.ts';
import type { Line } from '../line.ts';
import { overRest } from '../lists.ts';
import { CONNECTION, insertRuns } from '../rows.ts';
import { serviceOn } from '../service.ts';
import { tableOf } from '../table.ts';

const OF_LARGE = '650000000000000000000002';
/** Each is some hundred kilobytes: a page of them is what is read. */
const MOST_LARGE = 1000;

export const listLargeRuns: Line = {
  name: 'list where each run has 10,000 golden records',
  goal: '× alone ≤ 1.2',
  async measure({ rows, rounds }) {
    await using server = await startPostgres({ durable: true });
    await using service = await serviceOn({ DATABASE_URL: server.url() });
    const isLarge = `number % ${Math.max(2, Math.floor(rows / MOST_LARGE))} = 0`;
    await insertRuns(server.url(), rows, {
      status: `'succeeded'`,
      model_name: `'gpt-4.1-mini-2025-04-14'`,
      db_connection_id: `CASE WHEN ${isLarge} THEN '${OF_LARGE}' ELSE '${CONNECTION}' END`,
      golden_records: `CASE WHEN ${isLarge} THEN 10000 ELSE 17 END`,
      events: false,
    });
    const of = (name: string, db_connection_id: string) =>
      overRest(name, service.url, { name, query: { db_connection_id }, holds: 100 });
    const measured = await interleaved([of('17 records', CONNECTION), of('10,000 records', OF_LARGE)], {
      rounds,
      connections: 32,
      seconds: 4,
      alone: 100,
      warm_up: 5,
    });
    return {
      extent: `Of ${rows.toLocaleString('en-US')} runs, over REST; 32 connections, then one at a time; ${rounds} rounds.`,
      table: tableOf(measured),
      figures: measured,
    };
  },
};
