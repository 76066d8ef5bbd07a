// Many runs are followed that go on as they are: how often the provider is asked, against one GET for each run at each
// interval; how long a job is not looked at; and what that takes of a processor.
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../../test/postgres/server.ts';
import type { Line } from '../line.ts';
import { processorTimeOf } from '../process-figures.ts';
import { startProvider } from '../provider/start.ts';
import { insertRunning } from '../running-rows.ts';
import { serviceOn } from '../service.ts';

const RUNS = 10_000;
const DELAY_MS = 50;
const INTERVAL_MS = 15_000;
const INTERVALS = 6;
/** Before it is measured: the first list follows runs that were due each at a time of its own. */
const WARM_UP = 3;

export const followingMany: Line = {
  name: 'following active runs',
  goal: '≥ 20 × fewer requests than a GET for each run and interval; no job unseen for longer than an interval; ≤ 10 % of a core',
  async measure({ rows }) {
    const runs = Math.min(rows, RUNS);
    await using server = await startPostgres({ durable: true });
    await using provider = await startProvider();
    const settings = { DATABASE_URL: server.url(), ...provider.environment, POLL_INTERVAL_MS: String(INTERVAL_MS) };
    await provider.set({ delay_ms: DELAY_MS, jobs: runs });
    await using service = await serviceOn(settings);
    await insertRunning(server.url(), runs, provider.ledger, { spread_ms: INTERVAL_MS, from_ms: 0 });
    await sleep(WARM_UP * INTERVAL_MS);
    await provider.set({ jobs: runs });
    const [began, busy] = [performance.now(), await processorTimeOf(service.pid)];
    await sleep(INTERVALS * INTERVAL_MS);
    const took_ms = performance.now() - began;
    const busy_s = (await processorTimeOf(service.pid)) - busy;
    const { requests, longest_gap_ms } = await provider.set({});
    const one_by_one = (runs * took_ms) / INTERVAL_MS;
    const figures = {
      requests,
      one_by_one: Math.round(one_by_one),
      fewer: Math.round((one_by_one / requests) * 10) / 10,
      longest_gap: Math.round((longest_gap_ms / INTERVAL_MS) * 100) / 100,
      core: Math.round((busy_s / took_ms) * 10_000_000) / 100,
    };
    return {
      extent: `${runs.toLocaleString('en-US')} running jobs, looked at each ${INTERVAL_MS / 1000} s, over ${INTERVALS} intervals; each answer of the provider takes ${DELAY_MS} ms.`,
      table: [
        ['requests', 'a GET each', '× fewer', 'longest unseen, in intervals', '% of a core'],
        [requests, figures.one_by_one, figures.fewer, figures.longest_gap, figures.core].map(String),
      ],
      figures,
    };
  },
};
