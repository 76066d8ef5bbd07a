// A cancel of a running job until it is proven, against a handler that does nothing but the same writes and requests;
// at a provider that answers at once, and at one that takes its time.
import { startPostgres } from '../../test/postgres/server.ts';
import { startBare } from '../bare/process.ts';
import { requestOf } from '../http-load.ts';
import { type Contender, type Extent, interleaved } from '../interleaved.ts';
import type { Line } from '../line.ts';
import { jobOfRun } from '../provider/jobs.ts';
import { startProvider } from '../provider/start.ts';
import { idsOf } from '../rows.ts';
import { insertRunning } from '../running-rows.ts';
import { serviceOn } from '../service.ts';
import { tableOf } from '../table.ts';

const SLOW_MS = 300;
/** That cancels, and that looks. */
const REQUESTS = 2;
const MOST_ROWS = 200_000;

const cancelled = ({ status, text }: { status: number; text: string }) =>
  status === 200 && text.includes('"status":"cancelled"');

export const cancelRunning: Line = {
  name: 'cancel of a running job',
  goal: `throughput ≥ 0.7 × at a provider that answers at once; alone ≤ 15 ms over the provider's own time where each answer takes ${SLOW_MS} ms`,
  async measure({ rows, rounds }) {
    const runs = Math.min(rows, MOST_ROWS);
    await using server = await startPostgres({ durable: true });
    await using provider = await startProvider();
    await using service = await serviceOn({ DATABASE_URL: server.url(), ...provider.environment });
    await insertRunning(server.url(), runs, provider.ledger);
    await using bare = await startBare('cancel-running', server.url(), provider.url);
    const next = idsOf(runs);
    const overRest = () => requestOf('POST', `/api/v1/finetunings/${next()}/cancel`);
    const contenders: Contender[] = [
      { name: 'bare', url: bare.url, request: overRest, isRight: cancelled },
      { name: 'REST', url: service.url, request: overRest, isRight: cancelled },
    ];
    const extent: Extent = { rounds, connections: 32, seconds: 4, alone: 50, warm_up: 5 };
    const atOnce = await interleaved(contenders, extent);

    await provider.set({ delay_ms: SLOW_MS });
    const one: Contender = {
      name: 'a request to the provider alone',
      url: provider.url,
      request: () => requestOf('POST', `/v1/fine_tuning/jobs/${jobOfRun(next())}/cancel`),
      isRight: cancelled,
    };
    const slow = await interleaved([...contenders, one], { ...extent, alone: 20 });
    const asked = await provider.set({});
    const over_ms = overhead(slow.map(({ alone }) => alone.p50));
    const named = (measured: typeof slow, when: string) =>
      measured.map((each) => ({ ...each, name: `${each.name}, ${when}` }));
    return {
      extent: `${runs.toLocaleString('en-US')} running jobs; 32 connections, then one at a time; ${rounds} rounds. Alone, where each of its ${REQUESTS} requests takes ${SLOW_MS} ms, REST takes ${over_ms.rest} ms more than the provider itself (bare: ${over_ms.bare} ms).`,
      table: tableOf([...named(atOnce, 'at once'), ...named(slow, `${SLOW_MS} ms`)]),
      figures: { atOnce, slow, over_ms, asked },
    };
  },
};

function overhead([bare = Number.NaN, rest = Number.NaN, one = Number.NaN]: readonly number[]) {
  const over = (whole: number) => Math.round((whole - REQUESTS * one) * 10) / 10;
  return { bare: over(bare), rest: over(rest) };
}
