// An import of golden records over REST, against COPY of the same rows into the same table with the same indexes.
import { join } from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '../../test/postgres/server.ts';
import { bodiesOf, importAll, newConnection } from '../api.ts';
import { spreadOf } from '../figures.ts';
import type { Line } from '../line.ts';
import { serviceOn } from '../service.ts';

const RECORDS = 100_000;

export const importRecords: Line = {
  name: 'import of golden records',
  goal: '≤ 4 × the time of COPY',
  async measure({ rows, rounds }) {
    const count = Math.min(rows, RECORDS);
    await using server = await startPostgres({ durable: true });
    await using service = await serviceOn({ DATABASE_URL: server.url() });
    const client = new Client({ connectionString: server.url() });
    await using resources = new AsyncDisposableStack();
    resources.defer(() => client.end());
    await client.connect();

    const imported: number[] = [];
    const copied: number[] = [];
    // The first is a warm-up.
    for (let round = 0; round <= rounds; round++) {
      const connection = await newConnection(service.url);
      const bodies = bodiesOf(count, connection);
      const took = await timed(() => importAll(service.url, bodies));
      const file = join(server.home, `${round}.copy`);
      const other = await newConnection(service.url);
      // Under ids that follow those that there are, as new ones do.
      await client.query(`COPY (SELECT 'f' || substr(id, 2), organization_id, '${other}', prompt_text, sql, metadata, warnings,
        content_hash, created_at, deleted_at, NULL FROM golden_records WHERE db_connection_id = '${connection}' ORDER BY id)
        TO '${file}'`);
      await client.query('CHECKPOINT');
      const tookCopy = await timed(async () => {
        const { rowCount } = await client.query(`COPY golden_records FROM '${file}'`);
        if (rowCount !== count) throw new Error(`${rowCount} of ${count} records were there to be copied`);
      });
      if (round === 0) continue;
      imported.push(took);
      copied.push(tookCopy);
    }
    const ratios = imported.map((took, round) => took / (copied[round] ?? Number.NaN));
    const figures = { copied: spreadOf(copied), imported: spreadOf(imported), ratio: spreadOf(ratios) };
    const inWords = ({ median, least, most }: { median: number; least: number; most: number }) =>
      `${median} (${least} – ${most})`;
    return {
      extent: `${count.toLocaleString('en-US')} records, in calls of 50,000 as JSON; ${rounds} rounds.`,
      table: [['COPY, ms', 'import, ms', '× COPY'], [figures.copied, figures.imported, figures.ratio].map(inWords)],
      figures,
    };
  },
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return Math.round(performance.now() - began);
}
