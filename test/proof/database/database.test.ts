// Each statement of a cancel broken in each way that a database has, once and for good: no answer says more than is so,
// none that was acknowledged is lost, and each is one or asks to be asked again.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finetunings } from '../../../drizzle/schema.ts';
import { type Database, openDatabase } from '../../../server/storage/database.ts';
import { ownedOf } from '../../picture.ts';
import { createDatabase } from '../../postgres/database.ts';
import { type DatabaseFault, type FaultyLine, openFaultyLine } from '../../postgres/faulty-line.ts';
import { startWorld, type World } from '../../world.ts';
import { atLevel, LONGEST_MS } from '../level.ts';
import { reportWhenPassed } from '../report.ts';

/** The connections that record a cancel; what pursues it has others, which the crash suite breaks. */
const STOPS = 'goldtune-stops';
/** Of a cancel that waits for no proof: one reads, one writes. */
const STATEMENTS = 2;
/** Small, so many of the faults are tried at each statement, other ones at the next. */
const ONE_IN = atLevel({ small: 4, proof: 1, deep: 1 });
const FOREVER = 1_000_000;
const UNKNOWN = 'f'.repeat(24);

const raised = (sqlstate: string): DatabaseFault => ({ kind: 'raise', sqlstate });
const faults: Record<string, DatabaseFault> = {
  'a connection exception': raised('08006'),
  'a session that takes no writes': raised('25006'),
  'a serialization failure': raised('40001'),
  'a deadlock': raised('40P01'),
  'a full disk': raised('53100'),
  'no memory': raised('53200'),
  'too many connections': raised('53300'),
  'a lock that did not come': raised('55P03'),
  'a statement that took too long': raised('57014'),
  'a failed disk': raised('58030'),
  'a session that is ended': { kind: 'end_session' },
  'a connection that breaks before': { kind: 'cut_before' },
  'a connection that breaks after': { kind: 'cut_after' },
  'silence before': { kind: 'silence_before' },
  'silence after': { kind: 'silence_after' },
};

let world: World & AsyncDisposable;
let line: FaultyLine;
/** The same database, by no line. */
let straight: Database;
let connection: string;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  const database = resources.use(await createDatabase());
  line = resources.use(await openFaultyLine(database.url));
  straight = resources.use(await openDatabase({ url: database.url }, () => {})).db;
  world = resources.use(await startWorld({ env: { DATABASE_URL: line.url } }));
  connection = (await world.seed()).connection.id;
});
afterAll(() => resources.disposeAsync());

async function intentOf(id: string): Promise<string | undefined> {
  const [row] = await straight.select({ intent: finetunings.intent }).from(finetunings).where(eq(finetunings.id, id));
  return row?.intent;
}

/** As the answer for one of many says it. */
async function cancelAmongMany(id: string): Promise<Told> {
  const [one, other] = await world.trpc.finetunings.cancelMany.mutate({ ids: [id, UNKNOWN], wait_ms: 0 });
  if (other?.finetuning) throw new Error('there is none of that id');
  if (one?.error) return { status: one.error.reason === 'unavailable' ? 503 : 500, words: one.error.message };
  return { status: one?.finetuning?.status === 'cancelled' ? 200 : 202, words: '' };
}

async function cancelAlone(id: string): Promise<Told> {
  const { status, headers, body } = await world.cancel(id, undefined, { prefer: 'wait=0' });
  if (status === 503 && headers.get('retry-after') === null) throw new Error('it does not say when to ask again');
  return { status, words: String(Object(body).detail) };
}

type Told = { status: number; words: string };

/** @returns what is wrong with an answer, given what is stored right after it */
async function untruthsOf(id: string, { status, words }: Told): Promise<string[]> {
  const intent = await intentOf(id);
  switch (status) {
    case 200: {
      const trains = ownedOf({ jobs: world.ledger.jobs(), files: [] }).jobs.some(
        (job) => job.owner === id && job.phase === 'active',
      );
      return trains ? ['it says that it is stopped, and a job of it trains'] : [];
    }
    case 202:
      return intent === 'cancel' ? [] : ['it is acknowledged, and not recorded'];
    case 503: {
      if (/it is not known whether this cancel is recorded/.test(words)) return [];
      if (!/this cancel is not recorded/.test(words)) return [`it does not say whether it is recorded: ${words}`];
      return intent === 'run' ? [] : ['it says that it is not recorded, and it is'];
    }
    default:
      return [`it is answered ${status}: ${words}`];
  }
}

describe.each([
  { named: 'a cancel', cancel: cancelAlone },
  { named: 'a cancel among many', cancel: cancelAmongMany },
])('$named', ({ named: suite, cancel }) => {
  const done = { cancels: 0, faults_met: 0, refused: 0, acknowledged: 0 };

  async function cancelled(from: number, fault: DatabaseFault, times: number): Promise<string[]> {
    const run = await world.trpc.finetunings.create.mutate({ db_connection_id: connection });
    line.breakBy({ on: STOPS, from, times, fault });
    const answer = await cancel(run.id);
    const met = line.breakBy(null);
    const wrong = await untruthsOf(run.id, answer);
    done.cancels += 1;
    done.faults_met += met;
    if (answer.status === 503) done.refused += 1;
    if (answer.status === 200 || answer.status === 202) {
      done.acknowledged += 1;
      await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled, as acknowledged');
    }
    return wrong;
  }

  for (const [row, [named, fault]] of Object.entries(faults).entries()) {
    it(`that meets ${named} at any of its statements is answered truly`, { timeout: LONGEST_MS }, async () => {
      const wrong: string[] = [];
      for (let from = 0; from < STATEMENTS; from++) {
        for (const [column, times] of [1, FOREVER].entries()) {
          if ((from + row + 3 * column) % ONE_IN !== 0) continue;
          const found = await cancelled(from, fault, times);
          wrong.push(...found.map((one) => `${named} from statement ${from + 1} on, ${times} times: ${one}`));
        }
      }
      expect(wrong).toEqual([]);
    });
  }

  it('met faults, and was both refused and acknowledged among them', () => {
    expect(Math.min(done.faults_met, done.refused, done.acknowledged)).toBeGreaterThan(0);
  });

  reportWhenPassed(suite === 'a cancel' ? 'database' : 'database-many', () => ({
    faults: Object.keys(faults).length,
    statements: STATEMENTS,
    ...done,
  }));
});
