// What the soak has come to, held against the oracle: first as the servers left it, then after a round of the janitor.
import { tidyProviders } from '../../../server/finetuning/janitor.ts';
import type { TrackedFinetuning } from '../../../server/finetuning/record.ts';
import type { Ledger } from '../../../server/provider/sandbox/ledger.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { livenessViolations, type Picture, safetyViolations } from '../../oracle.ts';
import { takePicture } from '../../picture.ts';
import type { Arrived } from '../../provider/faults.ts';
import { storeOn } from '../../store.ts';
import { until } from '../../until.ts';
import { dependenciesOf, isAtRest, providerAt } from '../installation.ts';
import { requestsOf } from '../requests.ts';
import type { Users } from './users.ts';

/** What servers are configured with where nothing is said. */
const DEPLOYMENT = 'default';
/** Of runs that never come to rest, so many are shown whole. */
const SHOWN = 3;

/** What it waits for comes first: a log may show no more of it. */
function tell(row: TrackedFinetuning | null): string {
  if (!row) return 'one that is not there';
  const { id, due_at, failures, state, calls } = row;
  const open = calls.filter((call) => call.state === 'open');
  return JSON.stringify({ id, due_at, failures, open, state, calls });
}

type Soak = {
  databaseUrl: string;
  providerUrl: string;
  ledger: Ledger;
  users: Users;
  foreignFiles: readonly string[];
  requests: readonly Arrived[];
};

/** @returns what is wrong */
export async function judge({ databaseUrl, providerUrl, ledger, users, foreignFiles, requests }: Soak) {
  await using opened = await openDatabase({ url: databaseUrl }, () => {});
  const { db } = opened;
  const store = storeOn(db);
  const deps = dependenciesOf({
    store,
    provider: providerAt(providerUrl, { ledger: providerUrl }),
    clocks: { wall: () => new Date().toISOString(), monotonic: () => performance.now() },
  });
  const ids = [...users.acknowledged.keys()];
  let restless: (TrackedFinetuning | null)[] = [];
  const atRest = async () => {
    const rows = await Promise.all(ids.map((id) => store.finetunings.findAny(id)));
    restless = rows.filter((row) => row === null || !isAtRest(row));
    return restless.length === 0;
  };
  const butFor = () =>
    `, but for ${restless.length} at ${new Date().toISOString()}: ${restless.slice(0, SHOWN).map(tell).join('; ')}`;
  const look = async (): Promise<Picture> => {
    const picture = await takePicture(db, ledger, { foreignFiles, requests: () => requestsOf(requests) });
    const endings = new Map(ledger.allJobs().map(({ id, course }) => [id, course.ending?.at]));
    return {
      ...picture,
      rows: picture.rows.map((row) => {
        const told = users.told.get(row.id);
        return { ...row, acknowledged: users.acknowledged.get(row.id) ?? 'run', ...(told ? { told } : {}) };
      }),
      jobs: picture.jobs.map((job) => {
        const ended = endings.get(job.id);
        return ended === undefined ? job : { ...job, ended_at: new Date(ended).toISOString() };
      }),
    };
  };

  await until(atRest, () => `all runs are at rest${butFor()}`);
  const before = await look();
  await tidyProviders({ ...deps, settings: { ...deps.settings, deployment: DEPLOYMENT } });
  await until(atRest, () => `all runs are at rest after the janitor${butFor()}`);
  const after = await look();
  const stopped = after.jobs.filter(
    ({ id, phase }) => phase === 'cancelled' && before.jobs.some((job) => job.id === id && job.phase === 'active'),
  );
  return [
    ...safetyViolations(before),
    ...safetyViolations(after),
    ...livenessViolations(after),
    ...stopped.map(({ id }) => `I3: the janitor had to stop ${id}`),
  ];
}
